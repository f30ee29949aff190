/** Which goods of the location are counted; empty lists do not narrow. */
export interface StocktakeScope {
  /** With all categories below them. */
  categoryIds: readonly number[];
  brandIds: readonly number[];
  skuIds: readonly number[];
}

export const EVERYTHING: StocktakeScope = { categoryIds: [], brandIds: [], skuIds: [] };

export const isEverything = (scope: StocktakeScope): boolean =>
  scope.categoryIds.length + scope.brandIds.length + scope.skuIds.length === 0;
