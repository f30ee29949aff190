import { col, createTable, migration } from '../src/platform/database/portable';

export default migration('0041-supplier-prices', [
  ...createTable(
    'supplier_price',
    {
      id: col.id().primary(),
      supplierId: col.id().references('supplier'),
      skuId: col.id().references('sku'),
      fromOn: col.date(),
      untilOn: col.date().nullable(),
      minQuantity: col.quantity(),
      packSize: col.quantity(),
      unitPriceFen: col.money(),
      createdAt: col.instant(),
      createdByName: col.text(80),
      version: col.int(),
    },
    {
      indexes: [
        {
          name: 'ux_supplier_price',
          columns: ['supplierId', 'skuId', 'minQuantity', 'fromOn'],
          unique: true,
        },
        { name: 'ix_supplier_price_sku', columns: ['skuId', 'id'] },
      ],
      checks: [{ name: 'ck_supplier_price', expression: 'min_quantity > 0 AND pack_size > 0 AND unit_price_fen > 0' }],
    },
  ),
]);
