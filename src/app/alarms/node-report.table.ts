import { col, defineTable, type Row } from '../../platform/database';

/** What each server says about itself, because no other one can see it: its disk, its certificate. */
export const nodeReport = defineTable('node_report', {
  /** Machine and port; a process that starts again takes the place of the one before. */
  node: col.code(80).primary(),
  reportedAt: col.instant(),
  /** Of its data. */
  folder: col.text(400),
  freeBytes: col.id(),
  /** Until its certificate ends, whole days, negative afterwards; null: it has none. */
  certificateDays: col.int().nullable(),
});

export type NodeReportRow = Row<typeof nodeReport>;
