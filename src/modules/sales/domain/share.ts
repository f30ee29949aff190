import { invalid, mulDiv } from '../../../kernel';

/**
 * The part of a line's amount that belongs to `returning` of its `quantity` pieces when `before` of them came back
 * already. Parts of any sequence of returns add up to the whole, so nothing is lost or won by rounding.
 */
export function shareOf(totalFen: number, quantity: number, before: number, returning: number): number {
  if (quantity < 1 || before < 0 || returning < 1 || before + returning > quantity)
    throw invalid('errors:number.out_of_range');
  return mulDiv(totalFen, before + returning, quantity) - mulDiv(totalFen, before, quantity);
}
