import { type Bucket } from '../../../ledger';
import { col, defineTable, type Row } from '../../../platform/database';
import type { StocktakeScope } from '../domain/stocktake-scope';
import type { StocktakeState } from '../domain/stocktake-state';
import type { Verdict } from '../domain/stocktake-verdict';

/** One location, or some of its goods, counted against the books (盘点). Goods go on being sold meanwhile. */
export const stocktake = defineTable(
  'stocktake',
  {
    id: col.id().primary(),
    number: col.code(40),
    storeId: col.id().references('store'),
    locationId: col.id().references('location'),
    /** Business date of the posting; of the plan before. */
    businessDate: col.date(),
    scope: col.json<StocktakeScope>(),
    /** Who counts does not see what the books say (盲盘). */
    blind: col.bool(),
    state: col.code<StocktakeState>(12),
    /** In the books when the count began. */
    expectedDevices: col.int(),
    expectedPieces: col.quantity(),
    /** When it was posted: written off, taken over, and what that was worth. */
    missingDevices: col.int(),
    takenDevices: col.int(),
    shortPieces: col.quantity(),
    surplusPieces: col.quantity(),
    lossFen: col.money(),
    gainFen: col.money(),
    note: col.text(400).nullable(),
    createdAt: col.instant(),
    createdBy: col.id().nullable(),
    startedAt: col.instant().nullable(),
    countedAt: col.instant().nullable(),
    endedAt: col.instant().nullable(),
    reversalNumber: col.code(40).nullable(),
    /** What is counted is not moved from its start to its end (冻结盘点); otherwise people go on selling. */
    frozen: col.bool().nullable(),
    /** Losses and gains added up, at cost, as submitted: decides who approves. */
    amountFen: col.money().nullable(),
    /** Counts submissions: approvals belong to one of them. */
    submission: col.int().nullable(),
    submittedAt: col.instant().nullable(),
    submittedBy: col.id().nullable(),
    approvedAt: col.instant().nullable(),
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ux_stocktake_number', columns: ['number'], unique: true },
      { name: 'ix_stocktake_store', columns: ['storeId', 'state', 'id'] },
      { name: 'ix_stocktake_location', columns: ['locationId'] },
    ],
  },
);

/** A device that the books expected there, or that was found there, or both. */
export const stocktakeDevice = defineTable(
  'stocktake_device',
  {
    id: col.id().primary(),
    stocktakeId: col.id().references('stocktake'),
    deviceId: col.id().references('device'),
    skuId: col.id().references('sku'),
    /** The books had it there when the count began. */
    expected: col.bool(),
    /** Number of its last event then, or when it was found: one more since means that it moved. */
    seqSeen: col.int(),
    /** Found while the books had it there, though it came after the count began. */
    arrived: col.bool(),
    scannedAt: col.instant().nullable(),
    scannedBy: col.id().nullable(),
    scannedByName: col.text(80).nullable(),
    /** Somebody wants the difference to stay as it is for now. */
    kept: col.bool(),
    /** As posted. */
    verdict: col.code<Verdict>(12).nullable(),
  },
  {
    indexes: [
      { name: 'ux_stocktake_device', columns: ['stocktakeId', 'deviceId'], unique: true },
      { name: 'ix_stocktake_device_device', columns: ['deviceId'] },
      { name: 'ix_stocktake_device_sku', columns: ['skuId'] },
    ],
  },
);

/** Goods without serial numbers: what the books expected, what was counted. */
export const stocktakeGoods = defineTable(
  'stocktake_goods',
  {
    id: col.id().primary(),
    stocktakeId: col.id().references('stocktake'),
    skuId: col.id().references('sku'),
    /** 0: without batch. */
    batchKey: col.id(),
    bucket: col.code<Bucket>(12),
    expected: col.quantity(),
    counted: col.quantity().nullable(),
    /** What the books had when it was last counted: sales before and after do not disturb the difference. */
    bookPieces: col.quantity().nullable(),
    /** What went in or out between the parts of its count: whether it was among what had been counted nobody knows. */
    movedPieces: col.quantity().default(0),
    countedAt: col.instant().nullable(),
    countedBy: col.id().nullable(),
    countedByName: col.text(80).nullable(),
    kept: col.bool(),
    /** As posted; fen of the difference. */
    postedPieces: col.quantity().nullable(),
    postedFen: col.money().nullable(),
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ux_stocktake_goods', columns: ['stocktakeId', 'skuId', 'batchKey', 'bucket'], unique: true },
      { name: 'ix_stocktake_goods_sku', columns: ['skuId'] },
    ],
  },
);

/** Every scan with its answer: one that is sent twice gets its first answer, and numbers that nobody knows are kept. */
export const stocktakeScan = defineTable(
  'stocktake_scan',
  {
    id: col.id().primary(),
    stocktakeId: col.id().references('stocktake'),
    scanKey: col.code(60),
    text: col.text(200),
    /** The number it goes by, where it is one. */
    number: col.code(40).nullable(),
    outcome: col.code<'right' | 'double' | 'wrong'>(10),
    /** i18n key and its placeholders. */
    reason: col.code(60),
    details: col.json<Record<string, unknown>>(),
    deviceId: col.id().nullable().references('device'),
    scannedAt: col.instant(),
    scannedBy: col.id().nullable(),
    scannedByName: col.text(80),
  },
  {
    indexes: [
      { name: 'ux_stocktake_scan', columns: ['stocktakeId', 'scanKey'], unique: true },
      { name: 'ix_stocktake_scan_device', columns: ['deviceId'] },
      { name: 'ix_stocktake_scan_outcome', columns: ['stocktakeId', 'outcome', 'id'] },
    ],
  },
);

export type StocktakeRow = Row<typeof stocktake>;
export type StocktakeDeviceRow = Row<typeof stocktakeDevice>;
export type StocktakeGoodsRow = Row<typeof stocktakeGoods>;
export type StocktakeScanRow = Row<typeof stocktakeScan>;
