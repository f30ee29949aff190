import type { BusinessDate } from '../../../kernel';
import type { Reader } from '../../../platform/database';
import type { StoreScope } from '../../../platform/permissions';
import { setAside } from '../../inventory';
import { type OnOrder, onOrder } from '../../purchasing';
import { stockSums } from './stock-sums';

interface Places {
  scope: StoreScope;
  storeId: number | null;
}

const within = ({ scope, storeId }: Places, id: number): boolean =>
  (scope === 'all' || scope.includes(id)) && (storeId === null || storeId === id);

async function ordersOf(read: Reader, skuIds: readonly number[], places: Places): Promise<OnOrder[]> {
  return (await onOrder(read, { skuIds })).filter(({ storeId }) => within(places, storeId));
}

/** SKU → pieces on order for these stores. */
export async function onOrderOf(read: Reader, skuIds: readonly number[], places: Places): Promise<Map<number, number>> {
  const sums = new Map<number, number>();
  for (const { skuId, quantity } of await ordersOf(read, skuIds, places))
    sums.set(skuId, (sums.get(skuId) ?? 0) + quantity);
  return sums;
}

/** One product in one store. */
export interface Availability {
  storeId: number;
  sellable: number;
  demo: number;
  defective: number;
  quarantine: number;
  /** Scanned for transfers that have not left. */
  setAside: number;
  /** What can be promised to a customer now: sellable less what is set aside. */
  available: number;
  /** On the way to the store. */
  inTransit: number;
  onOrder: number;
  /** The first day on which some of what is on order is expected. */
  expectedOn: BusinessDate | null;
}

/** Where one product is and what is coming, by store; stores that have nothing and get nothing are left out. */
export async function availabilityOf(read: Reader, skuId: number, places: Places): Promise<Availability[]> {
  const found = new Map<number, Availability>();
  const of = (storeId: number): Availability => {
    const known = found.get(storeId) ?? {
      storeId,
      sellable: 0,
      demo: 0,
      defective: 0,
      quarantine: 0,
      setAside: 0,
      available: 0,
      inTransit: 0,
      onOrder: 0,
      expectedOn: null,
    };
    found.set(storeId, known);
    return known;
  };
  const filter = { ...places, text: '', brandId: null, categoryIds: null, on: null };
  for (const { storeId, bucket, quantity } of await stockSums(read, filter, {
    by: ['store', 'bucket'],
    skuIds: [skuId],
  })) {
    if (storeId === undefined || !bucket || quantity === 0) continue;
    of(storeId)[bucket === 'in_transit' ? 'inTransit' : bucket] = quantity;
  }
  for (const { storeId, quantity } of await setAside(read, [skuId])) {
    // What was scanned and then sold was never more than the shelf holds.
    const row = within(places, storeId) ? of(storeId) : undefined;
    if (row) row.setAside = Math.min(quantity, row.sellable);
  }
  for (const { storeId, quantity, expectedOn } of await ordersOf(read, [skuId], places))
    Object.assign(of(storeId), { onOrder: quantity, expectedOn });
  return [...found.values()]
    .filter((row) => row.sellable + row.demo + row.defective + row.quarantine + row.inTransit + row.onOrder > 0)
    .map((row) => ({ ...row, available: row.sellable - row.setAside }));
}
