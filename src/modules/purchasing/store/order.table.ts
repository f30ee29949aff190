import { col, defineTable, type Row } from '../../../platform/database';
import type { OrderState } from '../domain/order-state';

/** What is bought from a supplier, for one store or many. Nothing of it is in the books: receipts are. */
export const purchaseOrder = defineTable(
  'purchase_order',
  {
    id: col.id().primary(),
    number: col.code(40),
    supplierId: col.id().references('supplier'),
    /** The store that orders; each line says the store that receives. */
    storeId: col.id().references('store'),
    orderedOn: col.date(),
    /** Of lines that say nothing else. */
    expectedOn: col.date().nullable(),
    state: col.code<OrderState>(20),
    lineCount: col.int(),
    quantity: col.quantity(),
    received: col.quantity(),
    /** Tax-inclusive, of what was ordered, and the tax in it. */
    grossFen: col.money(),
    taxFen: col.money(),
    note: col.text(400).nullable(),
    createdAt: col.instant(),
    createdBy: col.id().nullable(),
    createdByName: col.text(80),
    /** Counts submissions: approvals belong to one of them. */
    submission: col.int(),
    submittedAt: col.instant().nullable(),
    submittedBy: col.id().nullable(),
    approvedAt: col.instant().nullable(),
    /** When it was cancelled or closed short, and why. */
    endedAt: col.instant().nullable(),
    endReason: col.text(200).nullable(),
    /** Raised by every change, receipts too. */
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ux_purchase_order_number', columns: ['number'], unique: true },
      { name: 'ix_purchase_order_supplier', columns: ['supplierId', 'id'] },
      { name: 'ix_purchase_order_store', columns: ['storeId', 'id'] },
      { name: 'ix_purchase_order_state', columns: ['state', 'id'] },
    ],
  },
);

export const purchaseOrderLine = defineTable(
  'purchase_order_line',
  {
    id: col.id().primary(),
    orderId: col.id().references('purchase_order'),
    lineNo: col.int(),
    storeId: col.id().references('store'),
    skuId: col.id().references('sku'),
    quantity: col.quantity(),
    /** By posted receipts. */
    received: col.quantity(),
    /** Given up by short closing. */
    givenUp: col.quantity(),
    /** Tax-inclusive; 0: free goods; null: not known yet. */
    unitPriceFen: col.money().nullable(),
    taxRateBp: col.int(),
    amountFen: col.money(),
    taxFen: col.money(),
    expectedOn: col.date().nullable(),
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ux_purchase_order_line', columns: ['orderId', 'lineNo'], unique: true },
      { name: 'ix_purchase_order_line_sku', columns: ['skuId', 'storeId'] },
      { name: 'ix_purchase_order_line_st', columns: ['storeId', 'orderId'] },
    ],
    checks: [{ name: 'ck_purchase_order_line', expression: 'quantity > 0 AND received >= 0 AND given_up >= 0' }],
  },
);

/** A level that an order has to pass, as the rules were when it was submitted. */
export const purchaseOrderApproval = defineTable(
  'purchase_order_approval',
  {
    id: col.id().primary(),
    orderId: col.id().references('purchase_order'),
    submission: col.int(),
    place: col.int(),
    name: col.text(40),
    fromFen: col.money(),
    roleCode: col.code(40).nullable(),
    own: col.bool(),
    decidedAt: col.instant().nullable(),
    decidedBy: col.id().nullable(),
    decidedByName: col.text(80).nullable(),
  },
  { indexes: [{ name: 'ux_purchase_order_appr', columns: ['orderId', 'submission', 'place'], unique: true }] },
);

export type OrderRow = Row<typeof purchaseOrder>;
export type OrderLineRow = Row<typeof purchaseOrderLine>;
export type OrderApprovalRow = Row<typeof purchaseOrderApproval>;
