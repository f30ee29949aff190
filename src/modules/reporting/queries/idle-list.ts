import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { inScope } from '../../../platform/permissions';
import type { IdleAction } from '../domain/idle-goods';
import { goodsCondition, type StockFilter } from './stock-sums';

export const IDLE_LIST: ListSpec = {
  path: '/reporting/dead-stock',
  id: 'i.id',
  filters: ['action', 'days', 'q', 'store', 'category', 'brand'],
  sorts: {
    idle: { expression: 'i.idle_days', type: 'number', direction: 'descending' },
    value: { expression: 'i.value_fen', type: 'number', direction: 'descending', cost: true },
    quantity: { expression: 'i.quantity', type: 'number', direction: 'descending' },
  },
};

export interface IdleFilter extends StockFilter {
  runId: number;
  days: number;
  action: IdleAction | null;
}

export interface IdleRow {
  id: number;
  sortValue: number;
  storeId: number;
  storeName: string;
  skuId: number;
  skuCode: string;
  skuName: string;
  quantity: number;
  valueFen: number;
  heldSince: string;
  lastSoldOn: string | null;
  idleDays: number;
  action: IdleAction;
  toStoreId: number | null;
  toStoreName: string | null;
}

const conditions = (filter: IdleFilter): Sql =>
  sql.all([
    sql`i.run_id = ${filter.runId}`,
    sql`i.idle_days >= ${filter.days}`,
    inScope('i.store_id', filter.scope),
    filter.storeId !== null && sql`i.store_id = ${filter.storeId}`,
    filter.action !== null && sql`i.action = ${filter.action}`,
    goodsCondition(filter),
  ]);

const TABLES = sql`idle_stock i JOIN sku s ON s.id = i.sku_id JOIN product p ON p.id = s.product_id`;

/** One page of goods that stand; one row more than the page, see `keyset`. */
export async function idleGoods(read: Reader, query: ListQuery, filter: IdleFilter): Promise<IdleRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const sortExpression = query.spec.sorts[query.sort]?.expression ?? 'i.id';
  return read.all<IdleRow>(
    sql`SELECT i.id, ${sql.identifier(sortExpression)} AS sort_value, i.store_id, st.name AS store_name, i.sku_id, s.code AS sku_code,
        s.name AS sku_name, i.quantity, i.value_fen, i.held_since, i.last_sold_on, i.idle_days, i.action, i.to_store_id,
        tt.name AS to_store_name
      FROM ${TABLES} JOIN store st ON st.id = i.store_id LEFT JOIN store tt ON tt.id = i.to_store_id
      WHERE ${conditions(filter)} AND ${where} ${orderBy} ${limit}`,
  );
}

/** Lines, pieces and value by action, whatever action is chosen. */
export async function idleTotals(
  read: Reader,
  filter: IdleFilter,
): Promise<Map<IdleAction, { lines: number; quantity: number; valueFen: number }>> {
  const rows = await read.all<{ action: IdleAction; n: number; quantity: number; valueFen: number }>(
    sql`SELECT i.action, COUNT(*) AS n, ${sql.sum('i.quantity')} AS quantity, ${sql.sum('i.value_fen')} AS value_fen
      FROM ${TABLES} WHERE ${conditions({ ...filter, action: null })} GROUP BY i.action`,
  );
  return new Map(
    rows.map(({ action, n, quantity, valueFen }) => [
      action,
      { lines: Number(n), quantity: Number(quantity), valueFen: Number(valueFen) },
    ]),
  );
}
