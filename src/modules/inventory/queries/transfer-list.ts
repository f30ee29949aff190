import { isBusinessDate } from '../../../kernel';
import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, inScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import type { TransferState } from '../domain/transfer-state';

export const TRANSFER_LIST: ListSpec = {
  path: '/inventory/transfers',
  id: 't.id',
  sorts: {
    created: { expression: 't.id', type: 'number', direction: 'descending' },
    expected: { expression: 't.expected_on', type: 'text', direction: 'ascending' },
    number: { expression: 't.number', type: 'text', direction: 'ascending' },
    quantity: { expression: 't.quantity', type: 'number', direction: 'descending' },
  },
  filters: ['q', 'state', 'from_store', 'to_store', 'late', 'from', 'to'],
};

export interface TransferListRow {
  id: number;
  sortValue: string | number;
  number: string;
  state: TransferState;
  businessDate: string;
  expectedOn: string;
  fromStoreId: number;
  fromStoreName: string;
  fromLocationName: string;
  toStoreId: number;
  toStoreName: string;
  toLocationName: string;
  quantity: number;
  sent: number;
  received: number;
  returned: number;
  lost: number;
  sentAt: number | null;
  doneAt: number | null;
}

const TABLES = sql`transfer t JOIN store fs ON fs.id = t.from_store_id JOIN store ts ON ts.id = t.to_store_id
  JOIN location fl ON fl.id = t.from_location_id JOIN location tl ON tl.id = t.to_location_id`;

/** Transfers of the reader's stores, on either side. One row more than the page, see `keyset`. */
export async function transferRows(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  storeId: number | null,
  today: string,
): Promise<TransferListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const sortValue = sql.identifier(query.spec.sorts[query.sort]?.expression ?? 't.id');
  return read.all<TransferListRow>(
    sql`SELECT t.id, ${sortValue} AS sort_value, t.number, t.state, t.business_date, t.expected_on, t.from_store_id,
        fs.name AS from_store_name, fl.name AS from_location_name, t.to_store_id, ts.name AS to_store_name,
        tl.name AS to_location_name, t.quantity, t.sent, t.received, t.returned, t.lost, t.sent_at, t.done_at
      FROM ${TABLES} WHERE ${condition(actor, query, storeId, today)} AND ${where} ${orderBy} ${limit}`,
  );
}

export interface TransferTotals {
  transfers: number;
  quantity: number;
  onTheWay: number;
}

/** What the filters find, by state; the filter of states itself left out. */
export async function transferTotals(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  storeId: number | null,
  today: string,
): Promise<Map<TransferState, TransferTotals>> {
  const all = { ...query, filters: { ...query.filters, state: '' } };
  const rows = await read.all<TransferTotals & { state: TransferState }>(
    sql`SELECT t.state, COUNT(*) AS transfers, SUM(t.quantity) AS quantity,
        SUM(t.sent - t.received - t.returned - t.lost) AS on_the_way
      FROM ${TABLES} WHERE ${condition(actor, all, storeId, today)} GROUP BY t.state`,
  );
  return new Map(
    rows.map(({ state, transfers, quantity, onTheWay }) => [
      state,
      { transfers: Number(transfers), quantity: Number(quantity), onTheWay: Number(onTheWay) },
    ]),
  );
}

/** In one of the reader's stores, or in one store on either side. */
export function inTransferScope(actor: Actor, permission: string, storeId: number | null): Sql {
  const scope = actor.scope(permission);
  return sql.all([
    sql`(${inScope('t.from_store_id', scope)} OR ${inScope('t.to_store_id', scope)})`,
    storeId !== null && sql`(t.from_store_id = ${storeId} OR t.to_store_id = ${storeId})`,
  ]);
}

const idOf = (text: string | undefined): number | null =>
  text ? (/^[1-9]\d{0,14}$/.test(text) ? Number(text) : 0) : null;

function condition(actor: Actor, { filters }: ListQuery, storeId: number | null, today: string): Sql {
  const { state, late, q, from, to } = filters;
  const fromStore = idOf(filters['from_store']);
  const toStore = idOf(filters['to_store']);
  return sql.all([
    inTransferScope(actor, 'inventory.transfer.view', storeId),
    Boolean(state) && sql`t.state = ${state}`,
    fromStore !== null && sql`t.from_store_id = ${fromStore}`,
    toStore !== null && sql`t.to_store_id = ${toStore}`,
    Boolean(late) && sql`t.state = 'sent' AND t.expected_on < ${today}`,
    isBusinessDate(from) && sql`t.business_date >= ${from}`,
    isBusinessDate(to) && sql`t.business_date <= ${to}`,
    ...searchTerms(q ?? '').map(
      (term) =>
        sql`(${sql.contains('t.number', term.toUpperCase())} OR ${sql.contains('fs.name', term)}
          OR ${sql.contains('ts.name', term)} OR ${sql.contains('t.note', term)})`,
    ),
  ]);
}
