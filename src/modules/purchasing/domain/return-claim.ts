import { allocate, fen, type Money } from '../../../kernel';

/** What is left of a receipt line whose invoice has not come. */
export interface UninvoicedLine {
  receiptLineId: number;
  receiptId: number;
  skuId: number;
  /** Null: nothing is owed for it (free goods). */
  openItemId: number | null;
  leftPieces: number;
  /** Net. */
  leftFen: number;
}

export interface Cleared {
  receiptLineId: number;
  openItemId: number | null;
  pieces: number;
  clearedFen: number;
}

export interface LineClaim {
  /** Agreed, without tax. */
  netFen: Money;
  /** Tax of the pieces that were invoiced: only these have input tax to give back. */
  taxFen: Money;
  cleared: Cleared[];
}

/**
 * What the supplier owes for a returned line. Pieces whose invoice has not come (`uninvoiced`: which receipt line, how many)
 * lower what is accrued for them, at most by what is left there; the rest is a claim like an invoice of the supplier.
 */
export function claimOf(
  line: { quantity: number; amountFen: Money; taxFen: Money },
  uninvoiced: readonly { line: UninvoicedLine; pieces: number }[],
): LineClaim {
  const invoiced = line.quantity - uninvoiced.reduce((sum, { pieces }) => sum + pieces, 0);
  const netFen = fen(line.amountFen - line.taxFen);
  const weights = [...uninvoiced.map(({ pieces }) => pieces), invoiced];
  const shares = allocate(netFen, weights);
  const taxes = allocate(line.taxFen, weights);
  return {
    netFen,
    taxFen: taxes.at(-1) ?? fen(0),
    cleared: uninvoiced.map(({ line: { receiptLineId, openItemId, leftFen }, pieces }, index) => ({
      receiptLineId,
      openItemId,
      pieces,
      clearedFen: openItemId === null ? 0 : Math.max(0, Math.min(shares[index] ?? 0, leftFen)),
    })),
  };
}

/** Takes pieces from receipt lines in their order; `left` is lowered by what is taken. */
export function takeUninvoiced(
  lines: readonly UninvoicedLine[],
  quantity: number,
  left: Map<number, UninvoicedLine>,
): { line: UninvoicedLine; pieces: number }[] {
  const taken: { line: UninvoicedLine; pieces: number }[] = [];
  let missing = quantity;
  for (const { receiptLineId } of lines) {
    const now = left.get(receiptLineId);
    const pieces = Math.min(missing, now?.leftPieces ?? 0);
    if (!now || pieces <= 0) continue;
    taken.push({ line: now, pieces });
    left.set(receiptLineId, { ...now, leftPieces: now.leftPieces - pieces });
    missing -= pieces;
  }
  return taken;
}
