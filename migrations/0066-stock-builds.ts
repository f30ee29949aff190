import { col, createTable, migration } from '../src/platform/database/portable';
import { numberDocuments } from './number-documents';

/** Goods put together into another, or taken apart (组装单, 拆分单). */
export default migration('0066-stock-builds', [
  ...createTable(
    'stock_build',
    {
      id: col.id().primary(),
      number: col.code(40),
      kind: col.code(12),
      storeId: col.id().references('store'),
      locationId: col.id().references('location'),
      businessDate: col.date(),
      skuId: col.id().references('sku'),
      pieces: col.quantity(),
      intoBucket: col.code(12),
      note: col.text(400).nullable(),
      state: col.code(12),
      valueFen: col.money().nullable(),
      postedAt: col.instant().nullable(),
      reversalNumber: col.code(40).nullable(),
      createdAt: col.instant(),
      createdBy: col.id().nullable(),
      createdByName: col.text(80),
      version: col.int(),
    },
    {
      indexes: [
        { name: 'ux_stock_build_number', columns: ['number'], unique: true },
        { name: 'ix_stock_build_store', columns: ['storeId', 'state', 'id'] },
        { name: 'ix_stock_build_sku', columns: ['skuId'] },
      ],
    },
  ),
  ...createTable(
    'stock_build_line',
    {
      id: col.id().primary(),
      buildId: col.id().references('stock_build'),
      lineNo: col.int(),
      direction: col.code(4),
      skuId: col.id().references('sku'),
      quantity: col.quantity(),
      batchCode: col.code(40).nullable(),
      expiresOn: col.date().nullable(),
      weightFen: col.money().nullable(),
      valueFen: col.money().nullable(),
    },
    {
      indexes: [
        { name: 'ux_stock_build_line', columns: ['buildId', 'skuId'], unique: true },
        { name: 'ix_stock_build_line_sku', columns: ['skuId'] },
      ],
    },
  ),
  ...createTable(
    'stock_build_device',
    {
      id: col.id().primary(),
      buildId: col.id().references('stock_build'),
      lineId: col.id().references('stock_build_line'),
      seq: col.int(),
      mainNumber: col.code(40),
      identifiers: col.text(200),
      deviceId: col.id().nullable(),
    },
    {
      indexes: [
        { name: 'ux_stock_build_device', columns: ['lineId', 'mainNumber'], unique: true },
        { name: 'ix_stock_build_device_id', columns: ['deviceId'] },
        { name: 'ix_stock_build_device_build', columns: ['buildId'] },
      ],
    },
  ),
  numberDocuments('ZZ'),
  numberDocuments('CF'),
]);
