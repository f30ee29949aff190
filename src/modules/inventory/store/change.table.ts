import type { Bucket } from '../../../ledger';
import { col, defineTable, type Row } from '../../../platform/database';
import type { ChangeEffect, ReasonAccount } from '../domain/change-effect';
import type { ChangeState } from '../domain/change-state';

/** Goods of one location that change their state for a reason (库存变更): demo, defective, quarantine, back to sellable. */
export const stockChange = defineTable(
  'stock_change',
  {
    id: col.id().primary(),
    number: col.code(40),
    storeId: col.id().references('store'),
    locationId: col.id().references('location'),
    /** Of the posting; of the draft before. */
    businessDate: col.date(),
    effect: col.code<ChangeEffect>(12),
    /** Record of the configuration, and its name when the document was made. */
    reasonId: col.id(),
    reasonName: col.text(40),
    note: col.text(400).nullable(),
    state: col.code<ChangeState>(12),
    devices: col.int(),
    pieces: col.quantity(),
    /** Scans that were answered so; they leave no line. */
    doubleScans: col.int(),
    wrongScans: col.int(),
    postedAt: col.instant().nullable(),
    reversalNumber: col.code(40).nullable(),
    /** Role that losses and gains are booked on; null where only the state changes. */
    account: col.code<ReasonAccount>(30).nullable(),
    /** The reason asks for approval by amount. */
    approval: col.bool().nullable(),
    /** Cost of what is changed, regardless of sign: estimated when it was submitted, final when posted. Decides who approves. */
    amountFen: col.money().nullable(),
    /** What posting did to the value of stock, signed. */
    netFen: col.money().nullable(),
    /** Counts submissions: approvals belong to one of them. */
    submission: col.int().nullable(),
    submittedAt: col.instant().nullable(),
    submittedBy: col.id().nullable(),
    approvedAt: col.instant().nullable(),
    createdAt: col.instant(),
    createdBy: col.id().nullable(),
    createdByName: col.text(80),
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ux_stock_change_number', columns: ['number'], unique: true },
      { name: 'ix_stock_change_store', columns: ['storeId', 'state', 'id'] },
      { name: 'ix_stock_change_location', columns: ['locationId'] },
    ],
  },
);

/** One device, or pieces of goods of one batch and bucket. */
export const stockChangeLine = defineTable(
  'stock_change_line',
  {
    id: col.id().primary(),
    changeId: col.id().references('stock_change'),
    lineNo: col.int(),
    /** `d17` of a device, `g<sku>/<batch>/<bucket>` of goods: each once in a document. */
    lineKey: col.code(60),
    deviceId: col.id().nullable().references('device'),
    skuId: col.id().references('sku'),
    /** 0: without batch. */
    batchKey: col.id(),
    /** Where it stood when it was added. */
    bucket: col.code<Bucket>(12),
    quantity: col.quantity(),
    /** As posted: the cost of what changed its state, or what an adjustment did to the value of stock, signed. */
    valueFen: col.money().nullable(),
    /** Of goods that come in, or what a piece shall cost: typed. Null: the average. */
    unitCostFen: col.money().nullable(),
    scanKey: col.code(60).nullable(),
    addedAt: col.instant(),
    addedBy: col.id().nullable(),
    addedByName: col.text(80),
  },
  {
    indexes: [
      { name: 'ux_stock_change_line', columns: ['changeId', 'lineKey'], unique: true },
      { name: 'ix_stock_change_line_device', columns: ['deviceId'] },
      { name: 'ix_stock_change_line_sku', columns: ['skuId'] },
    ],
  },
);

export type StockChangeRow = Row<typeof stockChange>;
export type StockChangeLineRow = Row<typeof stockChangeLine>;
