import { col, defineTable, type Row } from '../../../platform/database';

/** Goods of one SKU with a common origin; balances and entries name it by its id. */
export const batch = defineTable(
  'batch',
  {
    id: col.id().primary(),
    skuId: col.id().references('sku'),
    /** As printed on the goods; the document's number where nothing is. */
    code: col.code(40),
    /** The last day on which it may be sold. */
    expiresOn: col.date().nullable(),
    /** When the first of it came. */
    receivedOn: col.date(),
    createdAt: col.instant(),
    version: col.int(),
  },
  { indexes: [{ name: 'ux_batch_code', columns: ['skuId', 'code'], unique: true }] },
);

export type BatchRow = Row<typeof batch>;
