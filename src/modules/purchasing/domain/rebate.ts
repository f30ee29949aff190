import { fen, mulDiv, splitTax } from '../../../kernel';
import type { JournalLine, OpenItemChange, PostedDocument, Posting } from '../../../ledger';

/**
 * What a supplier pays back for: pieces bought, amount bought, a target of pieces reached (提货任务), nothing but the
 * agreement itself, or each device sold to a customer.
 */
export const REBATE_KINDS = ['quantity', 'amount', 'target', 'fixed', 'sold'] as const;
export type RebateKind = (typeof REBATE_KINDS)[number];

export interface RebateTier {
  /** Reached with so many pieces, or fen for `amount`. */
  from: number;
  /** Fen a piece; for `amount` basis points of it; for `target` and `fixed` fen in all. */
  award: number;
}

/** A line of a receipt or return, or a device's sale, that counts. Negative where goods went back. */
export interface RebateRow {
  documentType: string;
  documentId: number;
  documentNumber: string;
  businessDate: string;
  storeId: number;
  skuId: number;
  deviceId: number | null;
  pieces: number;
  /** Tax-inclusive as bought; 0 for sales. */
  amountFen: number;
}

export interface RebateResult {
  pieces: number;
  amountFen: number;
  /** From 1; 0: none is reached. */
  tierNo: number;
  earnedFen: number;
}

/** The tier that is reached holds for everything from the first piece on. */
export function earned(kind: RebateKind, tiers: readonly RebateTier[], rows: readonly RebateRow[]): RebateResult {
  const pieces = rows.reduce((sum, row) => sum + row.pieces, 0);
  const amountFen = rows.reduce((sum, row) => sum + row.amountFen, 0);
  const reached = kind === 'amount' ? amountFen : pieces;
  const tierNo = kind === 'fixed' ? 1 : tiers.filter(({ from }) => reached >= from).length;
  const award = tiers[tierNo - 1]?.award ?? 0;
  const inAll = kind === 'target' || kind === 'fixed';
  const earnedFen = inAll ? award : kind === 'amount' ? mulDiv(amountFen, award, 10_000) : pieces * award;
  return { pieces, amountFen, tierNo, earnedFen: Math.max(0, earnedFen) };
}

/**
 * Books what more, or less, is earned than was booked before: the supplier owes it (1221), the cost of sales (5401) and the
 * input tax go down. Less takes back what is still open, the last first; what was settled already is owed to the supplier.
 */
export function accrualPosting(
  document: PostedDocument,
  supplierId: number,
  changeFen: number,
  taxRateBp: number,
  open: readonly { openItemId: number; openFen: number }[],
): Posting & { taxFen: number } {
  const { storeId } = document;
  const party = { partyType: 'supplier', partyId: supplierId } as const;
  const { netFen, taxFen } = splitTax(fen(changeFen), taxRateBp);
  const openItems: OpenItemChange[] = [];
  let left = Math.max(0, -changeFen);
  for (const { openItemId, openFen } of open) {
    const part = Math.min(left, openFen);
    if (part <= 0) continue;
    openItems.push({ kind: 'settle', openItemId, amountFen: part });
    left -= part;
  }
  if (changeFen > 0)
    openItems.push({ kind: 'open', ...party, direction: 'receivable', amountFen: changeFen, dueOn: null });
  if (left > 0) openItems.push({ kind: 'open', ...party, direction: 'payable', amountFen: left, dueOn: null });
  const journal: JournalLine[] = [
    { account: 'other_receivable', debitFen: changeFen + left, storeId, ...party },
    { account: 'payable', creditFen: left, storeId, ...party },
    { account: 'cost_adjustment', creditFen: netFen, storeId },
    { account: 'input_tax', creditFen: taxFen, storeId },
  ];
  return { document, devices: [], stock: [], journal, openItems, taxFen };
}
