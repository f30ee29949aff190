import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, inScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import { numberEndsWith } from '../../../ledger';
import type { ConsignmentKind, ConsignmentState } from '../domain/consignment';
import { dateOf } from './receipt-list';

export const VIEW_CONSIGNMENTS = 'purchasing.consignment.view';

export const CONSIGNMENT_LIST: ListSpec = {
  path: '/purchasing/consignments',
  id: 'r.id',
  filters: ['q', 'state', 'kind', 'supplier', 'store', 'from', 'to'],
  sorts: { newest: { expression: 'r.id', type: 'number', direction: 'descending' } },
};

export interface ConsignmentListRow {
  id: number;
  sortValue: number;
  number: string;
  kind: ConsignmentKind;
  state: ConsignmentState;
  supplierName: string;
  storeName: string;
  businessDate: string;
  dueOn: string | null;
  devices: number;
  grossFen: number;
  createdByName: string;
  note: string | null;
}

export const typedId = (typed: string | undefined): number | null =>
  /^[1-9]\d{0,15}$/.test(typed ?? '') ? Number(typed) : null;

function textCondition(term: string): Sql {
  const plain = term.toUpperCase();
  const words = sql`(${sql.contains('r.number', plain)} OR ${sql.contains('s.search_key', term)} OR r.invoice_number = ${plain})`;
  if (!/^[0-9A-Z]{4,20}$/.test(plain)) return words;
  const devices = sql`SELECT i.device_id FROM device_identifier i WHERE ${numberEndsWith('i.tail', plain)}`;
  return sql`(${words} OR r.id IN (SELECT c.receipt_id FROM consigned_device c WHERE c.device_id IN (${devices}))
    OR r.id IN (SELECT n.consignment_id FROM consignment_row n JOIN consigned_device c ON c.id = n.consigned_id
      WHERE c.device_id IN (${devices})))`;
}

function condition(actor: Actor, { filters }: ListQuery, storeId: number | null): Sql {
  const { q, kind, supplier } = filters;
  const from = dateOf(filters['from']);
  const to = dateOf(filters['to']);
  const store = typedId(filters['store']) ?? storeId;
  return sql.all([
    inScope('r.store_id', actor.scope(VIEW_CONSIGNMENTS)),
    store !== null && sql`r.store_id = ${store}`,
    Boolean(kind) && sql`r.kind = ${kind}`,
    Boolean(supplier) && sql`r.supplier_id = ${typedId(supplier) ?? 0}`,
    from !== null && sql`r.business_date >= ${from}`,
    to !== null && sql`r.business_date <= ${to}`,
    ...searchTerms(q ?? '').map(textCondition),
  ]);
}

/** One row more than the page, see `keyset`. */
export async function consignmentRows(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  storeId: number | null,
): Promise<ConsignmentListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const { state } = query.filters;
  return read.all<ConsignmentListRow>(
    sql`SELECT r.id, r.id AS sort_value, r.number, r.kind, r.state, s.name AS supplier_name, st.name AS store_name,
        r.business_date, r.due_on, r.devices, r.gross_fen, r.created_by_name, r.note
      FROM consignment r JOIN supplier s ON s.id = r.supplier_id JOIN store st ON st.id = r.store_id
      WHERE ${condition(actor, query, storeId)} AND ${state ? sql`r.state = ${state}` : sql`1 = 1`} AND ${where} ${orderBy} ${limit}`,
  );
}

/** How many there are of each state; the filter of states itself left out. */
export async function consignmentCounts(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  storeId: number | null,
): Promise<Map<ConsignmentState, number>> {
  const rows = await read.all<{ state: ConsignmentState; n: number }>(
    sql`SELECT r.state, COUNT(*) AS n FROM consignment r JOIN supplier s ON s.id = r.supplier_id
      WHERE ${condition(actor, query, storeId)} GROUP BY r.state`,
  );
  return new Map(rows.map(({ state, n }) => [state, Number(n)]));
}

/** For the search box; newest first. */
export const consignmentsByNumber = (
  read: Reader,
  actor: Actor,
  code: string,
): Promise<Pick<ConsignmentListRow, 'id' | 'number' | 'kind' | 'state' | 'supplierName'>[]> =>
  read.all(
    sql`SELECT r.id, r.number, r.kind, r.state, s.name AS supplier_name FROM consignment r
      JOIN supplier s ON s.id = r.supplier_id
      WHERE ${sql.contains('r.number', code)} AND ${inScope('r.store_id', actor.scope(VIEW_CONSIGNMENTS))}
      ORDER BY r.id DESC ${sql.limit(8)}`,
  );
