import type { Bucket } from '../../../ledger';
import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { inScope, type StoreScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';

export const STOCK_LIST: ListSpec = {
  path: '/inventory/stock',
  id: 'b.id',
  filters: ['q', 'store', 'bucket', 'kind'],
  sorts: {
    name: { expression: 's.name', type: 'text', direction: 'ascending' },
    quantity: { expression: 'b.quantity', type: 'number', direction: 'descending' },
    value: { expression: 'b.value_fen', type: 'number', direction: 'descending', cost: true },
  },
};

export interface StockFilter {
  text: string;
  storeId: number | null;
  bucket: string | null;
  /** devices: serial numbers; goods: the rest. */
  kind: 'devices' | 'goods' | null;
  scope: StoreScope;
}

export interface StockRow {
  id: number;
  sortValue: string | number;
  skuId: number;
  storeId: number;
  locationId: number;
  productId: number;
  skuCode: string;
  skuName: string;
  storeName: string;
  locationName: string;
  bucket: Bucket;
  byDevice: number;
  batchCode: string | null;
  expiresOn: string | null;
  quantity: number;
  valueFen: number;
}

const conditions = (filter: StockFilter): Sql =>
  sql.all([
    sql`b.quantity > 0`,
    inScope('b.store_id', filter.scope),
    filter.storeId !== null && sql`b.store_id = ${filter.storeId}`,
    filter.bucket !== null && sql`b.bucket = ${filter.bucket}`,
    filter.kind !== null && sql`b.by_device = ${filter.kind === 'devices' ? 1 : 0}`,
    ...searchTerms(filter.text).map((term) => sql.contains('s.search_key', term)),
  ]);

/** One page of balances: quantity and value by place, SKU and bucket. */
export async function stockList(read: Reader, query: ListQuery, filter: StockFilter): Promise<StockRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const sortExpression = query.spec.sorts[query.sort]?.expression ?? 'b.id';
  return read.all<StockRow>(
    sql`SELECT b.id, ${sql.identifier(sortExpression)} AS sort_value, b.sku_id, b.store_id, b.location_id, s.product_id, s.code AS sku_code, s.name AS sku_name,
        st.name AS store_name, l.name AS location_name, bt.code AS batch_code, bt.expires_on, b.bucket, b.by_device, b.quantity, b.value_fen
      FROM stock_balance b JOIN sku s ON s.id = b.sku_id JOIN store st ON st.id = b.store_id JOIN location l ON l.id = b.location_id
        LEFT JOIN batch bt ON bt.id = b.batch_key
      WHERE ${conditions(filter)} AND ${where} ${orderBy} ${limit}`,
  );
}

export async function stockTotals(read: Reader, filter: StockFilter): Promise<{ quantity: number; valueFen: number }> {
  const row = await read.one<{ quantity: number | null; valueFen: number | null }>(
    sql`SELECT SUM(b.quantity) AS quantity, SUM(b.value_fen) AS value_fen FROM stock_balance b JOIN sku s ON s.id = b.sku_id
      WHERE ${conditions(filter)}`,
  );
  return { quantity: Number(row?.quantity ?? 0), valueFen: Number(row?.valueFen ?? 0) };
}
