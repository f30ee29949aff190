import { fen, invalid, type Money, multiply, splitTax, subtract, sum } from '../../../kernel';

export interface PricedLine {
  quantity: number;
  /** One piece, with tax. */
  listPriceFen: number;
  /** Off the whole line. */
  discountFen: number;
  taxRateBp: number;
}

export interface LineAmounts {
  /** What the customer pays for the line, with tax. */
  amountFen: Money;
  netFen: Money;
  taxFen: Money;
}

/** Throws sales:error.discount_too_big when the discount exceeds the line, errors:number.out_of_range for a negative one. */
export function lineAmounts({ quantity, listPriceFen, discountFen, taxRateBp }: PricedLine): LineAmounts {
  if (quantity < 1 || listPriceFen < 0 || discountFen < 0) throw invalid('errors:number.out_of_range');
  const amountFen = subtract(multiply(fen(listPriceFen), quantity), fen(discountFen));
  if (amountFen < 0) throw invalid('sales:error.discount_too_big');
  const { netFen, taxFen } = splitTax(amountFen, taxRateBp);
  return { amountFen, netFen, taxFen };
}

export interface SaleTotals {
  quantity: number;
  listFen: Money;
  discountFen: Money;
  grossFen: Money;
  netFen: Money;
  taxFen: Money;
}

/** A document's tax is the sum of its lines' tax. */
export function saleTotals(lines: readonly (PricedLine & LineAmounts)[]): SaleTotals {
  return {
    quantity: lines.reduce((total, line) => total + line.quantity, 0),
    listFen: sum(lines.map((line) => multiply(fen(line.listPriceFen), line.quantity))),
    discountFen: sum(lines.map((line) => fen(line.discountFen))),
    grossFen: sum(lines.map((line) => line.amountFen)),
    netFen: sum(lines.map((line) => line.netFen)),
    taxFen: sum(lines.map((line) => line.taxFen)),
  };
}

/** Whether the line is sold for less than its floor price; without a floor never. */
export function isBelowFloor(line: { quantity: number; amountFen: number; floorFen: number | null }): boolean {
  return line.floorFen !== null && line.amountFen < line.floorFen * line.quantity;
}

/** A piece with a price of its own (used, demo) may be cheaper than the floor of its model. */
export function floorOf(floorFen: number | null | undefined, ownPriceFen: number | null | undefined): number | null {
  if (floorFen === null || floorFen === undefined) return null;
  return Math.min(floorFen, ownPriceFen ?? floorFen);
}
