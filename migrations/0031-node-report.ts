import { col, createTable, migration } from '../src/platform/database/portable';

export default migration('0031-node-report', [
  ...createTable('node_report', {
    node: col.code(80).primary(),
    reportedAt: col.instant(),
    folder: col.text(400),
    freeBytes: col.id(),
    certificateDays: col.int().nullable(),
  }),
]);
