import type { AccountRole, JournalLine, PostedDocument, Posting } from '../../../ledger';

export const COLLECTION_DOCUMENT = 'sales.collection';

/** Accounts that money of customers comes to. */
export const RECEIVING_ACCOUNTS = ['bank', 'wallet', 'cash'] as const satisfies readonly AccountRole[];
export type ReceivingAccount = (typeof RECEIVING_ACCOUNTS)[number];

export interface CollectedItem {
  openItemId: number;
  /** The store that sold on account: the receivable goes down there. */
  storeId: number;
  amountFen: number;
}

/** Money (1001, 1002, 1012) comes in at the store that receives it; receivables (1122) go down in the stores that sold. */
export function collectionPosting(
  document: PostedDocument,
  { customerId, account }: { customerId: number; account: ReceivingAccount },
  items: readonly CollectedItem[],
): Posting {
  const party = { partyType: 'customer', partyId: customerId } as const;
  const byStore = new Map<number, number>();
  for (const { storeId, amountFen } of items) byStore.set(storeId, (byStore.get(storeId) ?? 0) + amountFen);
  const amountFen = items.reduce((total, item) => total + item.amountFen, 0);
  return {
    document,
    devices: [],
    stock: [],
    journal: [
      { account, debitFen: amountFen, storeId: document.storeId },
      ...[...byStore].map(([storeId, creditFen]): JournalLine => ({
        account: 'receivable',
        creditFen,
        storeId,
        ...party,
      })),
    ],
    openItems: items.map((item) => ({ kind: 'settle', openItemId: item.openItemId, amountFen: item.amountFen })),
  };
}
