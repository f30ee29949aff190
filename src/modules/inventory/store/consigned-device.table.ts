import type { Identifier } from '../../../ledger';
import { col, defineTable, type Row } from '../../../platform/database';
import type { ConsignedState } from '../domain/consigned';

/**
 * A device that a supplier left here to be sold (代销): what was agreed on it, and how far it is. A device that comes again has
 * a row for each time. Whoever changes the state has locked the device.
 */
export const consignedDevice = defineTable(
  'consigned_device',
  {
    id: col.id().primary(),
    /** The document that brought it; purchasing's. */
    receiptId: col.id(),
    seq: col.int(),
    supplierId: col.id(),
    skuId: col.id().references('sku'),
    /** Null in a draft. */
    deviceId: col.id().references('device').nullable(),
    mainNumber: col.code(40),
    numbers: col.json<readonly Identifier[]>(),
    /** What the supplier gets for it when it is sold, with tax. */
    priceFen: col.money(),
    taxRateBp: col.int(),
    taxFen: col.money(),
    state: col.code<ConsignedState>(12),
    /** That received it; once it is sold the store that sold it. */
    storeId: col.id().references('store'),
    receivedOn: col.date().nullable(),
    /** The document that made it owed: a sale, or our own purchase. */
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
);

export type ConsignedDeviceRow = Row<typeof consignedDevice>;
