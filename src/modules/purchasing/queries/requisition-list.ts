import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, inScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import type { RequisitionState } from '../domain/requisition-state';
import { dateOf } from './receipt-list';

export const VIEW_REQUISITIONS = 'purchasing.requisition.view';

export const REQUISITION_LIST: ListSpec = {
  path: '/purchasing/requisitions',
  id: 'q.id',
  sorts: {
    created: { expression: 'q.id', type: 'number', direction: 'descending' },
    date: { expression: 'q.requested_on', type: 'text', direction: 'descending' },
    wanted: { expression: "COALESCE(q.wanted_on, '9999-12-31')", type: 'text', direction: 'ascending' },
    number: { expression: 'q.number', type: 'text', direction: 'ascending' },
    store: { expression: 'st.name', type: 'text', direction: 'ascending' },
  },
  filters: ['q', 'state', 'store', 'from', 'to'],
};

export interface RequisitionListRow {
  id: number;
  sortValue: string | number;
  number: string;
  state: RequisitionState;
  requestedOn: string;
  wantedOn: string | null;
  reason: string | null;
  storeName: string;
  createdByName: string;
  quantity: number;
  ordered: number;
  received: number;
}

const sumOf = (column: 'ordered' | 'received'): Sql =>
  sql`(SELECT SUM(${sql.perDialect(() => `w.${column}`)}) FROM requisition_line w WHERE w.requisition_id = q.id)`;

/** One row more than the page, see `keyset`. */
export async function requisitionRows(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  storeId: number | null,
): Promise<RequisitionListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const sortValue = sql.perDialect(() => query.spec.sorts[query.sort]?.expression ?? 'q.id');
  const rows = await read.all<RequisitionListRow>(
    sql`SELECT q.id, ${sortValue} AS sort_value, q.number, q.state, q.requested_on, q.wanted_on, q.reason,
        st.name AS store_name, q.created_by_name, q.quantity, ${sumOf('ordered')} AS ordered,
        ${sumOf('received')} AS received
      FROM requisition q JOIN store st ON st.id = q.store_id
      WHERE ${condition(actor, query, storeId)} AND ${where} ${orderBy} ${limit}`,
  );
  return rows.map((row) => ({ ...row, ordered: Number(row.ordered ?? 0), received: Number(row.received ?? 0) }));
}

export interface RequisitionTotals {
  requisitions: number;
  quantity: number;
}

/** What the filters find, by state; the filter of states itself left out. */
export async function requisitionTotalsByState(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  storeId: number | null,
): Promise<Map<RequisitionState, RequisitionTotals>> {
  const all = { ...query, filters: { ...query.filters, state: '' } };
  const rows = await read.all<{ state: RequisitionState; requisitions: number; quantity: number | null }>(
    sql`SELECT q.state, COUNT(*) AS requisitions, SUM(q.quantity) AS quantity
      FROM requisition q JOIN store st ON st.id = q.store_id WHERE ${condition(actor, all, storeId)} GROUP BY q.state`,
  );
  return new Map(
    rows.map(({ state, requisitions, quantity }) => [
      state,
      { requisitions: Number(requisitions), quantity: Number(quantity ?? 0) },
    ]),
  );
}

function condition(actor: Actor, { filters }: ListQuery, storeId: number | null): Sql {
  const from = dateOf(filters['from']);
  const to = dateOf(filters['to']);
  const { state, q } = filters;
  const store = /^\d{1,15}$/.test(filters['store'] ?? '') ? Number(filters['store']) : storeId;
  return sql.all([
    inScope('q.store_id', actor.scope(VIEW_REQUISITIONS)),
    store !== null && sql`q.store_id = ${store}`,
    Boolean(state) && sql`q.state = ${state}`,
    from !== null && sql`q.requested_on >= ${from}`,
    to !== null && sql`q.requested_on <= ${to}`,
    ...searchTerms(q ?? '').map(
      (term) => sql`(${sql.contains('q.number', term.toUpperCase())} OR EXISTS (SELECT 1 FROM requisition_line x
        JOIN sku k ON k.id = x.sku_id WHERE x.requisition_id = q.id
          AND (${sql.contains('k.search_key', term)} OR ${sql.contains('k.code', term.toUpperCase())})))`,
    ),
  ]);
}
