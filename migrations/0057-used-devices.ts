import { col, createTable, migration } from '../src/platform/database/portable';
import { configRecords } from './config-records';
import { numberDocuments } from './number-documents';

const made = {
  createdAt: col.instant(),
  createdBy: col.id().nullable(),
  createdByName: col.text(80),
  version: col.int(),
};

/** Prices of single devices (单台调价单), and tests of used ones with their grade (检测单). */
export default migration('0057-used-devices', [
  ...createTable(
    'device_price_change',
    {
      id: col.id().primary(),
      number: col.code(40),
      storeId: col.id().references('store'),
      businessDate: col.date(),
      way: col.code(10),
      value: col.money().nullable(),
      reason: col.text(200),
      state: col.code(12),
      devices: col.int(),
      reversalNumber: col.code(40).nullable(),
      ...made,
    },
    {
      indexes: [
        { name: 'ux_device_price_number', columns: ['number'], unique: true },
        { name: 'ix_device_price_store', columns: ['storeId', 'state', 'id'] },
      ],
    },
  ),
  ...createTable(
    'device_price_line',
    {
      id: col.id().primary(),
      changeId: col.id().references('device_price_change'),
      lineNo: col.int(),
      deviceId: col.id().references('device'),
      listFen: col.money().nullable(),
      beforeFen: col.money().nullable(),
      afterFen: col.money().nullable(),
      belowFloor: col.bool(),
    },
    {
      indexes: [
        { name: 'ux_device_price_line', columns: ['changeId', 'lineNo'], unique: true },
        { name: 'ix_device_price_line_dev', columns: ['deviceId'] },
      ],
    },
  ),
  ...createTable(
    'device_test',
    {
      id: col.id().primary(),
      number: col.code(40),
      deviceId: col.id().references('device'),
      storeId: col.id().references('store'),
      businessDate: col.date(),
      grade: col.text(10),
      batteryHealth: col.int().nullable(),
      note: col.text(400).nullable(),
      state: col.code(12),
      failed: col.int(),
      reversalNumber: col.code(40).nullable(),
      ...made,
    },
    {
      indexes: [
        { name: 'ux_device_test_number', columns: ['number'], unique: true },
        { name: 'ix_device_test_device', columns: ['deviceId', 'id'] },
        { name: 'ix_device_test_store', columns: ['storeId', 'id'] },
      ],
    },
  ),
  ...createTable(
    'device_test_result',
    {
      id: col.id().primary(),
      testId: col.id().references('device_test'),
      lineNo: col.int(),
      name: col.text(40),
      outcome: col.code(10),
      remark: col.text(100).nullable(),
    },
    { indexes: [{ name: 'ux_device_test_result', columns: ['testId', 'lineNo'], unique: true }] },
  ),
  numberDocuments('TJ'),
  numberDocuments('JC'),
  configRecords('inventory.deviceGrades', [
    { name: '99新', content: { sortOrder: 10 } },
    { name: '95新', content: { sortOrder: 20 } },
    { name: '9成新', content: { sortOrder: 30 } },
    { name: '8成新', content: { sortOrder: 40 } },
    { name: '外观瑕疵', content: { sortOrder: 50 } },
  ]),
  configRecords('inventory.deviceChecks', [
    { name: '屏幕显示', content: { sortOrder: 10 } },
    { name: '触摸', content: { sortOrder: 20 } },
    { name: '前后摄像头', content: { sortOrder: 30 } },
    { name: '听筒、扬声器、话筒', content: { sortOrder: 40 } },
    { name: '通话与网络', content: { sortOrder: 50 } },
    { name: '指纹 / 面容', content: { sortOrder: 60 } },
    { name: '充电', content: { sortOrder: 70 } },
    { name: '账号已退出、无锁', content: { sortOrder: 80 } },
    { name: '无拆修、无进水', content: { sortOrder: 90 } },
  ]),
]);
