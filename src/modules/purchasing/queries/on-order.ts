import { chunked, type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, inScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import { STILL_OPEN } from './open-order-lines';
import { VIEW_ORDERS } from './order-list';

const EXPECTED = "COALESCE(l.expected_on, o.expected_on, '9999-12-31')";

export const ON_ORDER_LIST: ListSpec = {
  path: '/purchasing/on-order',
  id: 'l.id',
  sorts: {
    expected: { expression: EXPECTED, type: 'text', direction: 'ascending' },
    product: { expression: 'k.name', type: 'text', direction: 'ascending' },
    supplier: { expression: 's.name', type: 'text', direction: 'ascending' },
    store: { expression: 'st.name', type: 'text', direction: 'ascending' },
    number: { expression: 'o.number', type: 'text', direction: 'ascending' },
  },
  filters: ['q', 'supplier', 'store', 'late'],
};

export interface OnOrderRow {
  id: number;
  sortValue: string | number;
  orderId: number;
  number: string;
  supplierName: string;
  storeName: string;
  skuCode: string;
  skuName: string;
  orderedOn: string;
  expectedOn: string | null;
  quantity: number;
  received: number;
  /** Still to come. */
  pieces: number;
}

const FROM = sql`FROM purchase_order_line l JOIN purchase_order o ON o.id = l.order_id
  JOIN supplier s ON s.id = o.supplier_id JOIN store st ON st.id = l.store_id JOIN sku k ON k.id = l.sku_id`;

/** Order lines of which goods are still to come to the reader's stores; one row more than the page. */
export function onOrderRows(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  storeId: number | null,
  today: string,
): Promise<OnOrderRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const sortValue = sql.perDialect(() => query.spec.sorts[query.sort]?.expression ?? EXPECTED);
  return read.all<OnOrderRow>(
    sql`SELECT l.id, ${sortValue} AS sort_value, l.order_id, o.number, s.name AS supplier_name, st.name AS store_name,
        k.code AS sku_code, k.name AS sku_name, o.ordered_on, COALESCE(l.expected_on, o.expected_on) AS expected_on,
        l.quantity, l.received, l.quantity - l.received - l.given_up AS pieces
      ${FROM} WHERE ${condition(actor, query, storeId, today)} AND ${where} ${orderBy} ${limit}`,
  );
}

export interface OnOrderTotals {
  lines: number;
  pieces: number;
}

export async function onOrderTotals(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  storeId: number | null,
  today: string,
): Promise<OnOrderTotals> {
  const row = await read.one<{ lineCount: number; pieces: number | null }>(
    sql`SELECT COUNT(*) AS line_count, SUM(l.quantity - l.received - l.given_up) AS pieces
      ${FROM} WHERE ${condition(actor, query, storeId, today)}`,
  );
  return { lines: Number(row?.lineCount ?? 0), pieces: Number(row?.pieces ?? 0) };
}

function condition(actor: Actor, { filters }: ListQuery, storeId: number | null, today: string): Sql {
  const idOf = (text: string | undefined): number | null => (/^\d{1,15}$/.test(text ?? '') ? Number(text) : null);
  const store = idOf(filters['store']) ?? storeId;
  return sql.all([
    STILL_OPEN,
    inScope('l.store_id', actor.scope(VIEW_ORDERS)),
    store !== null && sql`l.store_id = ${store}`,
    Boolean(filters['supplier']) && sql`o.supplier_id = ${idOf(filters['supplier']) ?? 0}`,
    Boolean(filters['late']) && sql`COALESCE(l.expected_on, o.expected_on) < ${today}`,
    ...searchTerms(filters['q'] ?? '').map(
      (term) =>
        sql`(${sql.contains('k.search_key', term)} OR ${sql.contains('k.code', term.toUpperCase())}
          OR ${sql.contains('o.number', term.toUpperCase())} OR ${sql.contains('s.search_key', term)})`,
    ),
  ]);
}

export interface OnOrder {
  skuId: number;
  storeId: number;
  /** Pieces ordered and not received; what was given up is not among them. */
  quantity: number;
  /** The first day on which some are expected. */
  expectedOn: string | null;
}

/** What is on order of these SKUs, by the store that gets it; of all stores, or of these. */
export async function onOrder(
  read: Reader,
  { skuIds, storeIds }: { skuIds: readonly number[]; storeIds?: readonly number[] },
): Promise<OnOrder[]> {
  const found: OnOrder[] = [];
  for (const chunk of chunked([...new Set(skuIds)])) {
    const rows = await read.all<OnOrder>(
      sql`SELECT l.sku_id, l.store_id, SUM(l.quantity - l.received - l.given_up) AS quantity,
          MIN(COALESCE(l.expected_on, o.expected_on)) AS expected_on
        FROM purchase_order_line l JOIN purchase_order o ON o.id = l.order_id
        WHERE l.sku_id IN (${sql.list(chunk)}) AND ${STILL_OPEN} GROUP BY l.sku_id, l.store_id`,
    );
    for (const row of rows) found.push({ ...row, quantity: Number(row.quantity) });
  }
  return storeIds ? found.filter(({ storeId }) => storeIds.includes(storeId)) : found;
}
