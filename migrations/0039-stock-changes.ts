import { col, createTable, migration } from '../src/platform/database/portable';
import { configRecords } from './config-records';
import { numberDocuments } from './number-documents';

/** Stock that changes its state for a reason (库存变更): demo, defective, quarantine and back. */
export default migration('0039-stock-changes', [
  ...createTable(
    'stock_change',
    {
      id: col.id().primary(),
      number: col.code(40),
      storeId: col.id().references('store'),
      locationId: col.id().references('location'),
      businessDate: col.date(),
      effect: col.code(12),
      reasonId: col.id(),
      reasonName: col.text(40),
      note: col.text(400).nullable(),
      state: col.code(12),
      devices: col.int(),
      pieces: col.quantity(),
      doubleScans: col.int(),
      wrongScans: col.int(),
      postedAt: col.instant().nullable(),
      reversalNumber: col.code(40).nullable(),
      createdAt: col.instant(),
      createdBy: col.id().nullable(),
      createdByName: col.text(80),
      version: col.int(),
    },
    {
      indexes: [
        { name: 'ux_stock_change_number', columns: ['number'], unique: true },
        { name: 'ix_stock_change_store', columns: ['storeId', 'state', 'id'] },
        { name: 'ix_stock_change_location', columns: ['locationId'] },
      ],
    },
  ),
  ...createTable(
    'stock_change_line',
    {
      id: col.id().primary(),
      changeId: col.id().references('stock_change'),
      lineNo: col.int(),
      lineKey: col.code(60),
      deviceId: col.id().nullable().references('device'),
      skuId: col.id().references('sku'),
      batchKey: col.id(),
      bucket: col.code(12),
      quantity: col.quantity(),
      valueFen: col.money().nullable(),
      scanKey: col.code(60).nullable(),
      addedAt: col.instant(),
      addedBy: col.id().nullable(),
      addedByName: col.text(80),
    },
    {
      indexes: [
        { name: 'ux_stock_change_line', columns: ['changeId', 'lineKey'], unique: true },
        { name: 'ix_stock_change_line_device', columns: ['deviceId'] },
        { name: 'ix_stock_change_line_sku', columns: ['skuId'] },
      ],
    },
  ),
  numberDocuments('ZT'),
  configRecords('inventory.changeReasons', [
    { name: '出样陈列', content: { effect: 'demo', sortOrder: 10 } },
    { name: '检出不良', content: { effect: 'defective', sortOrder: 20 } },
    { name: '外观损伤', content: { effect: 'defective', sortOrder: 30 } },
    { name: '来货待检', content: { effect: 'quarantine', sortOrder: 40 } },
    { name: '质量隔离', content: { effect: 'quarantine', sortOrder: 50 } },
    { name: '撤样上架', content: { effect: 'sellable', sortOrder: 60 } },
    { name: '检测合格', content: { effect: 'sellable', sortOrder: 70 } },
  ]),
]);
