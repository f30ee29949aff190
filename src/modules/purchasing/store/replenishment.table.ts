import { col, defineTable, type Row } from '../../../platform/database';
import type { ProposalFigures } from '../domain/replenishment';

/**
 * How goods are replenished; what is left out follows from the next wider rule: of a product in a store, of the product in all
 * stores, of all goods of a store, of everything.
 */
export const replenishmentRule = defineTable(
  'replenishment_rule',
  {
    id: col.id().primary(),
    storeId: col.id().references('store').nullable(),
    skuId: col.id().references('sku').nullable(),
    /** `store/sku`, 0 for all: one rule each. */
    ruleKey: col.code(40),
    minimum: col.int().nullable(),
    maximum: col.int().nullable(),
    coverDays: col.int().nullable(),
    leadDays: col.int().nullable(),
    packSize: col.int().nullable(),
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ux_replenishment_rule', columns: ['ruleKey'], unique: true },
      { name: 'ix_replenish_rule_store', columns: ['storeId'] },
      { name: 'ix_replenish_rule_sku', columns: ['skuId'] },
    ],
  },
);

/** What one computation proposes for a product in a store. The next computation takes its place. */
export const replenishmentLine = defineTable(
  'replenishment_line',
  {
    id: col.id().primary(),
    /** The upkeep run that computed it. */
    runId: col.id(),
    /** `wish`: became part of a requisition instead of what was proposed. */
    kind: col.code<'transfer' | 'purchase' | 'wish'>(10),
    storeId: col.id().references('store'),
    skuId: col.id().references('sku'),
    /** Of a transfer: who gives. */
    fromStoreId: col.id().references('store').nullable(),
    /** Of a purchase: who delivered last; null: never bought. */
    supplierId: col.id().references('supplier').nullable(),
    quantity: col.quantity(),
    /** Tenths of days that what is there and coming lasts: the smallest is the most urgent. */
    coverTenths: col.int(),
    figures: col.json<ProposalFigures>(),
    state: col.code<'open' | 'done'>(10),
    documentId: col.id().nullable(),
    documentNumber: col.code(40).nullable(),
  },
  {
    indexes: [
      { name: 'ix_replenish_line_run', columns: ['runId', 'state', 'coverTenths'] },
      { name: 'ix_replenish_line_store', columns: ['storeId', 'skuId'] },
      { name: 'ix_replenish_line_sku', columns: ['skuId'] },
      { name: 'ix_replenish_line_from', columns: ['fromStoreId'] },
      { name: 'ix_replenish_line_sup', columns: ['supplierId'] },
    ],
  },
);

export type ReplenishmentRuleRow = Row<typeof replenishmentRule>;
export type ReplenishmentLineRow = Row<typeof replenishmentLine>;
