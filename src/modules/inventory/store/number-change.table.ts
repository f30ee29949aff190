import type { IdentifierKind } from '../../../ledger';
import { col, defineTable, type Row } from '../../../platform/database';
import type { NumberReason, NumberState } from '../domain/number-change';

/** Numbers of devices that are corrected, exchanged or replaced (串号更正单). */
export const numberChange = defineTable(
  'number_change',
  {
    id: col.id().primary(),
    number: col.code(40),
    /** All its devices are of this store; a sold one of the store that sold it. */
    storeId: col.id().references('store'),
    businessDate: col.date(),
    reason: col.code<NumberReason>(20),
    note: col.text(400).nullable(),
    state: col.code<NumberState>(12),
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
);

/** One number that a device loses, gets, or loses for another. */
export const numberChangeLine = defineTable(
  'number_change_line',
  {
    id: col.id().primary(),
    changeId: col.id().references('number_change'),
    lineNo: col.int(),
    /** `-<old>`, or `+<new>` where nothing leaves: each once in a document. */
    lineKey: col.code(60),
    deviceId: col.id().references('device'),
    oldKind: col.code<IdentifierKind>(10).nullable(),
    oldValue: col.code(40).nullable(),
    newKind: col.code<IdentifierKind>(10).nullable(),
    newValue: col.code(40).nullable(),
    /** Taken although its check digit is wrong. */
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
);

export type NumberChangeRow = Row<typeof numberChange>;
export type NumberChangeLineRow = Row<typeof numberChangeLine>;
