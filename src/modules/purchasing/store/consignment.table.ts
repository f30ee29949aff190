import { col, defineTable, type Row } from '../../../platform/database';
import type { ConsignmentKind, ConsignmentState } from '../domain/consignment';

/** A document of goods on consignment (代销单): what it does is its kind. */
export const consignment = defineTable(
  'consignment',
  {
    id: col.id().primary(),
    kind: col.code<ConsignmentKind>(12),
    number: col.code(40),
    supplierId: col.id().references('supplier'),
    storeId: col.id().references('store'),
    /** Where a receipt puts them. */
    locationId: col.id().references('location').nullable(),
    businessDate: col.date(),
    state: col.code<ConsignmentState>(12),
    devices: col.int(),
    /** At the agreed prices, with tax; of a settlement what it comes to. */
    grossFen: col.money(),
    taxFen: col.money(),
    /** Of a settlement: sold until this day. */
    untilOn: col.date().nullable(),
    dueOn: col.date().nullable(),
    /** The supplier's, where it came with the settlement. */
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
);

/** A device that a settlement, a return or a purchase is about; those of a receipt are its rows of `consigned_device`. */
export const consignmentRow = defineTable(
  'consignment_row',
  {
    id: col.id().primary(),
    consignmentId: col.id().references('consignment'),
    seq: col.int(),
    consignedId: col.id().references('consigned_device'),
    /** The accrued payable that a settlement ends. */
    openItemId: col.id().references('open_item').nullable(),
    agreedFen: col.money(),
    /** As settled, where that is another one. */
    priceFen: col.money(),
    taxFen: col.money(),
  },
  {
    indexes: [
      { name: 'ux_consignment_row', columns: ['consignmentId', 'consignedId'], unique: true },
      { name: 'ix_consignment_row_device', columns: ['consignedId'] },
    ],
  },
);

export type ConsignmentRow = Row<typeof consignment>;
export type ConsignmentDeviceRow = Row<typeof consignmentRow>;
