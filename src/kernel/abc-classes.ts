export const ABC = ['A', 'B', 'C'] as const;
export type AbcClass = (typeof ABC)[number];

export interface AbcLimits {
  /** Share of the whole, in percent, that the A goods make; and A and B together. */
  aPercent: number;
  bPercent: number;
}

/**
 * By what they bring, best first: A as long as the goods before have not made the share of A, then B, then C. Goods that brought
 * nothing are C. Returns the class of each, in the order given.
 */
export function abcOf(netFen: readonly number[], { aPercent, bPercent }: AbcLimits): AbcClass[] {
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
