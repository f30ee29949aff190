import { fen } from '../../../kernel';
import type { AccountRole, JournalLine, OpenItemChange, Posting } from '../../../ledger';

/** Accounts that suppliers are paid from. */
export const PAYING_ACCOUNTS = ['bank', 'wallet', 'cash'] as const satisfies readonly AccountRole[];
export type PayingAccount = (typeof PAYING_ACCOUNTS)[number];

export interface PostedPayment {
  id: number;
  number: string;
  businessDate: string;
  storeId: number;
  supplierId: number;
  account: PayingAccount;
  /** Money that leaves; 0 when only what was paid before is used. */
  amountFen: number;
}

export interface SettledItem {
  openItemId: number;
  storeId: number;
  /** The account that the item stands on: it must be booked back there. */
  role: 'payable' | 'prepayment' | 'other_receivable';
  amountFen: number;
}

/** What was paid and does not settle anything: stays with the supplier as a prepayment. */
export function prepaidFen(amountFen: number, items: readonly Pick<SettledItem, 'role' | 'amountFen'>[]): number {
  return items.reduce((left, item) => left + (item.role === 'payable' ? -item.amountFen : item.amountFen), amountFen);
}

/**
 * What a payment does to the books: payables (2202.01) go down in the stores that owe them, by money (1001, 1002, 1012) and by what
 * the supplier owed (prepayments 1123, claims 1221), each in its own store. What is paid beyond is a new prepayment.
 */
export function paymentPosting(document: PostedPayment, items: readonly SettledItem[]): Posting {
  const { supplierId, account, amountFen, ...rest } = document;
  const { storeId } = rest;
  const party = { partyType: 'supplier', partyId: supplierId } as const;
  const restFen = prepaidFen(amountFen, items);
  if (restFen < 0) throw new RangeError(`payment ${rest.number} settles ${-restFen} fen more than it pays`);
  const sums = new Map<string, JournalLine>();
  for (const item of items) {
    const key = `${item.role} ${item.storeId}`;
    const before = sums.get(key);
    const total = fen((before?.debitFen ?? before?.creditFen ?? 0) + item.amountFen);
    const dimensions = { account: item.role, storeId: item.storeId, ...party };
    sums.set(key, item.role === 'payable' ? { ...dimensions, debitFen: total } : { ...dimensions, creditFen: total });
  }
  return {
    document: { type: 'finance.payment', ...rest },
    devices: [],
    stock: [],
    journal: [
      ...sums.values(),
      { account: 'prepayment', debitFen: fen(restFen), storeId, ...party },
      { account, creditFen: fen(amountFen), storeId },
    ],
    openItems: [
      ...items.map(({ openItemId, amountFen: settled }): OpenItemChange => ({
        kind: 'settle',
        openItemId,
        amountFen: settled,
      })),
      ...(restFen > 0
        ? [{ kind: 'open' as const, ...party, direction: 'receivable' as const, amountFen: restFen, dueOn: null }]
        : []),
    ],
  };
}
