import { col, createTable, migration } from '../src/platform/database/portable';

export default migration('0053-stock-analysis', [
  ...createTable(
    'stock_analysis',
    {
      id: col.id().primary(),
      runId: col.id(),
      weeks: col.int(),
      storeKey: col.id(),
      skuId: col.id().references('sku'),
      sold: col.quantity(),
      netFen: col.money(),
      costFen: col.money(),
      openingFen: col.money(),
      closingFen: col.money(),
      averageFen: col.money(),
      quantity: col.quantity(),
      turnDays: col.int(),
      abc: col.code(1),
      xyz: col.code(1),
      variationBp: col.int().nullable(),
    },
    {
      indexes: [
        { name: 'ix_stock_analysis_run', columns: ['runId', 'weeks', 'storeKey', 'abc', 'xyz'] },
        { name: 'ix_stock_analysis_sku', columns: ['skuId'] },
      ],
    },
  ),
  ...createTable(
    'idle_stock',
    {
      id: col.id().primary(),
      runId: col.id(),
      storeId: col.id().references('store'),
      skuId: col.id().references('sku'),
      quantity: col.quantity(),
      valueFen: col.money(),
      heldSince: col.date(),
      lastSoldOn: col.date().nullable(),
      idleDays: col.int(),
      action: col.code(10),
      toStoreId: col.id().references('store').nullable(),
    },
    {
      indexes: [
        { name: 'ix_idle_stock_run', columns: ['runId', 'idleDays', 'id'] },
        { name: 'ix_idle_stock_store', columns: ['storeId'] },
        { name: 'ix_idle_stock_sku', columns: ['skuId'] },
        { name: 'ix_idle_stock_to', columns: ['toStoreId'] },
      ],
    },
  ),
]);
