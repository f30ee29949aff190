import { col, createTable, migration } from '../src/platform/database/portable';
import { numberDocuments } from './number-documents';

/** Goods of suppliers that are here to be sold (代销): the devices, and the documents that bring, settle and end them. */
export default migration('0060-consignment', [
  ...createTable(
    'consignment',
    {
      id: col.id().primary(),
      kind: col.code(12),
      number: col.code(40),
      supplierId: col.id().references('supplier'),
      storeId: col.id().references('store'),
      locationId: col.id().references('location').nullable(),
      businessDate: col.date(),
      state: col.code(12),
      devices: col.int(),
      grossFen: col.money(),
      taxFen: col.money(),
      untilOn: col.date().nullable(),
      dueOn: col.date().nullable(),
      invoiceNumber: col.code(40).nullable(),
      note: col.text(400).nullable(),
      createdAt: col.instant(),
      createdBy: col.id().nullable(),
      createdByName: col.text(80),
      postedAt: col.instant().nullable(),
      postedByName: col.text(80).nullable(),
      reversalNumber: col.code(40).nullable(),
      version: col.int(),
    },
    {
      indexes: [
        { name: 'ux_consignment_number', columns: ['number'], unique: true },
        { name: 'ix_consignment_store', columns: ['storeId', 'state'] },
        { name: 'ix_consignment_supplier', columns: ['supplierId', 'kind'] },
      ],
    },
  ),
  ...createTable(
    'consigned_device',
    {
      id: col.id().primary(),
      receiptId: col.id(),
      seq: col.int(),
      supplierId: col.id(),
      skuId: col.id().references('sku'),
      deviceId: col.id().references('device').nullable(),
      mainNumber: col.code(40),
      numbers: col.json(),
      priceFen: col.money(),
      taxRateBp: col.int(),
      taxFen: col.money(),
      state: col.code(12),
      storeId: col.id().references('store'),
      receivedOn: col.date().nullable(),
      sourceType: col.code(40).nullable(),
      sourceId: col.id().nullable(),
      sourceNumber: col.code(40).nullable(),
      sourceOn: col.date().nullable(),
    },
    {
      indexes: [
        { name: 'ix_consigned_receipt', columns: ['receiptId'] },
        { name: 'ix_consigned_device', columns: ['deviceId', 'state'] },
        { name: 'ix_consigned_supplier', columns: ['supplierId', 'state'] },
        { name: 'ix_consigned_source', columns: ['sourceType', 'sourceId'] },
      ],
    },
  ),
  ...createTable(
    'consignment_row',
    {
      id: col.id().primary(),
      consignmentId: col.id().references('consignment'),
      seq: col.int(),
      consignedId: col.id().references('consigned_device'),
      openItemId: col.id().references('open_item').nullable(),
      agreedFen: col.money(),
      priceFen: col.money(),
      taxFen: col.money(),
    },
    {
      indexes: [
        { name: 'ux_consignment_row', columns: ['consignmentId', 'consignedId'], unique: true },
        { name: 'ix_consignment_row_device', columns: ['consignedId'] },
      ],
    },
  ),
  numberDocuments('DX'),
]);
