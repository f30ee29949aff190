import { col, createTable, migration } from '../src/platform/database/portable';

export default migration('0010-inventory', [
  ...createTable(
    'opening_stock',
    {
      id: col.id().primary(),
      number: col.code(40),
      storeId: col.id().references('store'),
      businessDate: col.date(),
      state: col.code(12),
      devices: col.int(),
      quantity: col.quantity(),
      valueFen: col.money(),
      reversalNumber: col.code(40).nullable(),
      createdBy: col.text(80),
      createdAt: col.instant(),
      version: col.int(),
    },
    {
      indexes: [
        { name: 'ux_opening_stock_number', columns: ['number'], unique: true },
        { name: 'ix_opening_stock_store', columns: ['storeId', 'businessDate'] },
      ],
    },
  ),
  ...createTable(
    'opening_stock_line',
    {
      id: col.id().primary(),
      openingId: col.id().references('opening_stock'),
      lineNo: col.int(),
      skuId: col.id().references('sku'),
      locationId: col.id().references('location'),
      quantity: col.quantity(),
      valueFen: col.money(),
      imei1: col.code(40).nullable(),
      imei2: col.code(40).nullable(),
      sn: col.code(40).nullable(),
      deviceId: col.id().nullable(),
    },
    {
      indexes: [
        { name: 'ix_opening_line_opening', columns: ['openingId', 'lineNo'] },
        { name: 'ix_opening_line_sku', columns: ['skuId'] },
        { name: 'ix_opening_line_location', columns: ['locationId'] },
      ],
    },
  ),
]);
