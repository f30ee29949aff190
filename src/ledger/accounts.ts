import { invalid, notFound } from '../kernel';
import { type Reader, type Row, sql, type Transaction } from '../platform/database';
import { type AccountBook, type AccountRole, BOOK_OF_ROLE } from './account-role';
import type { BookedLine } from './check-posting';
import type { JournalLine } from './posting';
import { account, accountRole } from './tables';

interface RoleAccount {
  accountId: number;
  book: AccountBook | null;
}

const CHART = Symbol('accounts of the documents');
/** Another node's change of a mapping is seen after this; until then the account it had is as right as the new one. */
const FRESH_MS = 10_000;

interface Chart {
  readAt: number;
  roles: Map<AccountRole, RoleAccount>;
}

async function chartOf(tx: Transaction): Promise<Map<AccountRole, RoleAccount>> {
  const known = tx.memory.get(CHART) as Chart | undefined;
  if (known && Date.now() - known.readAt < FRESH_MS) return known.roles;
  const rows = await tx.all<{ role: AccountRole; accountId: number; book: AccountBook | null }>(
    sql`SELECT r.role, r.account_id, a.book FROM account_role r JOIN account a ON a.id = r.account_id ORDER BY r.id`,
  );
  const roles = new Map(rows.map(({ role, accountId, book }) => [role, { accountId, book }]));
  tx.memory.set(CHART, { readAt: Date.now(), roles } satisfies Chart);
  return roles;
}

/** Gives lines their accounts and leaves out those of 0. */
export async function bookLines(tx: Transaction, lines: readonly JournalLine[]): Promise<BookedLine[]> {
  if (lines.length === 0) return [];
  const chart = await chartOf(tx);
  const booked: BookedLine[] = [];
  for (const line of lines) {
    const debitFen = line.debitFen ?? 0;
    const creditFen = line.creditFen ?? 0;
    if (debitFen === 0 && creditFen === 0) continue;
    const target = chart.get(line.account);
    if (!target) throw new Error(`role ${line.account} has no account`);
    const { storeId, partyType = null, partyId = null, skuId = null } = line;
    booked.push({ ...target, debitFen, creditFen, storeId, partyType, partyId, skuId });
  }
  return booked;
}

export type AccountRow = Row<typeof account>;

/** The chart of accounts in order of code. */
export async function listAccounts(read: Reader): Promise<AccountRow[]> {
  const rows = await read.find(account, {});
  return rows.sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** Role → account, for the page that shows and changes the mapping. */
export async function accountsOfRoles(read: Reader): Promise<Map<AccountRole, AccountRow>> {
  const accounts = new Map((await read.find(account, {})).map((row) => [row.id, row]));
  const roles = await read.find(accountRole, {});
  return new Map(
    roles.flatMap(({ role, accountId }) => {
      const row = accounts.get(accountId);
      return row ? [[role, row] as const] : [];
    }),
  );
}

/**
 * Lets documents book a role on another account from now on; what is booked stays where it is. The account must agree
 * with the same book as the role (stock, payables, receivables): ledger:error.account_book.
 */
export async function mapRole(tx: Transaction, role: AccountRole, accountCode: string): Promise<void> {
  const [target] = await tx.find(account, { code: accountCode });
  if (!target) throw notFound('ledger.account', accountCode);
  if (target.book !== (BOOK_OF_ROLE[role] ?? null) || !target.active)
    throw invalid('ledger:error.account_book', { role, code: accountCode });
  const [row] = await tx.find(accountRole, { role });
  if (row) await tx.update(accountRole, row.id, { accountId: target.id });
  else await tx.insert(accountRole, [{ id: tx.takeIds(accountRole), role, accountId: target.id }]);
  tx.memory.delete(CHART);
}
