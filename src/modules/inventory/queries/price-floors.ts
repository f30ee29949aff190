import type { BusinessDate } from '../../../kernel';
import type { DeviceOnBooks } from '../../../ledger';
import type { Reader } from '../../../platform/database';
import { type SkuCard, skusByIds } from '../../catalog';
import { withAgreedCosts } from './consigned-terms';
import { activeFloorRules, floorByRule, floorTermsOf, pricesOf } from '../../pricing';

export interface ListPrice {
  /** Null: no list names its product. */
  listFen: number | null;
  /** Below it only who may; null: none. */
  floorFen: number | null;
}

/** What the lists ask for each device in its store, and the floor of its product: set by hand, or by rule. */
export async function listPricesOf(
  read: Reader,
  devices: readonly DeviceOnBooks[],
  { at, on }: { at: number; on: BusinessDate },
): Promise<{ prices: Map<number, ListPrice>; skus: Map<number, SkuCard> }> {
  const skus = await skusByIds(
    read,
    devices.map(({ skuId }) => skuId),
  );
  const terms = await floorTermsOf(read, await activeFloorRules(read), skus, null);
  const prices = new Map<number, ListPrice>();
  // Of what is here on consignment the agreed price is what it costs.
  const costed = await withAgreedCosts(read, devices);
  for (const [storeId, here] of Map.groupBy(costed, (row) => row.storeId)) {
    const skuIds = here.map(({ skuId }) => skuId);
    const asked = await pricesOf(read, skuIds, { storeId, at, on });
    for (const { id, skuId, costFen } of here) {
      const list = asked.get(skuId);
      const rule = terms.get(skuId);
      const byRule = rule && list ? floorByRule(rule, { priceFen: list.priceFen, costFen }) : null;
      const ownRule = rule && !list && rule.rule.basis !== 'price' ? floorByRule(rule, { priceFen: 0, costFen }) : null;
      const floorFen = list?.floorFen ?? (byRule ?? ownRule)?.floorFen ?? null;
      prices.set(id, { listFen: list?.priceFen ?? null, floorFen });
    }
  }
  return { prices, skus };
}
