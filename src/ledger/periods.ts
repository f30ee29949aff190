import { DomainError, invalid } from '../kernel';
import { duplicateKey, type Reader, type Sql, sql, type Transaction } from '../platform/database';
import { heldBy } from './books';
import type { Unit } from '../platform/unit-of-work';
import { accountingPeriod } from './tables';

// A posting reads its month's row with a shared lock, closing writes it: so a month closes between postings, never
// during one, and postings do not wait for each other.
const sharedHint: Sql = sql.perDialect((dialect) => (dialect === 'mssql' ? ' WITH (HOLDLOCK, ROWLOCK)' : ''));
const sharedSuffix: Sql = sql.perDialect((dialect) => {
  if (dialect === 'mysql') return ' LOCK IN SHARE MODE';
  // Oracle has no shared row locks.
  return dialect === 'oracle' ? ' FOR UPDATE' : '';
});

/**
 * Holds the month of the business date open until the transaction ends. Throws ledger:error.period_closed (422) when it is
 * closed. The first lock of a posting; a document may take it together with its devices.
 */
export async function requireOpenPeriod(tx: Transaction, businessDate: string): Promise<void> {
  const month = businessDate.slice(0, 7);
  const held = heldBy(tx);
  const open = held.months;
  if (open.has(month)) return;
  const row = (await readShared(tx, month)) ?? (await openFirst(tx, month));
  if (row.closedAt !== null) throw invalid('ledger:error.period_closed', { month });
  held.frozen ||= Number(row.freezes) > 0;
  open.add(month);
}

interface PeriodState {
  closedAt: number | null;
  /** Rows of stock_freeze: read along, without a lock, so that postings need no statement of their own for it. */
  freezes: number;
}

function readShared(tx: Transaction, month: string): Promise<PeriodState | undefined> {
  return tx.one<PeriodState>(
    sql`SELECT closed_at, (SELECT COUNT(*) FROM stock_freeze) AS freezes FROM accounting_period${sharedHint} WHERE month = ${month}${sharedSuffix}`,
  );
}

/** The first posting of a month makes its row. */
async function openFirst(tx: Transaction, month: string): Promise<PeriodState> {
  try {
    await tx.insert(accountingPeriod, [{ id: tx.takeIds(accountingPeriod), month, version: 1 }]);
    const frozen = await tx.one<{ freezes: number }>(sql`SELECT COUNT(*) AS freezes FROM stock_freeze`);
    return { closedAt: null, freezes: Number(frozen?.freezes ?? 0) };
  } catch (error) {
    if (!duplicateKey(error)) throw error;
    const row = await readShared(tx, month);
    if (!row) throw error;
    return row;
  }
}

/** Closes a month (YYYY-MM): nothing can be posted into it. Waits for postings under way. 409 when it is closed. */
export async function closePeriod(unit: Unit, month: string): Promise<void> {
  checkMonth(month);
  await requireOpenPeriod(unit, month);
  const changed = await unit.execute(
    sql`UPDATE accounting_period SET closed_at = ${unit.now}, closed_by = ${unit.actor.userId}, version = version + 1
      WHERE month = ${month} AND closed_at IS NULL`,
  );
  if (changed !== 1) throw invalid('ledger:error.period_closed', { month });
  // Clocks of several nodes differ: closed is after the last posting, whatever this one's clock says.
  const last = await unit.one<{ postedAt: number | null }>(
    sql`SELECT MAX(posted_at) AS posted_at FROM posting WHERE ${sql.left('business_date', 7)} = ${month}`,
  );
  if (Number(last?.postedAt ?? 0) > unit.now)
    await unit.execute(sql`UPDATE accounting_period SET closed_at = ${Number(last?.postedAt)} WHERE month = ${month}`);
}

/** Opens a closed month again. 409 ledger:error.period_open when it is not closed. */
export async function openPeriod(unit: Unit, month: string): Promise<void> {
  checkMonth(month);
  const changed = await unit.execute(
    sql`UPDATE accounting_period SET closed_at = NULL, closed_by = NULL, version = version + 1
      WHERE month = ${month} AND closed_at IS NOT NULL`,
  );
  if (changed !== 1) throw new DomainError('ledger:error.period_open', { status: 409, details: { month } });
}

/** Closed months, newest first. */
export async function closedPeriods(
  read: Reader,
): Promise<{ month: string; closedAt: number; closedBy: number | null }[]> {
  return read.all(
    sql`SELECT month, closed_at, closed_by FROM accounting_period WHERE closed_at IS NOT NULL ORDER BY month DESC`,
  );
}

function checkMonth(month: string): void {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) throw invalid('errors:date.format', { text: month.slice(0, 40) });
}
