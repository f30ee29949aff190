import type { Bucket } from '../../../ledger';
import { col, defineTable, type Row } from '../../../platform/database';
import type { StepKind, TransferDeviceState, TransferState } from '../domain/transfer-state';

/** Goods that go from one place to another, through the time in which they are on the way. */
export const transfer = defineTable(
  'transfer',
  {
    id: col.id().primary(),
    number: col.code(40),
    fromStoreId: col.id().references('store'),
    fromLocationId: col.id().references('location'),
    toStoreId: col.id().references('store'),
    toLocationId: col.id().references('location'),
    businessDate: col.date(),
    /** When it should be there; afterwards it is overdue. */
    expectedOn: col.date(),
    state: col.code<TransferState>(12),
    /** Basis points on top of cost that the receiving store is charged; null: at cost. */
    markupBp: col.int().nullable(),
    note: col.text(400).nullable(),
    /** Why it was rejected, withdrawn or cancelled. */
    reason: col.text(200).nullable(),
    /** Pieces: asked for, sent, and of those sent what has become of them. */
    quantity: col.quantity(),
    sent: col.quantity(),
    received: col.quantity(),
    returned: col.quantity(),
    lost: col.quantity(),
    /** Cost of what was sent. */
    sentFen: col.money(),
    stepCount: col.int(),
    createdAt: col.instant(),
    createdBy: col.id().nullable(),
    sentAt: col.instant().nullable(),
    doneAt: col.instant().nullable(),
    /** Raised by every change, scans too: who posts has seen what is posted. */
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ux_transfer_number', columns: ['number'], unique: true },
      { name: 'ix_transfer_from', columns: ['fromStoreId', 'state', 'id'] },
      { name: 'ix_transfer_to', columns: ['toStoreId', 'state', 'id'] },
      { name: 'ix_transfer_from_place', columns: ['fromLocationId'] },
      { name: 'ix_transfer_to_place', columns: ['toLocationId'] },
      { name: 'ix_transfer_state', columns: ['state', 'expectedOn'] },
    ],
    checks: [{ name: 'ck_transfer_pieces', expression: 'received + returned + lost <= sent' }],
  },
);

/** One SKU of a transfer; devices that are scanned go to the line of theirs. */
export const transferLine = defineTable(
  'transfer_line',
  {
    id: col.id().primary(),
    transferId: col.id().references('transfer'),
    lineNo: col.int(),
    skuId: col.id().references('sku'),
    /** Of goods without serial numbers: the state they are in; devices keep their own. */
    bucket: col.code<Bucket>(12),
    /** Asked for. */
    quantity: col.quantity(),
    /** Scanned or counted for sending. */
    picked: col.quantity(),
    sent: col.quantity(),
    /** Counted at arrival and not posted yet, of these damaged. Other goods than devices. */
    counted: col.quantity(),
    damaged: col.quantity(),
    received: col.quantity(),
    returned: col.quantity(),
    lost: col.quantity(),
  },
  {
    indexes: [
      { name: 'ux_transfer_line', columns: ['transferId', 'lineNo'], unique: true },
      { name: 'ix_transfer_line_sku', columns: ['skuId'] },
    ],
    checks: [
      {
        name: 'ck_transfer_line',
        expression: 'picked >= 0 AND damaged <= counted AND received + returned + lost <= sent',
      },
    ],
  },
);

export const transferDevice = defineTable(
  'transfer_device',
  {
    id: col.id().primary(),
    transferId: col.id().references('transfer'),
    lineId: col.id().references('transfer_line'),
    /** Order of scanning, from 1. */
    seq: col.int(),
    deviceId: col.id().references('device'),
    mainNumber: col.code(40),
    state: col.code<TransferDeviceState>(12),
    /** As it left: demo devices arrive as demo devices. */
    bucket: col.code<Bucket>(12),
    /** Scanned at arrival, perhaps not posted yet. */
    arrivedAt: col.instant().nullable(),
    damaged: col.bool(),
    pickedAt: col.instant(),
    pickedBy: col.id().nullable(),
    pickedByName: col.text(80),
    arrivedByName: col.text(80).nullable(),
    sendStepId: col.id().nullable(),
    /** The step that took it off the way. */
    endStepId: col.id().nullable(),
  },
  {
    indexes: [
      { name: 'ux_transfer_device', columns: ['transferId', 'deviceId'], unique: true },
      { name: 'ix_transfer_device_state', columns: ['transferId', 'state', 'seq'] },
      { name: 'ix_transfer_device_line', columns: ['lineId'] },
      { name: 'ix_transfer_device_device', columns: ['deviceId'] },
    ],
  },
);

