import type { Bucket } from '../../../ledger';
import { col, defineTable, type Row } from '../../../platform/database';
import type { LoanPurpose, LoanState } from '../domain/loan';

/** Devices that are lent out for some days and come back (借出单), or that others lend us for some days (借入单). */
export const loan = defineTable(
  'loan',
  {
    id: col.id().primary(),
    number: col.code(40),
    storeId: col.id().references('store'),
    /** Others lend us (借入): they are not ours, and are given back. */
    inbound: col.bool().default(0),
    /** Where they were taken, and where they come back to; of what is borrowed, where it was put. */
    locationId: col.id().references('location'),
    businessDate: col.date(),
    /** When all should be back; afterwards it is overdue. */
    dueOn: col.date(),
    /** Who has them, or lends them: a colleague, a shop next door, an event, in the words of who entered it. */
    borrower: col.text(80),
    purpose: col.code<LoanPurpose>(20),
    note: col.text(400).nullable(),
    state: col.code<LoanState>(12),
    devices: col.int(),
    /** Not back yet. */
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
);

/** Some devices of a loan that came back together; the document that the books know. */
export const loanReturn = defineTable(
  'loan_return',
  {
    id: col.id().primary(),
    loanId: col.id().references('loan'),
    /** The loan's number with its place among the returns. */
    number: col.code(40),
    businessDate: col.date(),
    devices: col.int(),
    note: col.text(400).nullable(),
    postedAt: col.instant(),
    postedByName: col.text(80),
  },
  { indexes: [{ name: 'ux_loan_return_number', columns: ['number'], unique: true }] },
);

export const loanDevice = defineTable(
  'loan_device',
  {
    id: col.id().primary(),
    loanId: col.id().references('loan'),
    deviceId: col.id().references('device'),
    /** In the order in which they were entered, from 1. */
    seq: col.int(),
    mainNumber: col.code(40),
    /** In which it stood before, and stands again when it comes back as it was. */
    bucket: col.code<Bucket>(12),
    returnId: col.id().nullable(),
    returnBucket: col.code<Bucket>(12).nullable(),
  },
  {
    indexes: [
      { name: 'ux_loan_device', columns: ['loanId', 'deviceId'], unique: true },
      { name: 'ix_loan_device_device', columns: ['deviceId'] },
    ],
  },
);

export type LoanRow = Row<typeof loan>;
export type LoanReturnRow = Row<typeof loanReturn>;
export type LoanDeviceRow = Row<typeof loanDevice>;
