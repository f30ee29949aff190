import type { KeyRing } from '../../../platform/crypto';
import { type Reader, sql } from '../../../platform/database';
import { type Actor, COST_PERMISSION, inScope } from '../../../platform/permissions';
import { approvalFromFen, VIEW_PAYMENTS } from '../../finance';
import { openAccount } from '../store/supplier-secrets';

/** Rows of one file. */
const MOST = 5_000;

export interface BankPayment {
  number: string;
  supplierName: string;
  bank: string | null;
  account: string | null;
  amountFen: number;
  businessDate: string;
  storeName: string;
  reference: string | null;
  /** When the account was last confirmed: a new one is looked at twice. */
  accountSince: number | null;
  /** A change of the account waits for a second look. */
  changing: boolean;
}

/**
 * Transfers that may go to the bank now: approved ones, and drafts that need no approval. Only from bank accounts, and with money
 * in them.
 */
export async function bankPayments(
  read: Reader,
  actor: Actor,
  keys: KeyRing,
  storeId: number | null,
): Promise<BankPayment[]> {
  const fromFen = await approvalFromFen(read);
  const rows = await read.all<
    Omit<BankPayment, 'account' | 'changing'> & {
      bankAccount: string | null;
      bankAccountCipher: string | null;
      waiting: number | string;
    }
  >(
    sql`SELECT o.number, s.name AS supplier_name, s.bank, s.bank_account, s.bank_account_cipher, o.amount_fen, o.business_date,
        st.name AS store_name, o.reference,
        (SELECT MAX(c.decided_at) FROM supplier_bank_change c WHERE c.supplier_id = s.id AND c.state = 'confirmed') AS account_since,
        (SELECT COUNT(*) FROM supplier_bank_change w WHERE w.supplier_id = s.id AND w.state = 'waiting') AS waiting
      FROM payment o JOIN supplier s ON s.id = o.supplier_id JOIN store st ON st.id = o.store_id
      WHERE o.account = 'bank' AND o.amount_fen > 0 AND ${inScope('o.store_id', actor.scope(VIEW_PAYMENTS))}
        AND ${inScope('o.store_id', actor.scope(COST_PERMISSION))}
        AND ${storeId === null ? sql`1 = 1` : sql`o.store_id = ${storeId}`}
        AND (o.state = 'approved'
          OR (o.state = 'draft' AND ${fromFen === null ? sql`1 = 1` : sql`o.amount_fen < ${fromFen}`}))
      ORDER BY s.name, o.id ${sql.limit(MOST)}`,
  );
  return rows.map(({ bankAccount, bankAccountCipher, waiting, ...row }) => ({
    ...row,
    account: openAccount(keys, { bankAccount, bankAccountCipher }),
    changing: Number(waiting) > 0,
  }));
}
