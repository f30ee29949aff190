import { col, defineTable, type Row } from '../../../platform/database';
import type { InvoiceLineKind } from '../domain/invoice-matching';
import type { InvoiceState } from '../domain/invoice-state';

/** What a supplier bills for goods that were received, and for freight and the like (采购发票). */
export const supplierInvoice = defineTable(
  'supplier_invoice',
  {
    id: col.id().primary(),
    number: col.code(40),
    supplierId: col.id().references('supplier'),
    /** The store that owes it; goods may have been received in others. */
    storeId: col.id().references('store'),
    /** On the paper: 发票号码. */
    invoiceNumber: col.code(40),
    /** Supplier and invoice number while the invoice counts; a reversed one may be entered again. */
    activeKey: col.code(64).nullable(),
    /** Its tax is input tax (专票); otherwise the tax is part of the cost (普票). */
    deductible: col.bool(),
    invoicedOn: col.date(),
    dueOn: col.date(),
    /** Of the posting; until then the day it was begun. */
    businessDate: col.date(),
    state: col.code<InvoiceState>(12),
    /** Tax-inclusive total on the paper: the lines must come to it. */
    totalFen: col.money(),
    note: col.text(400).nullable(),
    lineCount: col.int(),
    quantity: col.quantity(),
    /** Of the lines, tax-inclusive, and the tax in it. */
    grossFen: col.money(),
    taxFen: col.money(),
    /** Lines that differ from order or receipt by more than the tolerance, as far as known at the last change. */
    beyondLines: col.int(),
    /** After posting: what was accrued for it, and of the difference what stock and what cost took. */
    accruedFen: col.money().nullable(),
    heldFen: col.money().nullable(),
    adjustedFen: col.money().nullable(),
    createdAt: col.instant(),
    createdBy: col.id().nullable(),
    createdByName: col.text(80),
    submittedAt: col.instant().nullable(),
    submittedBy: col.id().nullable(),
    approvedAt: col.instant().nullable(),
    approvedByName: col.text(80).nullable(),
    postedAt: col.instant().nullable(),
    reversedAt: col.instant().nullable(),
    reversalNumber: col.code(40).nullable(),
    reversalReason: col.text(200).nullable(),
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ux_supplier_invoice_number', columns: ['number'], unique: true },
      { name: 'ux_supplier_invoice_active', columns: ['activeKey'], unique: true, where: 'active_key IS NOT NULL' },
      { name: 'ix_supplier_invoice_supplier', columns: ['supplierId', 'id'] },
      { name: 'ix_supplier_invoice_store', columns: ['storeId', 'state', 'id'] },
      { name: 'ix_supplier_invoice_due', columns: ['state', 'dueOn'] },
    ],
  },
);

export const supplierInvoiceLine = defineTable(
  'supplier_inv_line',
  {
    id: col.id().primary(),
    invoiceId: col.id().references('supplier_invoice'),
    lineNo: col.int(),
    kind: col.code<InvoiceLineKind>(20),
    /** Goods only: the receipt line that they were received with. */
    receiptLineId: col.id().nullable().references('receipt_line'),
    /** Where the goods were received; of other lines the invoice's own store. */
    storeId: col.id().references('store'),
    skuId: col.id().nullable().references('sku'),
    /** What a line that is no goods is for. */
    text: col.text(200).nullable(),
    /** 0: nothing but an amount is left of the receipt line. */
    quantity: col.quantity(),
    amountFen: col.money(),
    taxRateBp: col.int(),
    taxFen: col.money(),
    /** After posting, as in the head. */
    accruedFen: col.money().nullable(),
    heldFen: col.money().nullable(),
    adjustedFen: col.money().nullable(),
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ux_supplier_invoice_line', columns: ['invoiceId', 'lineNo'], unique: true },
      { name: 'ix_supplier_inv_line_receipt', columns: ['receiptLineId'] },
      { name: 'ix_supplier_inv_line_store', columns: ['storeId'] },
      { name: 'ix_supplier_inv_line_sku', columns: ['skuId'] },
    ],
    checks: [{ name: 'ck_supplier_inv_line', expression: 'quantity >= 0 AND amount_fen >= 0 AND tax_fen >= 0' }],
  },
);

/** Where the difference of a line went: to a device or goods still held, or to the cost of what is gone. */
export const supplierInvoiceShare = defineTable(
  'supplier_inv_share',
  {
    id: col.id().primary(),
    invoiceId: col.id().references('supplier_invoice'),
    lineId: col.id().references('supplier_inv_line'),
    deviceId: col.id().nullable().references('device'),
    pieces: col.quantity(),
    held: col.bool(),
    amountFen: col.money(),
    /** The posting that sold the device. */
    salePostingId: col.id().nullable().references('posting'),
  },
  {
    indexes: [
      { name: 'ix_supplier_inv_share_invoice', columns: ['invoiceId', 'id'] },
      { name: 'ix_supplier_inv_share_line', columns: ['lineId'] },
      { name: 'ix_supplier_inv_share_device', columns: ['deviceId'] },
      { name: 'ix_supplier_inv_share_sale', columns: ['salePostingId'] },
    ],
  },
);

export type InvoiceRow = Row<typeof supplierInvoice>;
export type InvoiceLineRow = Row<typeof supplierInvoiceLine>;
export type InvoiceShareRow = Row<typeof supplierInvoiceShare>;
