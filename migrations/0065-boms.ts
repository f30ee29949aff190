import { col, createTable, migration } from '../src/platform/database/portable';

/** What a variant is put together from (组装清单). */
export default migration('0065-boms', [
  ...createTable(
    'bom',
    {
      id: col.id().primary(),
      skuId: col.id().references('sku'),
      updatedAt: col.instant(),
      updatedByName: col.text(80),
      version: col.int(),
    },
    { indexes: [{ name: 'ux_bom_sku', columns: ['skuId'], unique: true }] },
  ),
  ...createTable(
    'bom_line',
    {
      id: col.id().primary(),
      bomId: col.id().references('bom'),
      seq: col.int(),
      skuId: col.id().references('sku'),
      quantity: col.int(),
    },
    {
      indexes: [
        { name: 'ux_bom_line', columns: ['bomId', 'skuId'], unique: true },
        { name: 'ix_bom_line_sku', columns: ['skuId'] },
      ],
    },
  ),
]);
