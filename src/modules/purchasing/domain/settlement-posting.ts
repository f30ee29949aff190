import { mulDiv } from '../../../kernel';
import type { JournalLine, OpenItemChange, PostedDocument, Posting } from '../../../ledger';

/** `set_off`: a credit note, against what is owed to the supplier. */
export const SETTLEMENT_METHODS = ['set_off', 'bank', 'wallet', 'cash'] as const;
export type SettlementMethod = (typeof SETTLEMENT_METHODS)[number];

export interface OpenAmount {
  openItemId: number;
  openFen: number;
  storeId: number;
}

export interface ClaimToSettle {
  supplierId: number;
  /** What the supplier owes for it still. */
  items: readonly OpenAmount[];
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
  payables: readonly OpenAmount[],
): Posting {
  const { storeId } = document;
  const party = { partyType: 'supplier', partyId: claim.supplierId } as const;
  const openFen = claim.items.reduce((sum, item) => sum + item.openFen, 0);
  const missingFen = openFen - amountFen;
  const missingTaxFen = claim.agreedFen === 0 ? 0 : mulDiv(missingFen, claim.taxFen, claim.agreedFen);
  const settled: OpenItemChange[] = claim.items
    .filter((item) => item.openFen > 0)
    .map(({ openItemId, openFen: amount }) => ({ kind: 'settle', openItemId, amountFen: amount }));
  const received: JournalLine[] = method === 'set_off' ? [] : [{ account: method, debitFen: amountFen, storeId }];
  let left = method === 'set_off' ? amountFen : 0;
  for (const payable of payables) {
    const part = Math.min(left, payable.openFen);
    if (part <= 0) continue;
    settled.push({ kind: 'settle', openItemId: payable.openItemId, amountFen: part });
    // Each store's own debt goes down in its own books.
    received.push({ account: 'payable', debitFen: part, storeId: payable.storeId, ...party });
    left -= part;
  }
  return {
    document,
    devices: [],
    stock: [],
    journal: [
      ...received,
      { account: 'other_receivable', creditFen: openFen, storeId, ...party },
      { account: 'cost_adjustment', debitFen: missingFen - missingTaxFen, storeId },
      { account: 'input_tax', debitFen: missingTaxFen, storeId },
    ],
    openItems: settled,
  };
}
