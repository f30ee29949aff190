import { invalidField } from '../../../kernel';

export interface PriceChange {
  skuId: number;
  /** With tax; null ends the price, so that a store's list falls back to the base list. */
  priceFen: number | null;
  /** Below it a sale needs approval; null: no floor. */
  floorFen?: number | null;
}

export interface ExistingPrice {
  id: number;
  skuId: number;
  priceFen: number;
  floorFen: number | null;
  fromAt: number;
  untilAt: number | null;
}

export interface PricePlan {
  /** Rows that end when the new price begins. */
  endIds: number[];
  /** Rows that begin at that very instant and are replaced: the price was corrected before anybody could use it. */
  replace: { id: number; priceFen: number; floorFen: number | null; untilAt: number | null }[];
  insert: { skuId: number; priceFen: number; floorFen: number | null; untilAt: number | null }[];
  /** What changed, for the audit log. */
  changes: { skuId: number; before: number | null; after: number | null }[];
}

/**
 * What to write so that each change holds from `fromAt` until the next price that is planned already. `existing` are the
 * rows of these SKUs in the list that begin at `fromAt`, end after it or never. A price equal to the one that holds changes nothing.
 * Throws errors:form at `items.<index>.priceFen` or `.floorFen`.
 */
export function planPrices(
  changes: readonly PriceChange[],
  existing: readonly ExistingPrice[],
  fromAt: number,
): PricePlan {
  const plan: PricePlan = { endIds: [], replace: [], insert: [], changes: [] };
  const bySku = new Map<number, ExistingPrice[]>();
  for (const row of existing) bySku.set(row.skuId, [...(bySku.get(row.skuId) ?? []), row]);
  const seen = new Set<number>();
  changes.forEach((change, index) => {
    checkChange(change, index);
    if (seen.has(change.skuId)) throw invalidField(`items.${index}.skuId`, 'pricing:error.sku_twice');
    seen.add(change.skuId);
    const rows = bySku.get(change.skuId) ?? [];
    const current = rows.find((row) => row.fromAt <= fromAt && (row.untilAt === null || row.untilAt > fromAt));
    // A price that was taken away in its first instant still stands there, and no other may begin then.
    const same = rows.find((row) => row.fromAt === fromAt);
    planOne(plan, change, { current, same, untilAt: nextFrom(rows, fromAt) });
  });
  return plan;
}

function planOne(
  plan: PricePlan,
  { skuId, priceFen, floorFen = null }: PriceChange,
  {
    current,
    same,
    untilAt,
  }: { current?: ExistingPrice | undefined; same?: ExistingPrice | undefined; untilAt: number | null },
): void {
  if (priceFen === null) {
    if (!current) return;
    plan.endIds.push(current.id);
    plan.changes.push({ skuId, before: current.priceFen, after: null });
    return;
  }
  if (current?.priceFen === priceFen && current.floorFen === floorFen) return;
  if (same) plan.replace.push({ id: same.id, priceFen, floorFen, untilAt });
  else {
    if (current) plan.endIds.push(current.id);
    plan.insert.push({ skuId, priceFen, floorFen, untilAt });
  }
  plan.changes.push({ skuId, before: current?.priceFen ?? null, after: priceFen });
}

function nextFrom(rows: readonly ExistingPrice[], fromAt: number): number | null {
  const later = rows.map((row) => row.fromAt).filter((at) => at > fromAt);
  return later.length > 0 ? Math.min(...later) : null;
}

/** 10 million yuan: more is a slip of the finger. */
export const MAX_PRICE_FEN = 1_000_000_000;

function checkChange({ priceFen, floorFen = null }: PriceChange, index: number): void {
  if (priceFen === null) return;
  if (!Number.isSafeInteger(priceFen) || priceFen < 0 || priceFen > MAX_PRICE_FEN)
    throw invalidField(`items.${index}.priceFen`, 'pricing:error.price_range');
  if (floorFen === null) return;
  if (!Number.isSafeInteger(floorFen) || floorFen < 0)
    throw invalidField(`items.${index}.floorFen`, 'pricing:error.price_range');
  if (floorFen > priceFen) throw invalidField(`items.${index}.floorFen`, 'pricing:error.floor_above_price');
}
