import { col, defineTable, type Row } from '../../../platform/database';
import type { RebateKind, RebateTier } from '../domain/rebate';

/** What a supplier promises to pay back for a period (返利). */
export const rebate = defineTable(
  'rebate',
  {
    id: col.id().primary(),
    number: col.code(40),
    supplierId: col.id().references('supplier'),
    /** In whose books it stands; what counts may be bought or sold by any store. */
    storeId: col.id().references('store'),
    name: col.text(100),
    kind: col.code<RebateKind>(12),
    fromOn: col.date(),
    toOn: col.date(),
    /** What counts; null: everything. */
    brandId: col.id().references('brand').nullable(),
    categoryId: col.id().references('category').nullable(),
    productId: col.id().references('product').nullable(),
    /** Of the rebate; 0: without tax. */
    taxRateBp: col.int(),
    tiers: col.json<RebateTier[]>(),
    note: col.text(400).nullable(),
    state: col.code<'open' | 'closed'>(12),
    accruedUntil: col.date().nullable(),
    /** Booked so far with the tax in it, and what came of it. */
    earnedFen: col.money(),
    taxFen: col.money(),
    settledFen: col.money(),
    createdAt: col.instant(),
    createdByName: col.text(80),
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ux_rebate_number', columns: ['number'], unique: true },
      { name: 'ix_rebate_supplier', columns: ['supplierId', 'state', 'id'] },
      { name: 'ix_rebate_store', columns: ['storeId', 'state', 'id'] },
      { name: 'ix_rebate_brand', columns: ['brandId'] },
      { name: 'ix_rebate_category', columns: ['categoryId'] },
      { name: 'ix_rebate_product', columns: ['productId'] },
    ],
  },
);

/** A calculation that was booked: all that counted until a day. */
export const rebateRun = defineTable(
  'rebate_run',
  {
    id: col.id().primary(),
    rebateId: col.id().references('rebate'),
    number: col.code(40),
    untilOn: col.date(),
    pieces: col.int(),
    amountFen: col.money(),
    tierNo: col.int(),
    /** In all, and what is more or less than the run before. */
    earnedFen: col.money(),
    changeFen: col.money(),
    taxFen: col.money(),
    businessDate: col.date(),
    ranAt: col.instant(),
    ranByName: col.text(80),
  },
  {
    indexes: [
      { name: 'ux_rebate_run_number', columns: ['number'], unique: true },
      { name: 'ix_rebate_run_rebate', columns: ['rebateId', 'id'] },
    ],
  },
);

/** What a calculation was made of, as it was then. */
export const rebateRow = defineTable(
  'rebate_row',
  {
    id: col.id().primary(),
    runId: col.id().references('rebate_run'),
    seq: col.int(),
    documentType: col.code(40),
    documentId: col.id(),
    documentNumber: col.code(40),
    businessDate: col.date(),
    storeId: col.id().references('store'),
    skuId: col.id().references('sku'),
    deviceId: col.id().references('device').nullable(),
    pieces: col.int(),
    amountFen: col.money(),
  },
  {
    indexes: [
      { name: 'ix_rebate_row_run', columns: ['runId', 'seq'] },
      { name: 'ix_rebate_row_store', columns: ['storeId'] },
      { name: 'ix_rebate_row_sku', columns: ['skuId'] },
      { name: 'ix_rebate_row_device', columns: ['deviceId'] },
    ],
  },
);

export type RebateDataRow = Row<typeof rebate>;
