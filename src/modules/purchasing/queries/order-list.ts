import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, inScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import { OPEN_ORDER_STATES, type OrderState } from '../domain/order-state';
import { dateOf } from './receipt-list';

export const VIEW_ORDERS = 'purchasing.order.view';

export const ORDER_LIST: ListSpec = {
  path: '/purchasing/orders',
  id: 'o.id',
  sorts: {
    created: { expression: 'o.id', type: 'number', direction: 'descending' },
    date: { expression: 'o.ordered_on', type: 'text', direction: 'descending' },
    expected: { expression: "COALESCE(o.expected_on, '9999-12-31')", type: 'text', direction: 'ascending' },
    number: { expression: 'o.number', type: 'text', direction: 'ascending' },
    supplier: { expression: 's.name', type: 'text', direction: 'ascending' },
  },
  filters: ['q', 'state', 'supplier', 'store', 'late', 'from', 'to'],
};

export interface OrderListRow {
  id: number;
  sortValue: string | number;
  number: string;
  state: OrderState;
  orderedOn: string;
  expectedOn: string | null;
  supplierName: string;
  storeName: string;
  createdByName: string;
  /** Of the lines in the reader's stores. */
  quantity: number;
  received: number;
  stores: number;
  /** Tax-inclusive; the page shows it to who sees cost in all these stores. */
  amountFen: number;
}

/** One row more than the page, see `keyset`. `today`: what is expected before it is late. */
export async function orderRows(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  storeId: number | null,
  today: string,
): Promise<OrderListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const sortValue = sql.perDialect(() => query.spec.sorts[query.sort]?.expression ?? 'o.id');
  const seen = inScope('l.store_id', actor.scope(VIEW_ORDERS));
  const ofLines = (what: Sql): Sql =>
    sql`(SELECT ${what} FROM purchase_order_line l WHERE l.order_id = o.id AND ${seen})`;
  const rows = await read.all<Record<'quantity' | 'received' | 'stores' | 'amountFen', number | null> & OrderListRow>(
    sql`SELECT o.id, ${sortValue} AS sort_value, o.number, o.state, o.ordered_on, o.expected_on,
        s.name AS supplier_name, st.name AS store_name, o.created_by_name,
        ${ofLines(sql`SUM(l.quantity)`)} AS quantity, ${ofLines(sql`SUM(l.received)`)} AS received,
        ${ofLines(sql`COUNT(DISTINCT l.store_id)`)} AS stores, ${ofLines(sql`SUM(l.amount_fen)`)} AS amount_fen
      FROM purchase_order o JOIN supplier s ON s.id = o.supplier_id JOIN store st ON st.id = o.store_id
      WHERE ${condition(actor, query, storeId, today)} AND ${where} ${orderBy} ${limit}`,
  );
  return rows.map((row) => ({
    ...row,
    quantity: Number(row.quantity ?? 0),
    received: Number(row.received ?? 0),
    stores: Number(row.stores ?? 0),
    amountFen: Number(row.amountFen ?? 0),
  }));
}

export interface OrderTotals {
  orders: number;
  quantity: number;
  received: number;
  amountFen: number;
}

/** What the filters find, by state; the filter of states itself left out. */
export async function orderTotalsByState(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  storeId: number | null,
  today: string,
): Promise<Map<OrderState, OrderTotals>> {
  const all = { ...query, filters: { ...query.filters, state: '' } };
  const rows = await read.all<{ state: OrderState } & Record<keyof OrderTotals, number | null>>(
    sql`SELECT o.state, COUNT(DISTINCT o.id) AS orders, SUM(l.quantity) AS quantity, SUM(l.received) AS received,
        SUM(l.amount_fen) AS amount_fen
      FROM purchase_order o JOIN supplier s ON s.id = o.supplier_id
        LEFT JOIN purchase_order_line l ON l.order_id = o.id AND ${inScope('l.store_id', actor.scope(VIEW_ORDERS))}
      WHERE ${condition(actor, all, storeId, today)} GROUP BY o.state`,
  );
  return new Map(
    rows.map(({ state, orders, quantity, received, amountFen }) => [
      state,
      {
        orders: Number(orders ?? 0),
        quantity: Number(quantity ?? 0),
        received: Number(received ?? 0),
        amountFen: Number(amountFen ?? 0),
      },
    ]),
  );
}

/** Orders of the reader's stores: which order or which receive. */
export function ordersSeen(actor: Actor): Sql {
  const scope = actor.scope(VIEW_ORDERS);
  if (scope === 'all') return sql`1 = 1`;
  return sql`(${inScope('o.store_id', scope)} OR EXISTS (SELECT 1 FROM purchase_order_line m
    WHERE m.order_id = o.id AND ${inScope('m.store_id', scope)}))`;
}

function condition(actor: Actor, { filters }: ListQuery, storeId: number | null, today: string): Sql {
  const from = dateOf(filters['from']);
  const to = dateOf(filters['to']);
  const { state, supplier, q, late } = filters;
  const store = /^\d{1,15}$/.test(filters['store'] ?? '') ? Number(filters['store']) : storeId;
  return sql.all([
    ordersSeen(actor),
    store !== null &&
      sql`(o.store_id = ${store} OR EXISTS (SELECT 1 FROM purchase_order_line n
        WHERE n.order_id = o.id AND n.store_id = ${store}))`,
    Boolean(state) && sql`o.state = ${state}`,
    Boolean(supplier) && sql`o.supplier_id = ${/^\d{1,15}$/.test(supplier ?? '') ? Number(supplier) : 0}`,
    Boolean(late) &&
      sql`o.state IN (${sql.list([...OPEN_ORDER_STATES])}) AND EXISTS (SELECT 1 FROM purchase_order_line p
        WHERE p.order_id = o.id AND p.received + p.given_up < p.quantity
          AND COALESCE(p.expected_on, o.expected_on) < ${today})`,
    from !== null && sql`o.ordered_on >= ${from}`,
    to !== null && sql`o.ordered_on <= ${to}`,
    ...searchTerms(q ?? '').map(
      (term) => sql`(${sql.contains('o.number', term.toUpperCase())} OR ${sql.contains('s.search_key', term)})`,
    ),
  ]);
}
