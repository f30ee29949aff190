import { addDays, type BusinessDate } from '../../../kernel';
import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import type { Actor } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import { type AgeBucket, bucketStarts } from '../domain/ageing';
import { idOf } from './payment-list';
import { moneyScope } from './scope';

export const VIEW_STATEMENTS = 'finance.statement.view';
/** Payables due within so many days are told on the home page. */
export const SOON_DAYS = 7;

export const BALANCE_LIST: ListSpec = {
  path: '/finance/statements',
  id: 's.id',
  sorts: {
    payable: { expression: 'b.payable_fen', type: 'number', direction: 'descending' },
    overdue: { expression: 'b.overdue_fen', type: 'number', direction: 'descending' },
    name: { expression: 's.name', type: 'text', direction: 'ascending' },
  },
  filters: ['q', 'due', 'store'],
};

export interface SupplierBalance extends Record<AgeBucket, number> {
  id: number;
  sortValue: string | number;
  code: string;
  name: string;
  payableFen: number;
  overdueFen: number;
  soonFen: number;
  accruedFen: number;
  /** Prepayments and claims: owed by the supplier. */
  receivableFen: number;
}

type Sums = Omit<SupplierBalance, 'id' | 'sortValue' | 'code' | 'name'>;

/** Open items of suppliers in the actor's stores, by supplier, as a table in FROM. */
function balances(actor: Actor, today: BusinessDate, storeId: number | null): Sql {
  const { notDue, days30, days60, days90 } = bucketStarts(today);
  const left = 'i.amount_fen - i.settled_fen';
  const sumOf = (condition: Sql): Sql => sql`SUM(CASE WHEN ${condition} THEN ${sql.perDialect(() => left)} ELSE 0 END)`;
  const due = sql`COALESCE(i.due_on, i.opened_on)`;
  const payable = sql`i.direction = 'payable'`;
  return sql`(SELECT i.party_id, ${sumOf(payable)} AS payable_fen, ${sumOf(sql`${payable} AND ${due} < ${notDue}`)} AS overdue_fen,
      ${sumOf(sql`${payable} AND ${due} >= ${notDue} AND ${due} <= ${addDays(today, SOON_DAYS)}`)} AS soon_fen,
      ${sumOf(sql`${payable} AND ${due} >= ${notDue}`)} AS not_due,
      ${sumOf(sql`${payable} AND ${due} < ${notDue} AND ${due} >= ${days30}`)} AS days30,
      ${sumOf(sql`${payable} AND ${due} < ${days30} AND ${due} >= ${days60}`)} AS days60,
      ${sumOf(sql`${payable} AND ${due} < ${days60} AND ${due} >= ${days90}`)} AS days90,
      ${sumOf(sql`${payable} AND ${due} < ${days90}`)} AS older,
      ${sumOf(sql`i.direction = 'accrued'`)} AS accrued_fen, ${sumOf(sql`i.direction = 'receivable'`)} AS receivable_fen
    FROM open_item i
    WHERE i.party_type = 'supplier' AND i.settled_fen < i.amount_fen AND ${moneyScope('i.store_id', actor, VIEW_STATEMENTS)}
      AND ${storeId === null ? sql`1 = 1` : sql`i.store_id = ${storeId}`}
    GROUP BY i.party_id)`;
}

export interface BalanceFilter {
  query: ListQuery;
  storeId: number | null;
  today: BusinessDate;
}

const storeOf = ({ query, storeId }: BalanceFilter): number | null => idOf(query.filters['store']) ?? storeId;

function condition({ query: { filters } }: BalanceFilter): Sql {
  const { q, due } = filters;
  return sql.all([
    due === 'overdue' && sql`b.overdue_fen > 0`,
    due === 'soon' && sql`b.soon_fen > 0`,
    ...searchTerms(q ?? '').map(
      (term) => sql`(${sql.contains('s.search_key', term)} OR ${sql.contains('s.code', term.toUpperCase())})`,
    ),
  ]);
}

/** Suppliers with anything open. One row more than the page, see `keyset`. */
export async function supplierBalances(read: Reader, actor: Actor, filter: BalanceFilter): Promise<SupplierBalance[]> {
  const { query } = filter;
  const { where, orderBy, limit } = keyset(query);
  const sortValue = sql.perDialect(() => query.spec.sorts[query.sort]?.expression ?? 's.id');
  const rows = await read.all<SupplierBalance>(
    sql`SELECT s.id, ${sortValue} AS sort_value, s.code, s.name, b.payable_fen, b.overdue_fen, b.soon_fen, b.not_due, b.days30,
        b.days60, b.days90, b.older, b.accrued_fen, b.receivable_fen
      FROM ${balances(actor, filter.today, storeOf(filter))} b JOIN supplier s ON s.id = b.party_id
      WHERE ${condition(filter)} AND ${where} ${orderBy} ${limit}`,
  );
  return rows.map((row) => ({ ...row, ...numbers(row), sortValue: sortOf(row.sortValue, query) }));
}

/** Sums of decimals come as text from some databases. */
const sortOf = (value: string | number, query: ListQuery): string | number =>
  query.spec.sorts[query.sort]?.type === 'number' ? Number(value) : value;

const FIGURES = [
  'payableFen',
  'overdueFen',
  'soonFen',
  'notDue',
  'days30',
  'days60',
  'days90',
  'older',
  'accruedFen',
  'receivableFen',
] as const;

const numbers = (row: { [K in keyof Sums]: number | string | null }): Sums =>
  Object.fromEntries(FIGURES.map((key) => [key, Number(row[key] ?? 0)])) as unknown as Sums;

export interface BalanceTotals extends Sums {
  suppliers: number;
  overdueSuppliers: number;
  soonSuppliers: number;
}

/** Sums over all that the filters find. */
export async function balanceTotals(read: Reader, actor: Actor, filter: BalanceFilter): Promise<BalanceTotals> {
  const columns = FIGURES.map((key) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  const sums = columns.map((column) => sql.perDialect(() => `SUM(b.${column}) AS ${column}`));
  const row = await read.one<BalanceTotals>(
    sql`SELECT COUNT(*) AS suppliers, SUM(CASE WHEN b.overdue_fen > 0 THEN 1 ELSE 0 END) AS overdue_suppliers,
        SUM(CASE WHEN b.soon_fen > 0 THEN 1 ELSE 0 END) AS soon_suppliers, ${sql.join(sums, ', ')}
      FROM ${balances(actor, filter.today, storeOf(filter))} b JOIN supplier s ON s.id = b.party_id
      WHERE ${condition(filter)}`,
  );
  const { suppliers = 0, overdueSuppliers = 0, soonSuppliers = 0 } = row ?? {};
  return {
    suppliers: Number(suppliers),
    overdueSuppliers: Number(overdueSuppliers ?? 0),
    soonSuppliers: Number(soonSuppliers ?? 0),
    ...numbers(row ?? ({} as BalanceTotals)),
  };
}
