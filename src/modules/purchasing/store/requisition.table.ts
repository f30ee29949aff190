import { col, defineTable, type Row } from '../../../platform/database';
import type { RequisitionState } from '../domain/requisition-state';

/** What a store asks the buyer for. It says no prices and posts nothing. */
export const requisition = defineTable(
  'requisition',
  {
    id: col.id().primary(),
    number: col.code(40),
    storeId: col.id().references('store'),
    requestedOn: col.date(),
    /** When the store would like to have it. */
    wantedOn: col.date().nullable(),
    reason: col.text(200).nullable(),
    state: col.code<RequisitionState>(20),
    lineCount: col.int(),
    quantity: col.quantity(),
    createdAt: col.instant(),
    createdBy: col.id().nullable(),
    createdByName: col.text(80),
    submittedAt: col.instant().nullable(),
    decidedAt: col.instant().nullable(),
    decidedByName: col.text(80).nullable(),
    /** Why it was rejected, cancelled or not ordered. */
    endReason: col.text(200).nullable(),
    /** Raised by every change, orders and receipts too. */
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ux_requisition_number', columns: ['number'], unique: true },
      { name: 'ix_requisition_store', columns: ['storeId', 'id'] },
      { name: 'ix_requisition_state', columns: ['state', 'id'] },
    ],
  },
);

export const requisitionLine = defineTable(
  'requisition_line',
  {
    id: col.id().primary(),
    requisitionId: col.id().references('requisition'),
    lineNo: col.int(),
    skuId: col.id().references('sku'),
    quantity: col.quantity(),
    /** On purchase orders that still stand, drafts too; sums of requisition_order. */
    ordered: col.quantity(),
    received: col.quantity(),
    /** Not wanted any more, or not to be had. */
    givenUp: col.quantity(),
    reason: col.text(200).nullable(),
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ux_requisition_line', columns: ['requisitionId', 'lineNo'], unique: true },
      { name: 'ix_requisition_line_sku', columns: ['skuId', 'id'] },
    ],
    checks: [{ name: 'ck_requisition_line', expression: 'quantity > 0 AND ordered >= 0 AND given_up >= 0' }],
  },
);

/** Which line of an order serves which wish: an order line may serve several, a wish may be ordered in parts. */
export const requisitionOrder = defineTable(
  'requisition_order',
  {
    id: col.id().primary(),
    requisitionLineId: col.id().references('requisition_line'),
    orderLineId: col.id().references('purchase_order_line'),
    /** When it was ordered. */
    quantity: col.quantity(),
    /** Of them what the order line still stands for, and what came; the earliest wish first. */
    ordered: col.quantity(),
    received: col.quantity(),
  },
  {
    indexes: [
      { name: 'ux_requisition_order', columns: ['requisitionLineId', 'orderLineId'], unique: true },
      { name: 'ix_requisition_order_line', columns: ['orderLineId'] },
    ],
  },
);

export type RequisitionRow = Row<typeof requisition>;
export type RequisitionLineRow = Row<typeof requisitionLine>;
export type RequisitionOrderRow = Row<typeof requisitionOrder>;
