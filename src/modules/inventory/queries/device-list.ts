import { addDays, type BusinessDate } from '../../../kernel';
import { type Bucket, type DeviceState, numberEndsWith } from '../../../ledger';
import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { inScope, type StoreScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import { AGEING_WARN_DAYS } from '../domain/device-status';

export const DEVICE_VIEWS = ['stock', 'sellable', 'old', 'transit', 'demo', 'defective', 'sold', 'all'] as const;
export type DeviceView = (typeof DEVICE_VIEWS)[number];

export interface DeviceFilter {
  view: DeviceView;
  /** Number, part of a number, product name or pinyin initials. */
  text: string;
  storeId: number | null;
  brandId: number | null;
  skuId: number | null;
  scope: StoreScope;
  today: BusinessDate;
}

/** In stock the oldest come first; elsewhere age means nothing, so the newest device does. */
export function deviceListSpec(view: DeviceView): ListSpec {
  const age = { expression: 'd.stocked_on', type: 'text', direction: 'ascending' } as const;
  const newest = { expression: 'd.id', type: 'number', direction: 'descending' } as const;
  const inStock = view !== 'sold' && view !== 'all';
  return {
    path: '/inventory/devices',
    id: 'd.id',
    filters: ['view', 'q', 'store', 'brand', 'sku'],
    sorts: {
      ...(inStock ? { age } : {}),
      newest,
      name: { expression: 's.name', type: 'text', direction: 'ascending' },
      cost: { expression: 'd.cost_fen', type: 'number', direction: 'descending', cost: true },
    },
  };
}

export interface DeviceListRow {
  id: number;
  sortValue: string | number;
  skuId: number;
  skuCode: string;
  skuName: string;
  state: DeviceState;
  bucket: Bucket | null;
  storeId: number | null;
  storeName: string | null;
  locationName: string | null;
  stockedOn: string | null;
  costFen: number;
  priceFen: number | null;
  taxRateBp: number;
}

function viewCondition(view: DeviceView, today: BusinessDate): Sql {
  switch (view) {
    case 'stock':
      return sql`d.state IN ('in_stock', 'in_transit')`;
    case 'sellable':
      return sql`d.state = 'in_stock' AND d.bucket = 'sellable'`;
    case 'old':
      return sql`d.state = 'in_stock' AND d.stocked_on < ${addDays(today, -AGEING_WARN_DAYS)}`;
    case 'transit':
      return sql`d.state = 'in_transit'`;
    case 'demo':
    case 'defective':
      return sql`d.state = 'in_stock' AND d.bucket = ${view}`;
    case 'sold':
      return sql`d.state = 'sold'`;
    case 'all':
      return sql`d.state <> 'void'`;
  }
}

function textCondition(text: string): Sql | undefined {
  const plain = text.replace(/\s/g, '').toUpperCase();
  const byNumber = /^[0-9A-Z]{3,20}$/.test(plain)
    ? sql`d.id IN (SELECT i.device_id FROM device_identifier i WHERE i.value = ${plain} OR ${numberEndsWith('i.tail', plain)})`
    : undefined;
  const terms = searchTerms(text).map((term) => sql.contains('s.search_key', term));
  const byName = terms.length > 0 ? sql.all(terms) : undefined;
  if (byNumber && byName) return sql`(${byNumber} OR (${byName}))`;
  return byNumber ?? byName;
}

export function deviceConditions(filter: DeviceFilter): Sql {
  return sql.all([
    viewCondition(filter.view, filter.today),
    inScope('d.store_id', filter.scope),
    filter.storeId !== null && sql`d.store_id = ${filter.storeId}`,
    filter.skuId !== null && sql`d.sku_id = ${filter.skuId}`,
    filter.brandId !== null && sql`p.brand_id = ${filter.brandId}`,
    textCondition(filter.text),
  ]);
}

/** One page of devices; numbers and prices are fetched for the page by their own set queries. */
export async function deviceList(read: Reader, query: ListQuery, filter: DeviceFilter): Promise<DeviceListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const sortExpression = query.spec.sorts[query.sort]?.expression ?? 'd.id';
  return read.all<DeviceListRow>(
    sql`SELECT d.id, ${sql.identifier(sortExpression)} AS sort_value, d.sku_id, s.code AS sku_code, s.name AS sku_name, d.state, d.bucket,
        d.store_id, st.name AS store_name, l.name AS location_name, d.stocked_on, d.cost_fen, d.price_fen, s.tax_rate_bp
      FROM device d JOIN sku s ON s.id = d.sku_id JOIN product p ON p.id = s.product_id
        LEFT JOIN store st ON st.id = d.store_id LEFT JOIN location l ON l.id = d.location_id
      WHERE ${deviceConditions(filter)} AND ${where} ${orderBy} ${limit}`,
  );
}

export interface DeviceTotals {
  count: number;
  costFen: number;
}

/** Totals of the filtered devices; asked for only in the views of stock, which an index bounds. */
export async function deviceTotals(read: Reader, filter: DeviceFilter): Promise<DeviceTotals> {
  const row = await read.one<{ n: number; costFen: number | null }>(
    sql`SELECT COUNT(*) AS n, SUM(d.cost_fen) AS cost_fen
      FROM device d JOIN sku s ON s.id = d.sku_id JOIN product p ON p.id = s.product_id WHERE ${deviceConditions(filter)}`,
  );
  return { count: Number(row?.n ?? 0), costFen: Number(row?.costFen ?? 0) };
}

/** Counts for the tabs from the balances, which are few, not from the devices. */
export async function stockCounts(
  read: Reader,
  scope: StoreScope,
  storeId: number | null,
): Promise<Record<Bucket, number>> {
  const rows = await read.all<{ bucket: Bucket; n: number }>(
    sql`SELECT bucket, SUM(quantity) AS n FROM stock_balance
      WHERE by_device = 1 AND ${inScope('store_id', scope)} AND ${storeId === null ? sql`1 = 1` : sql`store_id = ${storeId}`}
      GROUP BY bucket`,
  );
  const counts: Record<Bucket, number> = { sellable: 0, demo: 0, defective: 0, in_transit: 0 };
  for (const { bucket, n } of rows) counts[bucket] = Number(n);
  return counts;
}

export async function oldDeviceCount(
  read: Reader,
  scope: StoreScope,
  storeId: number | null,
  today: BusinessDate,
): Promise<DeviceTotals> {
  return deviceTotals(read, { view: 'old', text: '', storeId, brandId: null, skuId: null, scope, today });
}
