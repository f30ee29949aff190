import { col, defineTable, type Row } from '../../../platform/database';
import type { TestOutcome, TestState } from '../domain/device-test';

/** A used device that was looked at (检测单): its grade, its battery, what passed and what did not. */
export const deviceTest = defineTable(
  'device_test',
  {
    id: col.id().primary(),
    number: col.code(40),
    deviceId: col.id().references('device'),
    storeId: col.id().references('store'),
    businessDate: col.date(),
    /** In the company's words when it was tested. */
    grade: col.text(10),
    /** Percent. */
    batteryHealth: col.int().nullable(),
    note: col.text(400).nullable(),
    state: col.code<TestState>(12),
    failed: col.int(),
    reversalNumber: col.code(40).nullable(),
    createdAt: col.instant(),
    createdBy: col.id().nullable(),
    createdByName: col.text(80),
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ux_device_test_number', columns: ['number'], unique: true },
      { name: 'ix_device_test_device', columns: ['deviceId', 'id'] },
      { name: 'ix_device_test_store', columns: ['storeId', 'id'] },
    ],
  },
);

export const deviceTestResult = defineTable(
  'device_test_result',
  {
    id: col.id().primary(),
    testId: col.id().references('device_test'),
    lineNo: col.int(),
    name: col.text(40),
    outcome: col.code<TestOutcome>(10),
    remark: col.text(100).nullable(),
  },
  { indexes: [{ name: 'ux_device_test_result', columns: ['testId', 'lineNo'], unique: true }] },
);

export type DeviceTestRow = Row<typeof deviceTest>;
export type DeviceTestResultRow = Row<typeof deviceTestResult>;
