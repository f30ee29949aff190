import { col, createTable, migration } from '../src/platform/database/portable';
import { numberDocuments } from './number-documents';

/** Devices that partners sell for the company (委托代销单). */
export default migration('0063-consignments-out', [
  ...createTable(
    'consignment_out',
    {
      id: col.id().primary(),
      number: col.code(40),
      storeId: col.id().references('store'),
      locationId: col.id().references('location'),
      customerId: col.id().references('customer'),
      businessDate: col.date(),
      dueOn: col.date(),
      note: col.text(400).nullable(),
      state: col.code(12),
      devices: col.int(),
      stillOut: col.int(),
      settled: col.int(),
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
  ),
  ...createTable(
    'consignment_out_return',
    {
      id: col.id().primary(),
      documentId: col.id().references('consignment_out'),
      number: col.code(40),
      businessDate: col.date(),
      devices: col.int(),
      note: col.text(400).nullable(),
      postedAt: col.instant(),
      postedByName: col.text(80),
    },
    { indexes: [{ name: 'ux_consign_out_return_number', columns: ['number'], unique: true }] },
  ),
  ...createTable(
    'consignment_out_device',
    {
      id: col.id().primary(),
      outId: col.id().references('consignment_out'),
      deviceId: col.id().references('device'),
      skuId: col.id().references('sku'),
      seq: col.int(),
      mainNumber: col.code(40),
      bucket: col.code(12),
      priceFen: col.money(),
      returnId: col.id().nullable(),
      returnBucket: col.code(12).nullable(),
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
  ),
  numberDocuments('WT'),
]);
