import type { AccountRole, Bucket } from '../../../ledger';

/** What a change of stock does; the reason says it. The first four move goods between states of stock. */
export const STATUS_EFFECTS = ['sellable', 'demo', 'defective', 'quarantine'] as const satisfies readonly Bucket[];
export type StatusEffect = (typeof STATUS_EFFECTS)[number];

/**
 * Adjustments change what stock is worth. `loss`: it is gone. `issue`: taken for own use or given away. `scrap`: thrown
 * away. `gain`: found, at a cost. `value`: only its cost was wrong.
 */
export const ADJUSTMENTS = ['loss', 'issue', 'scrap', 'gain', 'value'] as const;
export type Adjustment = (typeof ADJUSTMENTS)[number];

export const CHANGE_EFFECTS = [...STATUS_EFFECTS, ...ADJUSTMENTS] as const;
export type ChangeEffect = (typeof CHANGE_EFFECTS)[number];

export const isAdjustment = (effect: ChangeEffect): effect is Adjustment =>
  (ADJUSTMENTS as readonly ChangeEffect[]).includes(effect);

/** Three documents of one shape: each has its own numbers and its own name on paper. */
export type ChangeKind = 'change' | 'adjustment' | 'scrap';
export const kindOf = (effect: ChangeEffect): ChangeKind =>
  effect === 'scrap' ? 'scrap' : isAdjustment(effect) ? 'adjustment' : 'change';

/** Where a reason may book what stock lost or gained. */
export const REASON_ACCOUNTS = [
  'admin_expense',
  'selling_expense',
  'other_expense',
  'other_income',
  'cost_adjustment',
  'stock_difference',
] as const satisfies readonly AccountRole[];
export type ReasonAccount = (typeof REASON_ACCOUNTS)[number];
