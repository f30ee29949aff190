import type { Bucket } from '../../../ledger';
import { col, defineTable, type Row } from '../../../platform/database';
import type { ConsignmentState } from '../domain/consignment';

/** Devices that a partner sells for the company (委托代销单). Amounts include tax. */
export const consignment = defineTable(
  'consignment_out',
  {
    id: col.id().primary(),
    number: col.code(40),
    storeId: col.id().references('store'),
    /** Where they were taken, and where they come back to. */
    locationId: col.id().references('location'),
    /** The partner. */
    customerId: col.id().references('customer'),
    businessDate: col.date(),
    /** When all should be settled or back; afterwards it is overdue. */
    dueOn: col.date(),
    note: col.text(400).nullable(),
    state: col.code<ConsignmentState>(12),
    devices: col.int(),
    /** Still with the partner, neither settled nor back. */
    stillOut: col.int(),
    settled: col.int(),
    /** The agreed prices of all, and of those still with the partner. */
    amountFen: col.money(),
    openFen: col.money(),
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
      { name: 'ux_consignment_out_number', columns: ['number'], unique: true },
      { name: 'ix_consignment_out_store', columns: ['storeId', 'state', 'dueOn'] },
      { name: 'ix_consignment_out_customer', columns: ['customerId', 'state'] },
    ],
  },
);

/** Some devices that came back unsold together; the document that the books know. */
export const consignmentReturn = defineTable(
  'consignment_out_return',
  {
    id: col.id().primary(),
    /** The consignment. */
    documentId: col.id().references('consignment_out'),
    /** The consignment's number with its place among the returns. */
    number: col.code(40),
    businessDate: col.date(),
    devices: col.int(),
    note: col.text(400).nullable(),
    postedAt: col.instant(),
    postedByName: col.text(80),
  },
  { indexes: [{ name: 'ux_consign_out_return_number', columns: ['number'], unique: true }] },
);

export const consignmentDevice = defineTable(
  'consignment_out_device',
  {
    id: col.id().primary(),
    /** The consignment. */
    outId: col.id().references('consignment_out'),
    deviceId: col.id().references('device'),
    skuId: col.id().references('sku'),
    /** In the order in which they were entered, from 1. */
    seq: col.int(),
    mainNumber: col.code(40),
    /** In which it stood before, and stands again when it comes back as it was. */
    bucket: col.code<Bucket>(12),
    /** Agreed with the partner, with tax. */
    priceFen: col.money(),
    returnId: col.id().nullable(),
    returnBucket: col.code<Bucket>(12).nullable(),
    /** The settlement that sold it, and for how much. */
    settlementId: col.id().nullable(),
    soldFen: col.money().nullable(),
  },
  {
    indexes: [
      { name: 'ux_consign_out_device', columns: ['outId', 'deviceId'], unique: true },
      { name: 'ix_consign_out_device_device', columns: ['deviceId'] },
      { name: 'ix_consign_out_device_settled', columns: ['settlementId'] },
    ],
  },
);

export type ConsignmentRow = Row<typeof consignment>;
export type ConsignmentReturnRow = Row<typeof consignmentReturn>;
export type ConsignmentDeviceRow = Row<typeof consignmentDevice>;
