import type { JournalLine, PostedDocument, Posting } from '../../../ledger';
import type { TenderKind } from './sale';

export const SHIFT_STATES = ['open', 'closed'] as const;
export type ShiftState = (typeof SHIFT_STATES)[number];

/** Fen per tender kind; kinds that were not used are left out. */
export type TenderSums = Partial<Record<TenderKind, number>>;

/** Yuan notes and coins, the largest first, in fen. */
export const DENOMINATIONS_FEN = [10000, 5000, 2000, 1000, 500, 100, 50, 10] as const;

/** Pieces per denomination (fen as text) → fen. Unknown denominations and negative counts do not pass the form. */
export function countedCashFen(pieces: Readonly<Record<string, number>>): number {
  return DENOMINATIONS_FEN.reduce((total, fen) => total + fen * (pieces[String(fen)] ?? 0), 0);
}

/** What should be there: the opening float and the shift's cash, and the other tenders as they came. */
export function expectedSums(openingFloatFen: number, taken: TenderSums): TenderSums {
  return { ...taken, cash: openingFloatFen + (taken.cash ?? 0) };
}

/** Counted less expected, for every kind that one of them knows. */
export function sumsDifference(expected: TenderSums, counted: TenderSums): TenderSums {
  const kinds = new Set([...Object.keys(expected), ...Object.keys(counted)] as TenderKind[]);
  return Object.fromEntries([...kinds].map((kind) => [kind, (counted[kind] ?? 0) - (expected[kind] ?? 0)]));
}

/** Till over and short (长短款) of the cash. Null when the count is right: then there is nothing to book. */
export function shiftPosting(document: PostedDocument, cashDifferenceFen: number): Posting | null {
  if (cashDifferenceFen === 0) return null;
  const { storeId } = document;
  const sizeFen = Math.abs(cashDifferenceFen);
  const journal: JournalLine[] =
    cashDifferenceFen > 0
      ? [
          { account: 'cash', debitFen: sizeFen, storeId },
          { account: 'till_over', creditFen: sizeFen, storeId },
        ]
      : [
          { account: 'till_short', debitFen: sizeFen, storeId },
          { account: 'cash', creditFen: sizeFen, storeId },
        ];
  return { document, devices: [], stock: [], journal, openItems: [] };
}
