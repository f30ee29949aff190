import { addColumn, col, createTable, migration } from '../src/platform/database/portable';

export default migration('0054-stock-alerts', [
  ...createTable(
    'stock_alert',
    {
      id: col.id().primary(),
      runId: col.id(),
      kind: col.code(10),
      storeId: col.id().references('store'),
      skuId: col.id().references('sku').nullable(),
      otherStoreId: col.id().references('store').nullable(),
      quantity: col.quantity(),
      limitQuantity: col.quantity().nullable(),
      wanted: col.quantity(),
      days: col.int().nullable(),
      dueOn: col.date().nullable(),
      documentId: col.id().nullable(),
      documentNumber: col.text(60).nullable(),
      state: col.code(10),
      madeType: col.code(12).nullable(),
      madeId: col.id().nullable(),
      madeNumber: col.code(40).nullable(),
    },
    {
      indexes: [
        { name: 'ix_stock_alert_run', columns: ['runId', 'kind', 'id'] },
        { name: 'ix_stock_alert_store', columns: ['storeId'] },
        { name: 'ix_stock_alert_sku', columns: ['skuId'] },
        { name: 'ix_stock_alert_other', columns: ['otherStoreId'] },
      ],
    },
  ),
  addColumn('notification_channel', 'storeId', col.id().nullable()),
]);
