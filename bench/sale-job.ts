import type { SaleJob } from './load-process';
import { ACCESSORY_FEN, PHONE_FEN, type Shop, TILLS } from './shop';

/** What the load process needs to sell in a shop; `deviceIds` by client. */
export function saleJob(
  url: string,
  shop: Shop,
  rest: Pick<SaleJob, 'clients' | 'deviceIds' | 'hall' | 'ms'>,
): SaleJob {
  return {
    kind: 'sales',
    url,
    sellers: shop.sellers,
    phoneSkuId: shop.phoneSkuId,
    accessorySkuIds: shop.accessorySkuIds,
    expectedFen: PHONE_FEN + 2 * ACCESSORY_FEN,
    cashFen: 460_000,
    ...rest,
  };
}

/** Each client's own handsets: those of its store, and those of the hall. */
export function shareOut(
  shop: Shop,
  byStore: ReadonlyMap<number, readonly number[]>,
): { stores: number[][]; hall: number[][] } {
  const of = (ids: readonly number[], part: number, parts: number): number[] =>
    ids.filter((_, index) => index % parts === part);
  const parts = TILLS / shop.stores.length;
  return {
    stores: shop.sellers.map(({ storeId }, n) =>
      of(byStore.get(storeId) ?? [], Math.floor(n / shop.stores.length), parts),
    ),
    hall: shop.sellers.map((_, n) => of(byStore.get(shop.hall.id) ?? [], n, TILLS)),
  };
}
