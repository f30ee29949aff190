import type { BusinessDate } from '../../../kernel';
import type { Reader } from '../../../platform/database';
import type { ListQuery } from '../../../platform/lists';
import type { Actor } from '../../../platform/permissions';
import { type BudgetPlan, planBudget } from '../domain/budget';
import { priceOn } from '../domain/supplier-price';
import { lastPrices } from './last-prices';
import { openPurchases, type ProposalFilter } from './proposal-list';
import { listedPrices } from './supplier-prices';

/** So many can be made into orders at once. */
const MOST = 500;

/**
 * The open proposals of the filter that a budget buys, at the price of the supplier's list or of the last receipt: what a draft
 * of an order would propose. A statement or two for each supplier.
 */
export async function withinBudget(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  filter: ProposalFilter,
  { budgetFen, today }: { budgetFen: number; today: BusinessDate },
): Promise<BudgetPlan> {
  const rows = await openPurchases(read, actor, query, filter);
  const unitFen = new Map<number, number>();
  for (const [supplierId, ofSupplier] of Map.groupBy(rows, (row) => row.supplierId)) {
    if (supplierId === null) continue;
    const skuIds = ofSupplier.map(({ skuId }) => skuId);
    const listed = await listedPrices(read, supplierId, skuIds);
    const last = await lastPrices(read, supplierId, skuIds);
    for (const { id, skuId, quantity } of ofSupplier) {
      const price = priceOn(listed.get(skuId) ?? [], today, quantity)?.unitPriceFen ?? last.get(skuId);
      if (price !== undefined) unitFen.set(id, price);
    }
  }
  const priced = rows.map(({ id, quantity }) => {
    const price = unitFen.get(id);
    return { id, amountFen: price === undefined ? null : price * quantity };
  });
  return planBudget(priced, budgetFen, MOST);
}
