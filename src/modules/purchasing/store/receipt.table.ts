import { col, defineTable, type Row } from '../../../platform/database';
import type { ReceiptState } from '../domain/receipt-state';
import type { ScanOutcome } from '../domain/scan-check';

/** Goods received from a supplier. Amounts and counts are those of what was received so far. */
export const receipt = defineTable(
  'receipt',
  {
    id: col.id().primary(),
    number: col.code(40),
    supplierId: col.id().references('supplier'),
    storeId: col.id().references('store'),
    locationId: col.id().references('location'),
    businessDate: col.date(),
    deliveryNote: col.text(60).nullable(),
    /** The invoice came with the goods: the payable is final and input tax is booked at once. */
    withInvoice: col.bool(),
    state: col.code<ReceiptState>(20),
    lineCount: col.int(),
    /** Pieces on the delivery note, and pieces counted so far. */
    quantity: col.quantity(),
    received: col.quantity(),
    netFen: col.money(),
    taxFen: col.money(),
    grossFen: col.money(),
    createdAt: col.instant(),
    createdBy: col.id().nullable(),
    postedAt: col.instant().nullable(),
    postedBy: col.id().nullable(),
    reversedAt: col.instant().nullable(),
    reversedBy: col.id().nullable(),
    reversalNumber: col.code(40).nullable(),
    reversalReason: col.text(200).nullable(),
    note: col.text(400).nullable(),
    /** The counter is not told what was ordered. */
    blind: col.bool().nullable(),
    /** Raised by every change, scans too: who posts has seen what is posted. */
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ux_receipt_number', columns: ['number'], unique: true },
      { name: 'ix_receipt_supplier', columns: ['supplierId', 'id'] },
      { name: 'ix_receipt_store', columns: ['storeId', 'state', 'id'] },
      { name: 'ix_receipt_location', columns: ['locationId'] },
      { name: 'ix_receipt_date', columns: ['businessDate', 'id'] },
    ],
  },
);

export const receiptLine = defineTable(
  'receipt_line',
  {
    id: col.id().primary(),
    receiptId: col.id().references('receipt'),
    lineNo: col.int(),
    skuId: col.id().references('sku'),
    /** Pieces on the delivery note. */
    quantity: col.quantity(),
    /** No number was given: the quantity is what is scanned. Devices only. */
    countsScans: col.bool(),
    /** Devices scanned; for other goods the quantity. */
    received: col.quantity(),
    /** Tax-inclusive; null: not known yet. */
    unitPriceFen: col.money().nullable(),
    taxRateBp: col.int(),
    /** Tax-inclusive, of the pieces received, and the tax in it. */
    amountFen: col.money(),
    taxFen: col.money(),
    /** Goods kept by batch only; without a number the receipt's own is their batch. */
    batchCode: col.code(40).nullable(),
    version: col.int(),
    expiresOn: col.date().nullable(),
    /** The line of a purchase order that it was received against. */
    orderLineId: col.id().nullable(),
    /** Pieces that an invoice or a return has taken off what is owed without an invoice, and their net amount. */
    clearedPieces: col.quantity().nullable(),
    clearedFen: col.money().nullable(),
    /** The line of a purchase return that the supplier replaces with it. */
    returnLineId: col.id().nullable(),
  },
  {
    indexes: [
      { name: 'ux_receipt_line', columns: ['receiptId', 'lineNo'], unique: true },
      { name: 'ix_receipt_line_sku', columns: ['skuId', 'id'] },
      { name: 'ix_receipt_line_order', columns: ['orderLineId'] },
      { name: 'ix_receipt_line_return', columns: ['returnLineId'] },
    ],
    checks: [{ name: 'ck_receipt_line_quantity', expression: 'quantity >= 0 AND received >= 0' }],
  },
);

/** A device scanned into a line. */
export const receiptDevice = defineTable(
  'receipt_device',
  {
    id: col.id().primary(),
    receiptId: col.id().references('receipt'),
    lineId: col.id().references('receipt_line'),
    /** Order of scanning within the receipt, from 1. */
    seq: col.int(),
    /** The number it goes by: its first IMEI, else MEID, else SN. */
    mainNumber: col.code(40),
    imei1: col.code(15).nullable(),
    imei2: col.code(15).nullable(),
    meid: col.code(14).nullable(),
    sn: col.code(40).nullable(),
    /** Taken although a check digit is wrong or the model differs, by somebody who may. */
    checkOverride: col.bool(),
    addedAt: col.instant(),
    addedBy: col.id().nullable(),
    addedByName: col.text(80),
    /** After posting. */
    deviceId: col.id().nullable().references('device'),
    /** The box it came in, by the packing list of the maker. */
    boxNo: col.code(60).nullable(),
  },
  {
    indexes: [
      { name: 'ux_receipt_device', columns: ['receiptId', 'mainNumber'], unique: true },
      { name: 'ix_receipt_device_line', columns: ['lineId', 'seq'] },
      { name: 'ix_receipt_device_imei1', columns: ['imei1'] },
      { name: 'ix_receipt_device_imei2', columns: ['imei2'] },
      { name: 'ix_receipt_device_meid', columns: ['meid'] },
      { name: 'ix_receipt_device_sn', columns: ['sn'] },
      { name: 'ix_receipt_device_device', columns: ['deviceId'] },
      { name: 'ix_receipt_device_box', columns: ['boxNo'] },
    ],
  },
);

/**
 * What became of each scan, so that a scan sent twice gets its first answer, and wrong ones wait for correction however
 * often the page is left. Of a paste or file only the wrong lines are kept.
 */
export const receiptScan = defineTable(
  'receipt_scan',
  {
    id: col.id().primary(),
    receiptId: col.id().references('receipt'),
    /** Made by the page when the scan happened. */
    scanKey: col.code(60),
    /** As scanned or typed. */
    text: col.text(200),
    outcome: col.code<ScanOutcome>(10),
    lineId: col.id().nullable(),
    /** i18n key and its placeholders. */
    reason: col.code(60).nullable(),
    details: col.json<Record<string, unknown>>().nullable(),
    scannedAt: col.instant(),
    actorId: col.id().nullable(),
    /** When a wrong one was corrected or put aside. */
    settledAt: col.instant().nullable(),
  },
  { indexes: [{ name: 'ux_receipt_scan', columns: ['receiptId', 'scanKey'], unique: true }] },
);

/** What a document took of receipt lines whose invoice had not come (应付暂估); a reversal puts it back. */
export const receiptClearing = defineTable(
  'receipt_clearing',
  {
    id: col.id().primary(),
    /** As in the books: `purchasing.return`. */
    documentType: col.code(40),
    documentId: col.id(),
    documentLineId: col.id(),
    receiptLineId: col.id().references('receipt_line'),
    pieces: col.quantity(),
    /** Net. */
    clearedFen: col.money(),
  },
  {
    indexes: [
      { name: 'ix_receipt_clearing_document', columns: ['documentType', 'documentId'] },
      { name: 'ix_receipt_clearing_line', columns: ['receiptLineId'] },
    ],
  },
);

export type ReceiptRow = Row<typeof receipt>;
export type ReceiptLineRow = Row<typeof receiptLine>;
export type ReceiptDeviceRow = Row<typeof receiptDevice>;
export type ReceiptScanRow = Row<typeof receiptScan>;
