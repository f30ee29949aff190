import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, inScope, type StoreScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import { numberEndsWith } from '../../../ledger';
import type { LoanDirection, LoanPurpose, LoanState } from '../domain/loan';

export const VIEW_LOANS = 'inventory.loan.view';

export const LOAN_LIST: ListSpec = {
  path: '/inventory/loans',
  id: 'r.id',
  filters: ['q', 'state', 'way', 'store', 'purpose', 'late', 'from', 'to'],
  sorts: { newest: { expression: 'r.id', type: 'number', direction: 'descending' } },
};

export interface LoanFilter {
  /** Number of a loan, a part of the borrower's name, or the end of a number of one of its devices. */
  text: string;
  storeId: number | null;
  direction: LoanDirection | null;
  purpose: LoanPurpose | null;
  /** Still out after this day; null: all. */
  lateOn: string | null;
  from: string | null;
  to: string | null;
  scope: StoreScope;
}

export interface LoanListRow {
  id: number;
  sortValue: number;
  number: string;
  state: LoanState;
  inbound: boolean;
  storeName: string;
  borrower: string;
  purpose: LoanPurpose;
  businessDate: string;
  dueOn: string;
  devices: number;
  stillOut: number;
  note: string | null;
  createdByName: string;
  doneAt: number | null;
}

function textCondition(term: string): Sql {
  const plain = term.toUpperCase();
  const words = sql`(${sql.contains('r.number', plain)} OR ${sql.contains('r.borrower', term)})`;
  if (!/^[0-9A-Z]{3,20}$/.test(plain)) return words;
  return sql`(${words} OR r.id IN (SELECT n.loan_id FROM loan_device n JOIN device_identifier i ON i.device_id = n.device_id
    WHERE ${numberEndsWith('i.tail', plain)}))`;
}

const conditions = ({ text, storeId, direction, purpose, lateOn, from, to, scope }: LoanFilter): Sql =>
  sql.all([
    inScope('r.store_id', scope),
    storeId !== null && sql`r.store_id = ${storeId}`,
    direction !== null && sql`r.inbound = ${direction === 'in'}`,
    purpose !== null && sql`r.purpose = ${purpose}`,
    lateOn !== null && sql`r.state = 'out' AND r.due_on < ${lateOn}`,
    from !== null && sql`r.business_date >= ${from}`,
    to !== null && sql`r.business_date <= ${to}`,
    ...searchTerms(text).map(textCondition),
  ]);

/** One row more than the page, see `keyset`. */
export async function loanList(read: Reader, query: ListQuery, filter: LoanFilter): Promise<LoanListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const { state } = query.filters;
  const rows = await read.all<LoanListRow>(
    sql`SELECT r.id, r.id AS sort_value, r.number, r.state, r.inbound, s.name AS store_name, r.borrower, r.purpose, r.business_date,
        r.due_on, r.devices, r.still_out, r.note, r.created_by_name, r.done_at
      FROM loan r JOIN store s ON s.id = r.store_id
      WHERE ${conditions(filter)} AND ${state ? sql`r.state = ${state}` : sql`1 = 1`} AND ${where} ${orderBy} ${limit}`,
  );
  return rows.map((row) => ({ ...row, inbound: Boolean(row.inbound) }));
}

/** How many there are of each state; the filter of states itself left out. */
export async function loanCounts(read: Reader, filter: LoanFilter): Promise<Map<LoanState, number>> {
  const rows = await read.all<{ state: LoanState; n: number }>(
    sql`SELECT r.state, COUNT(*) AS n FROM loan r WHERE ${conditions(filter)} GROUP BY r.state`,
  );
  return new Map(rows.map(({ state, n }) => [state, Number(n)]));
}

export interface LateLoans {
  loans: number;
  devices: number;
  /** The earliest day on which one of them should have been back. */
  since: string | null;
}

/** What should have been back before `today`, with us or with who lent it, in the reader's stores or this one of them. */
export async function lateLoans(
  read: Reader,
  actor: Actor,
  storeId: number | null,
  { today, direction }: { today: string; direction: LoanDirection },
): Promise<LateLoans> {
  const row = await read.one<{ loans: number; devices: number | null; since: string | null }>(
    sql`SELECT COUNT(*) AS loans, SUM(r.still_out) AS devices, MIN(r.due_on) AS since FROM loan r
      WHERE r.state = 'out' AND r.inbound = ${direction === 'in'} AND r.due_on < ${today} AND ${inScope('r.store_id', actor.scope(VIEW_LOANS))}
        AND ${storeId === null ? sql`1 = 1` : sql`r.store_id = ${storeId}`}`,
  );
  return { loans: Number(row?.loans ?? 0), devices: Number(row?.devices ?? 0), since: row?.since ?? null };
}

/** For the search box; newest first. */
export const loansByNumber = (
  read: Reader,
  actor: Actor,
  code: string,
): Promise<Pick<LoanListRow, 'id' | 'number' | 'state' | 'inbound' | 'borrower' | 'dueOn'>[]> =>
  read.all(
    sql`SELECT r.id, r.number, r.state, r.inbound, r.borrower, r.due_on FROM loan r
      WHERE ${sql.contains('r.number', code)} AND ${inScope('r.store_id', actor.scope(VIEW_LOANS))}
      ORDER BY r.id DESC ${sql.limit(8)}`,
  );
