export interface ListedPrice {
  fromOn: string;
  untilOn: string | null;
  minQuantity: number;
  packSize: number;
  unitPriceFen: number;
}

/**
 * The price of a list for so many pieces on a day: of those that hold, the one for the largest quantity that is reached, and
 * of these the one that began last. Null when the list says nothing.
 */
export function priceOn<P extends ListedPrice>(prices: readonly P[], day: string, quantity: number): P | null {
  const holding = prices.filter(
    ({ fromOn, untilOn, minQuantity }) =>
      fromOn <= day && (untilOn === null || untilOn >= day) && minQuantity <= quantity,
  );
  const better = (a: P, b: P): boolean =>
    a.minQuantity === b.minQuantity ? a.fromOn > b.fromOn : a.minQuantity > b.minQuantity;
  return holding.reduce<P | null>((best, price) => (best === null || better(price, best) ? price : best), null);
}

/** How far a price is above (+) or below (−) that of the list, in basis points, rounded; null without a list price. */
export const deviationBp = (unitPriceFen: number, listFen: number | null): number | null =>
  listFen === null || listFen === 0 ? null : Math.round(((unitPriceFen - listFen) * 10_000) / listFen);
