import { col, createTable, migration } from '../src/platform/database/portable';
import { numberDocuments } from './number-documents';

/** Numbers of devices that are corrected, exchanged or replaced (串号更正单). */
export default migration('0055-number-corrections', [
  ...createTable(
    'number_change',
    {
      id: col.id().primary(),
      number: col.code(40),
      storeId: col.id().references('store'),
      businessDate: col.date(),
      reason: col.code(20),
      note: col.text(400).nullable(),
      state: col.code(12),
      devices: col.int(),
      lineCount: col.int(),
      postedAt: col.instant().nullable(),
      reversalNumber: col.code(40).nullable(),
      createdAt: col.instant(),
      createdBy: col.id().nullable(),
      createdByName: col.text(80),
      version: col.int(),
    },
    {
      indexes: [
        { name: 'ux_number_change_number', columns: ['number'], unique: true },
        { name: 'ix_number_change_store', columns: ['storeId', 'state', 'id'] },
      ],
    },
  ),
  ...createTable(
    'number_change_line',
    {
      id: col.id().primary(),
      changeId: col.id().references('number_change'),
      lineNo: col.int(),
      lineKey: col.code(60),
      deviceId: col.id().references('device'),
      oldKind: col.code(10).nullable(),
      oldValue: col.code(40).nullable(),
      newKind: col.code(10).nullable(),
      newValue: col.code(40).nullable(),
      checkOverride: col.bool(),
      addedAt: col.instant(),
      addedBy: col.id().nullable(),
      addedByName: col.text(80),
    },
    {
      indexes: [
        { name: 'ux_number_change_line', columns: ['changeId', 'lineKey'], unique: true },
        { name: 'ix_number_change_line_dev', columns: ['deviceId'] },
        { name: 'ix_number_change_line_old', columns: ['oldValue'] },
        { name: 'ix_number_change_line_new', columns: ['newValue'] },
      ],
    },
  ),
  numberDocuments('GZ'),
]);
