import { mulDiv } from '../../../kernel';
import type { JournalLine, OpenItemChange, PostedDocument, Posting } from '../../../ledger';

/** `set_off`: a credit note, against what is owed to the supplier. */
export const SETTLEMENT_METHODS = ['set_off', 'bank', 'wallet', 'cash'] as const;
export type SettlementMethod = (typeof SETTLEMENT_METHODS)[number];

export interface ClaimToSettle {
  supplierId: number;
  openItemId: number;
  /** What the supplier owes for it still. */
  openFen: number;
  /** As agreed, with the tax in it: the difference carries the same share. */
  agreedFen: number;
  taxFen: number;
}

/**
 * Ends what a supplier owes for a claim. What comes lowers payables or is money; what is missing or too much is a cost
 * adjustment and its input tax, so that nothing stays open. `payables` is used with `set_off`, in its order.
 */
export function settlementPosting(
  document: PostedDocument,
  claim: ClaimToSettle,
  { method, amountFen }: { method: SettlementMethod; amountFen: number },
  payables: readonly { openItemId: number; openFen: number }[],
): Posting {
  const { storeId } = document;
  const party = { partyType: 'supplier', partyId: claim.supplierId } as const;
  const missingFen = claim.openFen - amountFen;
  const missingTaxFen = claim.agreedFen === 0 ? 0 : mulDiv(missingFen, claim.taxFen, claim.agreedFen);
  const settled: OpenItemChange[] = [{ kind: 'settle', openItemId: claim.openItemId, amountFen: claim.openFen }];
  let left = method === 'set_off' ? amountFen : 0;
  for (const { openItemId, openFen } of payables) {
    const part = Math.min(left, openFen);
    if (part <= 0) continue;
    settled.push({ kind: 'settle', openItemId, amountFen: part });
    left -= part;
  }
  const received: JournalLine =
    method === 'set_off'
      ? { account: 'payable', debitFen: amountFen, storeId, ...party }
      : { account: method, debitFen: amountFen, storeId };
  return {
    document,
    devices: [],
    stock: [],
    journal: [
      received,
      { account: 'other_receivable', creditFen: claim.openFen, storeId, ...party },
      { account: 'cost_adjustment', debitFen: missingFen - missingTaxFen, storeId },
      { account: 'input_tax', debitFen: missingTaxFen, storeId },
    ],
    openItems: settled,
  };
}
