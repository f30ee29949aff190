import { col, createTable, migration } from '../src/platform/database/portable';
import { numberDocuments } from './number-documents';

/** Devices that are lent out and come back (借出单). */
export default migration('0059-loans', [
  ...createTable(
    'loan',
    {
      id: col.id().primary(),
      number: col.code(40),
      storeId: col.id().references('store'),
      locationId: col.id().references('location'),
      businessDate: col.date(),
      dueOn: col.date(),
      borrower: col.text(80),
      purpose: col.code(20),
      note: col.text(400).nullable(),
      state: col.code(12),
      devices: col.int(),
      stillOut: col.int(),
      returnCount: col.int(),
      createdAt: col.instant(),
      createdBy: col.id().nullable(),
      createdByName: col.text(80),
      doneAt: col.instant().nullable(),
      reversalNumber: col.code(40).nullable(),
      version: col.int(),
    },
    {
      indexes: [
        { name: 'ux_loan_number', columns: ['number'], unique: true },
        { name: 'ix_loan_store', columns: ['storeId', 'state', 'dueOn'] },
      ],
    },
  ),
  ...createTable(
    'loan_return',
    {
      id: col.id().primary(),
      loanId: col.id().references('loan'),
      number: col.code(40),
      businessDate: col.date(),
      devices: col.int(),
      note: col.text(400).nullable(),
      postedAt: col.instant(),
      postedByName: col.text(80),
    },
    { indexes: [{ name: 'ux_loan_return_number', columns: ['number'], unique: true }] },
  ),
  ...createTable(
    'loan_device',
    {
      id: col.id().primary(),
      loanId: col.id().references('loan'),
      deviceId: col.id().references('device'),
      seq: col.int(),
      mainNumber: col.code(40),
      bucket: col.code(12),
      returnId: col.id().nullable(),
      returnBucket: col.code(12).nullable(),
    },
    {
      indexes: [
        { name: 'ux_loan_device', columns: ['loanId', 'deviceId'], unique: true },
        { name: 'ix_loan_device_device', columns: ['deviceId'] },
      ],
    },
  ),
  numberDocuments('JY'),
]);
