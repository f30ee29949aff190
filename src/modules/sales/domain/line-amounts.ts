import { fen, type Money, multiply, sum } from '../../../kernel';

/** A line as the price engine left it, with the tax in it. */
export interface PricedLine {
  quantity: number;
  /** One piece, with tax. */
  listPriceFen: number;
  /** Off the whole line. */
  discountFen: number;
  /** What the customer pays for the line, with tax. */
  amountFen: Money;
  netFen: Money;
  taxFen: Money;
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
export function saleTotals(lines: readonly PricedLine[]): SaleTotals {
  return {
    quantity: lines.reduce((total, line) => total + line.quantity, 0),
    listFen: sum(lines.map((line) => multiply(fen(line.listPriceFen), line.quantity))),
    discountFen: sum(lines.map((line) => fen(line.discountFen))),
    grossFen: sum(lines.map((line) => line.amountFen)),
    netFen: sum(lines.map((line) => line.netFen)),
    taxFen: sum(lines.map((line) => line.taxFen)),
  };
}
