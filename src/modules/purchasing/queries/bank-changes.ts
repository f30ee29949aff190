import type { KeyRing } from '../../../platform/crypto';
import { decodeRow, type Reader, sql } from '../../../platform/database';
import { type BankChangeRow, supplierBankChange } from '../store/supplier-bank.table';
import { openNewAccount } from '../store/supplier-secrets';

export const VIEW_BANK_DATA = 'purchasing.bank.view';
export const EDIT_BANK_DATA = 'purchasing.bank.edit';
export const CONFIRM_BANK_DATA = 'purchasing.bank.confirm';

export type BankChange = Omit<BankChangeRow, 'accountCipher'> & { account: string | null };

/** Changes of a supplier's bank data, the newest first; the last 50. */
export async function bankChangesOf(read: Reader, keys: KeyRing, supplierId: number): Promise<BankChange[]> {
  const rows = await read.all<Record<string, unknown>>(
    sql`SELECT * FROM supplier_bank_change WHERE supplier_id = ${supplierId} ORDER BY id DESC ${sql.limit(50)}`,
  );
  return rows.map((raw) => {
    const { accountCipher, ...row } = decodeRow(supplierBankChange, raw);
    return { ...row, account: openNewAccount(keys, accountCipher) };
  });
}

/** Changes that wait for a second look, and of which supplier the oldest is. */
export async function waitingBankChanges(read: Reader): Promise<{ count: number; supplierId: number | null }> {
  const row = await read.one<{ count: number; firstId: number | null }>(
    sql`SELECT COUNT(*) AS count, MIN(id) AS first_id FROM supplier_bank_change WHERE state = 'waiting'`,
  );
  const first = row?.firstId ? await read.get(supplierBankChange, row.firstId) : undefined;
  return { count: Number(row?.count ?? 0), supplierId: first?.supplierId ?? null };
}
