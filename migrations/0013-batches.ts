import { addColumn, col, createTable, migration } from '../src/platform/database/portable';

export default migration('0013-batches', [
  ...createTable(
    'batch',
    {
      id: col.id().primary(),
      skuId: col.id().references('sku'),
      code: col.code(40),
      expiresOn: col.date().nullable(),
      receivedOn: col.date(),
      createdAt: col.instant(),
      version: col.int(),
    },
    { indexes: [{ name: 'ux_batch_code', columns: ['skuId', 'code'], unique: true }] },
  ),
  addColumn('receipt_line', 'expiresOn', col.date().nullable()),
]);
