import { fen, multiply, splitTax, sum, type Money } from '../../../kernel';

export interface PricedLine {
  received: number;
  unitPriceFen: number | null;
  taxRateBp: number;
}

export interface LineAmounts {
  amountFen: Money;
  taxFen: Money;
}

/** Tax-inclusive amount of the pieces received and the tax in it; nothing while there is no price. */
export function lineAmounts({ received, unitPriceFen, taxRateBp }: PricedLine): LineAmounts {
  const { grossFen, taxFen } = splitTax(multiply(fen(unitPriceFen ?? 0), received), taxRateBp);
  return { amountFen: grossFen, taxFen };
}

export interface CountedLine {
  quantity: number;
  received: number;
  amountFen: number;
  taxFen: number;
}

export interface ReceiptTotals {
  lineCount: number;
  quantity: number;
  received: number;
  netFen: Money;
  taxFen: Money;
  grossFen: Money;
}

/** The tax of a document is the sum of its lines' tax. */
export function receiptTotals(lines: readonly CountedLine[]): ReceiptTotals {
  const grossFen = sum(lines.map((line) => fen(line.amountFen)));
  const taxFen = sum(lines.map((line) => fen(line.taxFen)));
  return {
    lineCount: lines.length,
    quantity: lines.reduce((total, line) => total + line.quantity, 0),
    received: lines.reduce((total, line) => total + line.received, 0),
    netFen: fen(grossFen - taxFen),
    taxFen,
    grossFen,
  };
}
