import { col, createTable, migration } from '../src/platform/database/portable';

export default migration('0006-pricing', [
  ...createTable(
    'price_list',
    {
      id: col.id().primary(),
      code: col.code(20),
      name: col.text(60),
      kind: col.code(12),
      storeId: col.id().references('store').nullable(),
      active: col.bool(),
      version: col.int(),
      createdAt: col.instant(),
    },
    {
      indexes: [
        { name: 'ux_price_list_code', columns: ['code'], unique: true },
        { name: 'ix_price_list_store', columns: ['storeId'] },
      ],
    },
  ),
  ...createTable(
    'price_item',
    {
      id: col.id().primary(),
      priceListId: col.id().references('price_list'),
      skuId: col.id().references('sku'),
      priceFen: col.money(),
      floorFen: col.money().nullable(),
      fromAt: col.instant(),
      untilAt: col.instant().nullable(),
      setById: col.id().nullable(),
      setByName: col.text(80),
      setAt: col.instant(),
    },
    {
      indexes: [
        { name: 'ux_price_item_from', columns: ['skuId', 'priceListId', 'fromAt'], unique: true },
        { name: 'ix_price_item_list', columns: ['priceListId'] },
      ],
      checks: [{ name: 'ck_price_item_price', expression: 'price_fen >= 0' }],
    },
  ),
]);
