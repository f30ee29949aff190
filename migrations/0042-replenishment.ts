import { col, createTable, migration } from '../src/platform/database/portable';

export default migration('0042-replenishment', [
  ...createTable(
    'replenishment_rule',
    {
      id: col.id().primary(),
      storeId: col.id().references('store').nullable(),
      skuId: col.id().references('sku').nullable(),
      ruleKey: col.code(40),
      minimum: col.int().nullable(),
      maximum: col.int().nullable(),
      coverDays: col.int().nullable(),
      leadDays: col.int().nullable(),
      packSize: col.int().nullable(),
      version: col.int(),
    },
    {
      indexes: [
        { name: 'ux_replenishment_rule', columns: ['ruleKey'], unique: true },
        { name: 'ix_replenish_rule_store', columns: ['storeId'] },
        { name: 'ix_replenish_rule_sku', columns: ['skuId'] },
      ],
    },
  ),
  ...createTable(
    'replenishment_line',
    {
      id: col.id().primary(),
      runId: col.id(),
      kind: col.code(10),
      storeId: col.id().references('store'),
      skuId: col.id().references('sku'),
      fromStoreId: col.id().references('store').nullable(),
      supplierId: col.id().references('supplier').nullable(),
      quantity: col.quantity(),
      coverTenths: col.int(),
      figures: col.json(),
      state: col.code(10),
      documentId: col.id().nullable(),
      documentNumber: col.code(40).nullable(),
    },
    {
      indexes: [
        { name: 'ix_replenish_line_run', columns: ['runId', 'state', 'coverTenths'] },
        { name: 'ix_replenish_line_store', columns: ['storeId', 'skuId'] },
        { name: 'ix_replenish_line_sku', columns: ['skuId'] },
        { name: 'ix_replenish_line_from', columns: ['fromStoreId'] },
        { name: 'ix_replenish_line_sup', columns: ['supplierId'] },
      ],
    },
  ),
]);
