/** A part of a whole in basis points, rounded; null of nothing. */
export const shareBp = (part: number, whole: number): number | null =>
  whole > 0 ? Math.round((part * 10_000) / whole) : null;

export interface BoughtBefore {
  /** Pieces and tax-inclusive amount in the period, and in the one of the same length before it. */
  pieces: number;
  amountFen: number;
  piecesBefore: number;
  amountBeforeFen: number;
}

/**
 * How much more (+) or less (−) the goods of the period cost than the same goods did in the period before, in basis points:
 * each product at its average prices, weighted by what was bought in the period. Products of one period only say nothing.
 */
export function priceChangeBp(products: readonly BoughtBefore[]): number | null {
  const both = products.filter(({ pieces, piecesBefore }) => pieces > 0 && piecesBefore > 0);
  const now = both.reduce((sum, { amountFen }) => sum + amountFen, 0);
  const before = both.reduce((sum, one) => sum + (one.amountBeforeFen / one.piecesBefore) * one.pieces, 0);
  return before > 0 ? Math.round(((now - before) * 10_000) / before) : null;
}