/** One posting of a transfer; the document that the books know. */
export const transferStep = defineTable(
  'transfer_step',
  {
    id: col.id().primary(),
    transferId: col.id().references('transfer'),
    stepNo: col.int(),
    kind: col.code<StepKind>(12),
    /** The transfer's number with its place among the steps. */
    number: col.code(40),
    businessDate: col.date(),
    quantity: col.quantity(),
    valueFen: col.money(),
    /** Charged to the receiving store on top of that; null: nothing. */
    markupFen: col.money().nullable(),
    state: col.code<'posted' | 'reversed'>(12),
    reason: col.text(200).nullable(),
    /** Who bears a loss. */
    bearerStoreId: col.id().nullable(),
    postedAt: col.instant(),
    postedByName: col.text(80),
    reversedAt: col.instant().nullable(),
    reversalNumber: col.code(40).nullable(),
  },
  { indexes: [{ name: 'ux_transfer_step', columns: ['transferId', 'stepNo'], unique: true }] },
);

/** Goods without serial numbers on the way: what one sending took of one batch, and what of it is still on the way. */
export const transferPart = defineTable(
  'transfer_part',
  {
    id: col.id().primary(),
    transferId: col.id().references('transfer'),
    lineId: col.id().references('transfer_line'),
    stepId: col.id().references('transfer_step'),
    skuId: col.id().references('sku'),
    batchId: col.id().nullable(),
    bucket: col.code<Bucket>(12),
    quantity: col.quantity(),
    valueFen: col.money(),
    openQuantity: col.quantity(),
    openFen: col.money(),
  },
  {
    indexes: [
      { name: 'ix_transfer_part_transfer', columns: ['transferId', 'id'] },
      { name: 'ix_transfer_part_line', columns: ['lineId'] },
      { name: 'ix_transfer_part_step', columns: ['stepId'] },
      { name: 'ix_transfer_part_sku', columns: ['skuId'] },
    ],
    checks: [{ name: 'ck_transfer_part', expression: 'open_quantity >= 0 AND open_quantity <= quantity' }],
  },
);

/** What one step took of a part off the way. */
export const transferTake = defineTable(
  'transfer_take',
  {
    id: col.id().primary(),
    stepId: col.id().references('transfer_step'),
    partId: col.id().references('transfer_part'),
    /** Where it arrived: damaged goods go to the defective ones. */
    bucket: col.code<Bucket>(12),
    quantity: col.quantity(),
    valueFen: col.money(),
  },
  {
    indexes: [
      { name: 'ix_transfer_take_step', columns: ['stepId'] },
      { name: 'ix_transfer_take_part', columns: ['partId'] },
    ],
  },
);

/** What became of each scan, so that one that is sent twice gets its first answer and wrong ones wait to be dealt with. */
export const transferScan = defineTable(
  'transfer_scan',
  {
    id: col.id().primary(),
    transferId: col.id().references('transfer'),
    /** Whether goods were being sent or received. */
    phase: col.code<'pick' | 'arrive'>(12),
    /** Made by the page when the scan happened. */
    scanKey: col.code(60),
    text: col.text(200),
    outcome: col.code<'right' | 'double' | 'wrong'>(10),
    deviceId: col.id().nullable(),
    /** i18n key and its placeholders. */
    reason: col.code(80),
    details: col.json<Record<string, unknown>>(),
    scannedAt: col.instant(),
    actorId: col.id().nullable(),
    /** When a wrong one was dealt with or put aside. */
    settledAt: col.instant().nullable(),
  },
  { indexes: [{ name: 'ux_transfer_scan', columns: ['transferId', 'scanKey'], unique: true }] },
);

export type TransferRow = Row<typeof transfer>;
export type TransferLineRow = Row<typeof transferLine>;
export type TransferDeviceRow = Row<typeof transferDevice>;
export type TransferStepRow = Row<typeof transferStep>;
export type TransferPartRow = Row<typeof transferPart>;
export type TransferScanRow = Row<typeof transferScan>;
