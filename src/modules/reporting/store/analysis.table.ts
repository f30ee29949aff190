import { col, defineTable, type Row } from '../../../platform/database';
import type { AbcClass, XyzClass } from '../domain/classes';
import type { IdleAction } from '../domain/idle-goods';

/**
 * What one computation found of a product over some weeks, in a store or in all of them. The next computation takes its place,
 * so that lists need not add up every movement of a year.
 */
export const stockAnalysis = defineTable(
  'stock_analysis',
  {
    id: col.id().primary(),
    /** The upkeep run that computed it. */
    runId: col.id(),
    /** Weeks before the day of the computation. */
    weeks: col.int(),
    /** 0: all stores together. */
    storeKey: col.id(),
    skuId: col.id().references('sku'),
    /** Pieces sold less returned, what they brought without tax and what they cost. */
    sold: col.quantity(),
    netFen: col.money(),
    costFen: col.money(),
    /** Value of the stock before the first and at the end of the last day, and its mean over the ends of all days. */
    openingFen: col.money(),
    closingFen: col.money(),
    averageFen: col.money(),
    /** At the end of the last day. */
    quantity: col.quantity(),
    /** Days that the average stock lasts at this rate; NEVER_TURNS where nothing was sold. */
    turnDays: col.int(),
    abc: col.code<AbcClass>(1),
    xyz: col.code<XyzClass>(1),
    /** Of the pieces sold each week; null where there is none to tell. */
    variationBp: col.int().nullable(),
  },
  {
    indexes: [
      { name: 'ix_stock_analysis_run', columns: ['runId', 'weeks', 'storeKey', 'abc', 'xyz'] },
      { name: 'ix_stock_analysis_sku', columns: ['skuId'] },
    ],
  },
);

/** Goods that a store holds and has not sold for some time. */
export const idleStock = defineTable(
  'idle_stock',
  {
    id: col.id().primary(),
    runId: col.id(),
    storeId: col.id().references('store'),
    skuId: col.id().references('sku'),
    quantity: col.quantity(),
    valueFen: col.money(),
    heldSince: col.date(),
    lastSoldOn: col.date().nullable(),
    /** Days since the last sale, or since the goods came where that is later. */
    idleDays: col.int(),
    action: col.code<IdleAction>(10),
    /** Where it sells; of the action `transfer` only. */
    toStoreId: col.id().references('store').nullable(),
  },
  {
    indexes: [
      { name: 'ix_idle_stock_run', columns: ['runId', 'idleDays', 'id'] },
      { name: 'ix_idle_stock_store', columns: ['storeId'] },
      { name: 'ix_idle_stock_sku', columns: ['skuId'] },
      { name: 'ix_idle_stock_to', columns: ['toStoreId'] },
    ],
  },
);

export type StockAnalysisRow = Row<typeof stockAnalysis>;
export type IdleStockRow = Row<typeof idleStock>;
