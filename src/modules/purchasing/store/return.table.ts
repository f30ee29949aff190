import type { Bucket } from '../../../ledger';
import { col, defineTable, type Row } from '../../../platform/database';
import type { ReturnState } from '../domain/return-state';

/** Goods that go back to the supplier they came from (采购退货). */
export const purchaseReturn = defineTable(
  'purchase_return',
  {
    id: col.id().primary(),
    number: col.code(40),
    supplierId: col.id().references('supplier'),
    storeId: col.id().references('store'),
    locationId: col.id().references('location'),
    /** Of the posting; until then the day it was begun. */
    businessDate: col.date(),
    state: col.code<ReturnState>(12),
    reason: col.text(200),
    /** The supplier sends others in their place (换货). */
    exchange: col.bool(),
    note: col.text(400).nullable(),
    lineCount: col.int(),
    quantity: col.quantity(),
    /** Of these, pieces that did not come from this supplier. */
    foreignPieces: col.quantity(),
    /** Agreed, tax-inclusive, and the tax in it. */
    grossFen: col.money(),
    taxFen: col.money(),
    /** What the goods were worth in the books when they left. */
    costFen: col.money().nullable(),
    createdAt: col.instant(),
    createdBy: col.id().nullable(),
    createdByName: col.text(80),
    postedAt: col.instant().nullable(),
    reversedAt: col.instant().nullable(),
    reversalNumber: col.code(40).nullable(),
    reversalReason: col.text(200).nullable(),
    version: col.int(),
    /** The supplier's red-letter invoice (红字发票) for it. */
    creditNoteNumber: col.code(40).nullable(),
    creditNoteOn: col.date().nullable(),
  },
  {
    indexes: [
      { name: 'ux_purchase_return_number', columns: ['number'], unique: true },
      { name: 'ix_purchase_return_supplier', columns: ['supplierId', 'id'] },
      { name: 'ix_purchase_return_store', columns: ['storeId', 'state', 'id'] },
      { name: 'ix_purchase_return_place', columns: ['locationId'] },
      { name: 'ix_purchase_return_credit', columns: ['creditNoteNumber'] },
    ],
  },
);

export const purchaseReturnLine = defineTable(
  'purchase_return_line',
  {
    id: col.id().primary(),
    returnId: col.id().references('purchase_return'),
    lineNo: col.int(),
    skuId: col.id().references('sku'),
    /** From where goods without serial numbers are taken; devices leave from where they stand. */
    bucket: col.code<Bucket>(12).nullable(),
    /** Of goods kept by batch; without one what expires first goes first. */
    batchCode: col.code(40).nullable(),
    quantity: col.quantity(),
    /** A piece, tax-inclusive, as it was bought; null: not known. Devices of different prices stand on different lines. */
    boughtFen: col.money().nullable(),
    /** A piece, tax-inclusive, as agreed. */
    unitPriceFen: col.money().nullable(),
    taxRateBp: col.int(),
    amountFen: col.money(),
    taxFen: col.money(),
    costFen: col.money().nullable(),
    foreignPieces: col.quantity(),
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ux_purchase_return_line', columns: ['returnId', 'lineNo'], unique: true },
      { name: 'ix_purchase_return_line_sku', columns: ['skuId'] },
    ],
    checks: [{ name: 'ck_purchase_return_line', expression: 'quantity > 0' }],
  },
);

export const purchaseReturnDevice = defineTable(
  'purchase_return_device',
  {
    id: col.id().primary(),
    returnId: col.id().references('purchase_return'),
    lineId: col.id().references('purchase_return_line'),
    /** Order of scanning within the return, from 1. */
    seq: col.int(),
    deviceId: col.id().references('device'),
    mainNumber: col.code(40),
    /** It came from another supplier. */
    foreignPiece: col.bool(),
    addedAt: col.instant(),
    addedByName: col.text(80),
  },
  {
    indexes: [
      { name: 'ux_purchase_return_device', columns: ['returnId', 'deviceId'], unique: true },
      { name: 'ix_purchase_return_dev_line', columns: ['lineId', 'seq'] },
      { name: 'ix_purchase_return_dev_device', columns: ['deviceId'] },
    ],
  },
);

export type ReturnRow = Row<typeof purchaseReturn>;
export type ReturnLineRow = Row<typeof purchaseReturnLine>;
export type ReturnDeviceRow = Row<typeof purchaseReturnDevice>;
