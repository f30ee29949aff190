import { type BusinessDate, daysBetween } from '../../../kernel';

export const IDLE_ACTIONS = ['transfer', 'return', 'markdown'] as const;
export type IdleAction = (typeof IDLE_ACTIONS)[number];

/** Younger stock is not called idle. */
export const IDLE_FROM_DAYS = 30;
/** Weeks of sales that say where something sells. */
export const DEMAND_WEEKS = 13;
/** A supplier takes back at most what came so recently. */
const RETURN_DAYS = 180;

/** Days for which goods have been held without a sale. */
export const idleDaysOf = (heldSince: BusinessDate, lastSoldOn: BusinessDate | null, today: BusinessDate): number =>
  daysBetween(lastSoldOn !== null && lastSoldOn > heldSince ? lastSoldOn : heldSince, today);

export interface Elsewhere {
  storeId: number;
  /** Pieces sold in DEMAND_WEEKS, and what is there. */
  sold: number;
  quantity: number;
}

/**
 * What to do with it: to the store that sells most of it and has less than it sells; back to the supplier where it was bought
 * lately; else cheaper.
 */
export function adviseIdle(
  storeId: number,
  all: readonly Elsewhere[],
  boughtOn: BusinessDate | null,
  today: BusinessDate,
): { action: IdleAction; toStoreId: number | null } {
  const [best] = all
    .filter((one) => one.storeId !== storeId && one.sold > 0 && one.quantity < one.sold)
    .toSorted((one, other) => other.sold - one.sold || one.storeId - other.storeId);
  if (best) return { action: 'transfer', toStoreId: best.storeId };
  const returns = boughtOn !== null && daysBetween(boughtOn, today) <= RETURN_DAYS;
  return { action: returns ? 'return' : 'markdown', toStoreId: null };
}
