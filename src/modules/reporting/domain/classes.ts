export const ABC = ['A', 'B', 'C'] as const;
export const XYZ = ['X', 'Y', 'Z'] as const;
export type AbcClass = (typeof ABC)[number];
export type XyzClass = (typeof XYZ)[number];

export interface ClassLimits {
  /** Share of the sales, in percent, that the A goods make; and A and B together. */
  aPercent: number;
  bPercent: number;
  /** Variation of weekly sales, in percent, up to which goods are X; and Y. */
  xPercent: number;
  yPercent: number;
}

/**
 * By what they bring, best first: A as long as the goods before have not made the share of A, then B, then C. Goods that brought
 * nothing are C. Returns the class of each, in the order given.
 */
export function abcOf(netFen: readonly number[], { aPercent, bPercent }: ClassLimits): AbcClass[] {
  const classes = netFen.map((): AbcClass => 'C');
  const order = netFen.map((fen, place) => ({ fen, place })).filter(({ fen }) => fen > 0);
  order.sort((one, other) => other.fen - one.fen || one.place - other.place);
  const total = order.reduce((sum, { fen }) => sum + fen, 0);
  let before = 0;
  for (const { fen, place } of order) {
    const share = before * 100;
    classes[place] = share < aPercent * total ? 'A' : share < bPercent * total ? 'B' : 'C';
    before += fen;
  }
  return classes;
}

/** Fewer weeks say nothing about how steadily something sells. */
const FEWEST_WEEKS = 4;

/** Standard deviation of the weekly pieces against their mean, in basis points; null where nothing can be said. */
export function variationBpOf(weekly: readonly number[]): number | null {
  const mean = weekly.reduce((sum, pieces) => sum + pieces, 0) / weekly.length;
  if (weekly.length < FEWEST_WEEKS || mean <= 0) return null;
  const variance = weekly.reduce((sum, pieces) => sum + (pieces - mean) ** 2, 0) / weekly.length;
  return Math.round((Math.sqrt(variance) * 10_000) / mean);
}

/** What cannot be told counts as irregular. */
export function xyzOf(variationBp: number | null, { xPercent, yPercent }: ClassLimits): XyzClass {
  if (variationBp === null) return 'Z';
  return variationBp <= xPercent * 100 ? 'X' : variationBp <= yPercent * 100 ? 'Y' : 'Z';
}
