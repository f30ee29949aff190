import { addTax, fen, type Money, mulDiv, multiply, splitTax } from '../../../kernel';

/** `landed`: freight and the like that is part of what the goods of the same invoice cost; the two others are expenses. */
export type InvoiceLineKind = 'goods' | 'landed' | 'selling_expense' | 'admin_expense';

/** A receipt line as it stands: what was received, and what of it is without invoice. */
export interface ReceivedLine {
  /** Tax-inclusive; a posted receipt has a price for everything. */
  receivedPriceFen: number;
  /** Tax-inclusive; null: not received against an order, or the order had no price. */
  orderedPriceFen: number | null;
  taxRateBp: number;
  received: number;
  /** Without tax, of all pieces received. */
  netFen: number;
  clearedPieces: number;
  clearedFen: number;
}

export interface Tolerance {
  /** Of what the goods should cost. */
  percentBp: number;
  /** A line; differences up to it are roundings and pass whatever they are in percent. */
  amountFen: number;
}

export interface LineMatch {
  leftPieces: number;
  /** What the pieces should cost, tax-inclusive, as received and as ordered. */
  receivedFen: Money;
  orderedFen: Money | null;
  /** Invoiced less received; the larger of that and invoiced less ordered decides. */
  differenceFen: Money;
  orderDifferenceFen: Money | null;
  beyond: boolean;
}

export const leftOf = ({ received, netFen, clearedPieces, clearedFen }: ReceivedLine) => ({
  leftPieces: received - clearedPieces,
  leftFen: netFen - clearedFen,
});

/** Order, receipt and invoice of one line side by side (三单匹配). Differences in our favour are differences as well. */
export function matchLine(
  line: ReceivedLine,
  invoiced: { quantity: number; amountFen: number },
  tolerance: Tolerance,
): LineMatch {
  const { leftPieces, leftFen } = leftOf(line);
  const { quantity, amountFen } = invoiced;
  // Where only an amount is left (pieces went back for less than they cost), that is what may still be billed.
  const receivedFen =
    quantity === 0 && leftPieces === 0
      ? addTax(fen(leftFen), line.taxRateBp).grossFen
      : multiply(fen(line.receivedPriceFen), quantity);
  const orderedFen =
    line.orderedPriceFen === null || quantity === 0 ? null : multiply(fen(line.orderedPriceFen), quantity);
  const beyond = (expectedFen: number): boolean => {
    const difference = Math.abs(amountFen - expectedFen);
    return difference > tolerance.amountFen && difference * 10_000 > Math.abs(expectedFen) * tolerance.percentBp;
  };
  return {
    leftPieces,
    receivedFen,
    orderedFen,
    differenceFen: fen(amountFen - receivedFen),
    orderDifferenceFen: orderedFen === null ? null : fen(amountFen - orderedFen),
    beyond: beyond(receivedFen) || (orderedFen !== null && beyond(orderedFen)),
  };
}

export interface TakenAmounts {
  /** What the pieces were put into stock at. */
  valueFen: Money;
  /** What the invoice takes of the accrued amount: with the last piece all that is left. */
  clearedFen: Money;
}

/**
 * Pieces of a line are worth their part of its net amount, counted from where the documents before ended, so that the parts
 * of all documents add up to the fen. A return at another price leaves more or less accrued than that.
 */
export function takenAmounts(line: ReceivedLine, quantity: number): TakenAmounts {
  const { leftPieces, leftFen } = leftOf(line);
  const upTo = (pieces: number): number => (line.received === 0 ? 0 : mulDiv(line.netFen, pieces, line.received));
  const valueFen = fen(upTo(line.clearedPieces + quantity) - upTo(line.clearedPieces));
  return { valueFen, clearedFen: fen(quantity === leftPieces ? leftFen : Math.min(leftFen, valueFen)) };
}

/** What the supplier should bill for so many pieces, tax-inclusive; for the rest of an amount, that and its tax. */
export function expectedAmounts(line: ReceivedLine, quantity: number): { amountFen: Money; taxFen: Money } {
  if (quantity === 0) {
    const { grossFen, taxFen } = addTax(takenAmounts(line, 0).clearedFen, line.taxRateBp);
    return { amountFen: grossFen, taxFen };
  }
  const amountFen = multiply(fen(line.receivedPriceFen), quantity);
  // Of a whole line the tax is that of the receipt, to the fen.
  if (quantity === line.received) return { amountFen, taxFen: fen(amountFen - line.netFen) };
  return { amountFen, taxFen: splitTax(amountFen, line.taxRateBp).taxFen };
}
