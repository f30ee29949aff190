import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { inScope } from '../../../platform/permissions';
import type { AlertKind } from '../domain/stock-alerts';
import type { StockAlertRow } from '../store/alert.table';
import { goodsCondition, type StockFilter } from './stock-sums';

export const VIEW_ALERTS = 'reporting.alert.view';

export const ALERT_LIST: ListSpec = {
  path: '/reporting/alerts',
  id: 'a.id',
  filters: ['kind', 'state', 'q', 'store', 'category', 'brand'],
  // The order in which they were computed: by kind, the most urgent first.
  sorts: { urgent: { expression: 'a.id', type: 'number', direction: 'ascending' } },
};

export interface AlertFilter extends StockFilter {
  kind: AlertKind | null;
  state: 'open' | 'done';
}

export interface AlertRow extends StockAlertRow {
  sortValue: number;
  storeName: string;
  otherStoreName: string | null;
  skuCode: string | null;
  skuName: string | null;
}

/** The newest computation that came to its end. */
const NEWEST = sql`(SELECT MAX(u.id) FROM upkeep_run u WHERE u.kind = 'alerts' AND u.state = 'ok')`;

/** An alert belongs to the store whose goods it is about; late transfers concern both sides. */
const conditions = (filter: AlertFilter): Sql => {
  const goods = goodsCondition(filter);
  const inReach = (column: string): Sql =>
    sql.all([
      inScope(column, filter.scope),
      filter.storeId !== null && sql`${sql.identifier(column)} = ${filter.storeId}`,
    ]);
  return sql.all([
    sql`a.run_id = ${NEWEST}`,
    sql`a.state = ${filter.state}`,
    sql`(${inReach('a.store_id')} OR (a.kind = 'transit' AND ${inReach('a.other_store_id')}))`,
    filter.kind !== null && sql`a.kind = ${filter.kind}`,
    goods && sql`EXISTS (SELECT 1 FROM sku s JOIN product p ON p.id = s.product_id WHERE s.id = a.sku_id AND ${goods})`,
  ]);
};

/** One page of alerts; one row more than the page, see `keyset`. */
export async function alertRows(read: Reader, query: ListQuery, filter: AlertFilter): Promise<AlertRow[]> {
  const { where, orderBy, limit } = keyset(query);
  return selected(read, sql`${conditions(filter)} AND ${where} ${orderBy} ${limit}`);
}

/** One alert of the newest computation in these stores. */
export async function alertById(read: Reader, id: number, filter: AlertFilter): Promise<AlertRow | undefined> {
  return (await selected(read, sql`${conditions(filter)} AND a.id = ${id}`))[0];
}

const selected = (read: Reader, rest: Sql): Promise<AlertRow[]> =>
  read.all<AlertRow>(
    sql`SELECT a.id, a.id AS sort_value, a.run_id, a.kind, a.store_id, a.sku_id, a.other_store_id, a.quantity, a.limit_quantity,
        a.wanted, a.days, a.due_on, a.document_id, a.document_number, a.state, a.made_type, a.made_id, a.made_number,
        st.name AS store_name, ot.name AS other_store_name, k.code AS sku_code, k.name AS sku_name
      FROM stock_alert a JOIN store st ON st.id = a.store_id LEFT JOIN store ot ON ot.id = a.other_store_id
        LEFT JOIN sku k ON k.id = a.sku_id WHERE ${rest}`,
  );

/** How many of each kind are open, whatever kind is chosen. */
export async function alertCounts(read: Reader, filter: AlertFilter): Promise<Map<AlertKind, number>> {
  const rows = await read.all<{ kind: AlertKind; n: number }>(
    sql`SELECT a.kind, COUNT(*) AS n FROM stock_alert a WHERE ${conditions({ ...filter, kind: null })} GROUP BY a.kind`,
  );
  return new Map(rows.map(({ kind, n }) => [kind, Number(n)]));
}
