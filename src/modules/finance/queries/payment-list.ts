import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { isBusinessDate } from '../../../kernel';
import type { Actor } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import type { PayingAccount } from '../domain/payment-posting';
import type { PaymentState } from '../domain/payment-state';
import { moneyScope } from './scope';

export const PAYMENT_LIST: ListSpec = {
  path: '/finance/payments',
  id: 'o.id',
  sorts: {
    created: { expression: 'o.id', type: 'number', direction: 'descending' },
    date: { expression: 'o.business_date', type: 'text', direction: 'descending' },
    number: { expression: 'o.number', type: 'text', direction: 'ascending' },
    supplier: { expression: 's.name', type: 'text', direction: 'ascending' },
    amount: { expression: 'o.amount_fen', type: 'number', direction: 'descending' },
  },
  filters: ['q', 'state', 'supplier', 'store', 'account', 'from', 'to'],
};

export interface PaymentListRow {
  id: number;
  sortValue: string | number;
  number: string;
  state: PaymentState;
  businessDate: string;
  supplierName: string;
  storeName: string;
  account: PayingAccount;
  amountFen: number;
  payableFen: number;
  creditFen: number;
  reference: string | null;
  createdByName: string;
  approvedByName: string | null;
}

/** One row more than the page, see `keyset`. */
export function paymentRows(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  storeId: number | null,
): Promise<PaymentListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const sortValue = sql.perDialect(() => query.spec.sorts[query.sort]?.expression ?? 'o.id');
  return read.all<PaymentListRow>(
    sql`SELECT o.id, ${sortValue} AS sort_value, o.number, o.state, o.business_date, s.name AS supplier_name,
        st.name AS store_name, o.account, o.amount_fen, o.payable_fen, o.credit_fen, o.reference, o.created_by_name,
        o.approved_by_name
      FROM payment o JOIN supplier s ON s.id = o.supplier_id JOIN store st ON st.id = o.store_id
      WHERE ${condition(actor, query, storeId)} AND ${where} ${orderBy} ${limit}`,
  );
}

export interface PaymentTotals {
  payments: number;
  amountFen: number;
  payableFen: number;
}

/** What the filters find, by state; the filter of states itself left out. */
export async function paymentTotalsByState(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  storeId: number | null,
): Promise<Map<PaymentState, PaymentTotals>> {
  const all = { ...query, filters: { ...query.filters, state: '' } };
  const rows = await read.all<{ state: PaymentState } & Record<keyof PaymentTotals, number | null>>(
    sql`SELECT o.state, COUNT(*) AS payments, SUM(o.amount_fen) AS amount_fen, SUM(o.payable_fen) AS payable_fen
      FROM payment o JOIN supplier s ON s.id = o.supplier_id
      WHERE ${condition(actor, all, storeId)} GROUP BY o.state`,
  );
  return new Map(
    rows.map(({ state, payments, amountFen, payableFen }) => [
      state,
      { payments: Number(payments ?? 0), amountFen: Number(amountFen ?? 0), payableFen: Number(payableFen ?? 0) },
    ]),
  );
}

export const idOf = (typed: string | undefined): number | null =>
  /^[1-9]\d{0,14}$/.test(typed ?? '') ? Number(typed) : null;

export const dateOf = (typed: string | undefined): string | null =>
  typed !== undefined && isBusinessDate(typed) ? typed : null;

function condition(actor: Actor, { filters }: ListQuery, storeId: number | null): Sql {
  const from = dateOf(filters['from']);
  const to = dateOf(filters['to']);
  const { state, supplier, q, account } = filters;
  const store = idOf(filters['store']) ?? storeId;
  return sql.all([
    moneyScope('o.store_id', actor),
    store !== null && sql`o.store_id = ${store}`,
    Boolean(state) && sql`o.state = ${state}`,
    Boolean(supplier) && sql`o.supplier_id = ${idOf(supplier) ?? 0}`,
    Boolean(account) && sql`o.account = ${account}`,
    from !== null && sql`o.business_date >= ${from}`,
    to !== null && sql`o.business_date <= ${to}`,
    ...searchTerms(q ?? '').map(
      (term) =>
        sql`(${sql.contains('o.number', term.toUpperCase())} OR ${sql.contains('s.search_key', term)}
          OR ${sql.contains('o.reference', q ?? '')})`,
    ),
  ]);
}

export interface FoundPayment {
  id: number;
  number: string;
  state: PaymentState;
  supplierName: string;
  storeName: string;
  businessDate: string;
}

/** Payments by their number or its end, in the reader's stores. */
export async function findPayments(read: Reader, actor: Actor, code: string): Promise<FoundPayment[]> {
  if (!/^FK[\dA-Z-]{2,}$|^\d{2,6}-[A-Z0-9-]+$/.test(code)) return [];
  return read.all<FoundPayment>(
    sql`SELECT o.id, o.number, o.state, s.name AS supplier_name, st.name AS store_name, o.business_date
      FROM payment o JOIN supplier s ON s.id = o.supplier_id JOIN store st ON st.id = o.store_id
      WHERE ${sql.contains('o.number', code)} AND ${moneyScope('o.store_id', actor)}
      ORDER BY o.id DESC ${sql.limit(8)}`,
  );
}
