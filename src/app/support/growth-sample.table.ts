import { col, defineTable, type Row } from '../../platform/database';

/** How much is stored, once a day: what a forecast of the disk is made from. */
export const growthSample = defineTable(
  'growth_sample',
  {
    id: col.id().primary(),
    takenAt: col.instant(),
    /** Of the embedded database with its journal; null for a server's, which lies elsewhere. */
    databaseBytes: col.id().nullable(),
    /** Of the disk with the data folder. */
    freeBytes: col.id(),
    totalBytes: col.id(),
  },
  { indexes: [{ name: 'ix_growth_sample_taken', columns: ['takenAt'] }] },
);

export type GrowthSampleRow = Row<typeof growthSample>;
