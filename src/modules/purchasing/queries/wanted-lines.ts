import { chunked, type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, inScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import { WANTED_STATES } from '../domain/requisition-state';

const EDIT_ORDERS = 'purchasing.order.edit';

export const WANTED_LIST: ListSpec = {
  path: '/purchasing/wishes',
  id: 'w.id',
  sorts: {
    supplier: { expression: "COALESCE(p.name, '~')", type: 'text', direction: 'ascending' },
    product: { expression: 'k.name', type: 'text', direction: 'ascending' },
    store: { expression: 'st.name', type: 'text', direction: 'ascending' },
    wanted: { expression: "COALESCE(q.wanted_on, '9999-12-31')", type: 'text', direction: 'ascending' },
    number: { expression: 'q.number', type: 'text', direction: 'ascending' },
  },
  filters: ['q', 'supplier', 'store', 'late'],
};

export interface WantedRow {
  id: number;
  sortValue: string | number;
  requisitionId: number;
  number: string;
  storeId: number;
  storeName: string;
  skuId: number;
  skuCode: string;
  skuName: string;
  wantedOn: string | null;
  requestedOn: string;
  reason: string | null;
  quantity: number;
  /** Nobody has ordered them yet. */
  pieces: number;
  /** Who delivered the product last; null: nobody so far. */
  supplierId: number | null;
  supplierName: string | null;
}

const OPEN = sql`q.state IN (${sql.list([...WANTED_STATES])}) AND w.ordered + w.given_up < w.quantity`;

/** The supplier of a product is who delivered it last. */
const FROM = sql`FROM requisition_line w JOIN requisition q ON q.id = w.requisition_id
  JOIN store st ON st.id = q.store_id JOIN sku k ON k.id = w.sku_id
  LEFT JOIN (SELECT rl.sku_id, MAX(r.id) AS receipt_id FROM receipt_line rl JOIN receipt r ON r.id = rl.receipt_id
      WHERE r.state = 'posted' AND rl.sku_id IN (SELECT w.sku_id FROM requisition_line w
        JOIN requisition q ON q.id = w.requisition_id WHERE ${OPEN})
      GROUP BY rl.sku_id) latest ON latest.sku_id = w.sku_id
  LEFT JOIN receipt lr ON lr.id = latest.receipt_id LEFT JOIN supplier p ON p.id = lr.supplier_id`;

/** What stores asked for, was approved and is not ordered, in the stores the reader orders for; one row more than the page. */
export function wantedRows(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  storeId: number | null,
  today: string,
): Promise<WantedRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const sortValue = sql.perDialect(() => query.spec.sorts[query.sort]?.expression ?? 'w.id');
  return read.all<WantedRow>(
    sql`SELECT ${sortValue} AS sort_value, ${COLUMNS} ${FROM}
      WHERE ${condition(actor, query, storeId, today)} AND ${where} ${orderBy} ${limit}`,
  );
}

const COLUMNS = sql`w.id, q.id AS requisition_id, q.number, q.store_id, st.name AS store_name, w.sku_id,
  k.code AS sku_code, k.name AS sku_name, q.wanted_on, q.requested_on, COALESCE(w.reason, q.reason) AS reason,
  w.quantity, w.quantity - w.ordered - w.given_up AS pieces, p.id AS supplier_id, p.name AS supplier_name`;

/** The chosen ones of them that are still wanted, by supplier, product and store. */
export async function wantedByIds(read: Reader, actor: Actor, ids: readonly number[]): Promise<WantedRow[]> {
  const found: WantedRow[] = [];
  for (const chunk of chunked([...new Set(ids)]))
    found.push(
      ...(await read.all<WantedRow>(
        sql`SELECT ${COLUMNS} ${FROM} WHERE ${OPEN} AND w.id IN (${sql.list(chunk)})
          AND ${inScope('q.store_id', actor.scope(EDIT_ORDERS))} ORDER BY p.name, k.name, st.name, w.id`,
      )),
    );
  return found;
}

export interface WantedTotals {
  lines: number;
  pieces: number;
}

export async function wantedTotals(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  storeId: number | null,
  today: string,
): Promise<WantedTotals> {
  const row = await read.one<{ lineCount: number; pieces: number | null }>(
    sql`SELECT COUNT(*) AS line_count, SUM(w.quantity - w.ordered - w.given_up) AS pieces ${FROM}
      WHERE ${condition(actor, query, storeId, today)}`,
  );
  return { lines: Number(row?.lineCount ?? 0), pieces: Number(row?.pieces ?? 0) };
}

function condition(actor: Actor, { filters }: ListQuery, storeId: number | null, today: string): Sql {
  const idOf = (text: string | undefined): number | null => (/^\d{1,15}$/.test(text ?? '') ? Number(text) : null);
  const store = idOf(filters['store']) ?? storeId;
  return sql.all([
    OPEN,
    inScope('q.store_id', actor.scope(EDIT_ORDERS)),
    store !== null && sql`q.store_id = ${store}`,
    Boolean(filters['supplier']) && sql`p.id = ${idOf(filters['supplier']) ?? 0}`,
    Boolean(filters['late']) && sql`q.wanted_on < ${today}`,
    ...searchTerms(filters['q'] ?? '').map(
      (term) =>
        sql`(${sql.contains('k.search_key', term)} OR ${sql.contains('k.code', term.toUpperCase())}
          OR ${sql.contains('q.number', term.toUpperCase())})`,
    ),
  ]);
}
