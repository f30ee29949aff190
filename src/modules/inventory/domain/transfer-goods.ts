import { costOut } from '../../../kernel';

/** What lies in one batch, or is on the way as one part. */
export interface Lot {
  quantity: number;
  valueFen: number;
}

/**
 * Takes pieces from lots in their order, each at its own average; the last piece of a lot takes what is left of its value.
 * Undefined when there are not so many.
 */
export function takeFrom<L extends Lot>(
  lots: readonly L[],
  quantity: number,
): { lot: L; quantity: number; valueFen: number }[] | undefined {
  const taken: { lot: L; quantity: number; valueFen: number }[] = [];
  let missing = quantity;
  for (const lot of lots) {
    const here = Math.min(missing, lot.quantity);
    if (here <= 0) continue;
    taken.push({ lot, quantity: here, valueFen: costOut(lot, here) });
    missing -= here;
  }
  return missing > 0 ? undefined : taken;
}
