import { addColumn, col, createIndex, migration } from '../src/platform/database/portable';

export default migration('0034-receipts-against-orders', [
  addColumn('receipt', 'blind', col.bool().nullable()),
  // Without a foreign key: a column that is added later cannot have one on every database.
  addColumn('receipt_line', 'orderLineId', col.id().nullable()),
  createIndex('receipt_line', { name: 'ix_receipt_line_order', columns: ['orderLineId'] }),
]);
