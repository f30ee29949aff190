import { addDays, type BusinessDate } from '../../../kernel';
import { type Bucket, type DeviceState, numberEndsWith, type Ownership } from '../../../ledger';
import { chunked, type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { inScope, type StoreScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import { type AgeBand, AGEING_WARN_DAYS, daysOfBand } from '../domain/device-status';

export const DEVICE_VIEWS = [
  'stock',
  'sellable',
  'old',
  'transit',
  'demo',
  'defective',
  'quarantine',
  'used',
  'sold',
  'all',
] as const;
export type DeviceView = (typeof DEVICE_VIEWS)[number];

export interface DeviceFilter {
  view: DeviceView;
  /** Number, part of a number, product name or pinyin initials. */
  text: string;
  storeId: number | null;
  brandId: number | null;
  skuId: number | null;
  productId?: number | undefined;
  /** Whom it was bought from. */
  supplierId?: number | undefined;
  /** Left out: whosever it is. */
  ownership?: Ownership | undefined;
  /** Of these categories. */
  categoryIds?: readonly number[] | undefined;
  /** Only what is in stock, for so long. */
  age?: AgeBand | undefined;
  /** Of used devices: their grade, and the least battery health in percent. */
  grade?: string | undefined;
  batteryFrom?: number | undefined;
  /** Of the device's own price. */
  priceFromFen?: number | undefined;
  priceToFen?: number | undefined;
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
    filters: [
      'view',
      'q',
      'store',
      'brand',
      'category',
      'age',
      'sku',
      'product',
      'supplier',
      'ownership',
      'grade',
      'battery',
      'priceFrom',
      'priceTo',
    ],
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
  ownership: Ownership;
  costFen: number;
  priceFen: number | null;
  grade: string | null;
  batteryHealth: number | null;
  taxRateBp: number;
}

/** Where the devices of a view of stock are. Without places: sold ones, or all. */
const PLACES: Record<DeviceView, readonly (readonly [state: DeviceState, bucket: Bucket])[]> = {
  stock: [
    ['in_stock', 'sellable'],
    ['in_stock', 'demo'],
    ['in_stock', 'defective'],
    ['in_stock', 'quarantine'],
    ['in_transit', 'in_transit'],
  ],
  sellable: [['in_stock', 'sellable']],
  old: [
    ['in_stock', 'sellable'],
    ['in_stock', 'demo'],
    ['in_stock', 'defective'],
    ['in_stock', 'quarantine'],
  ],
  transit: [['in_transit', 'in_transit']],
  demo: [['in_stock', 'demo']],
  defective: [['in_stock', 'defective']],
  quarantine: [['in_stock', 'quarantine']],
  used: [
    ['in_stock', 'sellable'],
    ['in_stock', 'demo'],
    ['in_stock', 'defective'],
    ['in_stock', 'quarantine'],
    ['in_transit', 'in_transit'],
  ],
  sold: [],
  all: [],
};

/** One condition for each place of the view: an index has the devices of one place in the order of their age, not those of several. */
function viewConditions(view: DeviceView, today: BusinessDate): Sql[] {
  if (view === 'sold') return [sql`d.state = 'sold'`];
  if (view === 'all') return [sql`d.state <> 'void'`];
  const old = view === 'old' ? sql` AND d.stocked_on < ${addDays(today, -AGEING_WARN_DAYS)}` : sql.empty;
  const used = view === 'used' ? sql` AND d.grade IS NOT NULL` : sql.empty;
  return PLACES[view].map(([state, bucket]) => sql`d.state = ${state} AND d.bucket = ${bucket}${old}${used}`);
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

/** All but the view. */
function filterConditions(filter: DeviceFilter): Sql {
  return sql.all([
    inScope('d.store_id', filter.scope),
    filter.storeId !== null && sql`d.store_id = ${filter.storeId}`,
    filter.skuId !== null && sql`d.sku_id = ${filter.skuId}`,
    filter.productId !== undefined && sql`s.product_id = ${filter.productId}`,
    filter.brandId !== null && sql`p.brand_id = ${filter.brandId}`,
    filter.categoryIds !== undefined && sql`p.category_id IN (${sql.list(filter.categoryIds)})`,
    filter.supplierId !== undefined && sql`d.supplier_id = ${filter.supplierId}`,
    filter.ownership !== undefined && sql`d.ownership = ${filter.ownership}`,
    filter.age !== undefined && ageCondition(filter.age, filter.today),
    filter.grade !== undefined && sql`d.grade = ${filter.grade}`,
    filter.batteryFrom !== undefined && sql`d.battery_health >= ${filter.batteryFrom}`,
    filter.priceFromFen !== undefined && sql`d.price_fen >= ${filter.priceFromFen}`,
    filter.priceToFen !== undefined && sql`d.price_fen <= ${filter.priceToFen}`,
    textCondition(filter.text),
  ]);
}

function ageCondition(band: AgeBand, today: BusinessDate): Sql {
  const { from, before } = daysOfBand(band, today);
  return sql.all([
    sql`d.state = 'in_stock'`,
    from !== undefined && sql`d.stocked_on >= ${from}`,
    before !== undefined && sql`d.stocked_on < ${before}`,
  ]);
}

const WITH_PRODUCT = sql`device d JOIN sku s ON s.id = d.sku_id JOIN product p ON p.id = s.product_id`;

/** The product is looked up only for what asks about it. */
const tablesFor = (filter: DeviceFilter, sort?: string): Sql =>
  filter.brandId === null &&
  filter.productId === undefined &&
  filter.categoryIds === undefined &&
  filter.text === '' &&
  !sort?.startsWith('s.')
    ? sql`device d`
    : WITH_PRODUCT;

/**
 * One page of devices; numbers and prices are fetched for the page by their own set queries. The ids come first, a page from
 * each place of the view in the order of an index, and only the rows of the page are looked up.
 */
export async function deviceList(read: Reader, query: ListQuery, filter: DeviceFilter): Promise<DeviceListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const sortExpression = query.spec.sorts[query.sort]?.expression ?? 'd.id';
  const ids = viewConditions(filter.view, filter.today).map(
    (view, place) =>
      sql`SELECT id FROM (SELECT d.id AS id FROM ${tablesFor(filter, sortExpression)}
        WHERE ${view} AND ${filterConditions(filter)} AND ${where} ${orderBy} ${limit}) ${sql.identifier(`place_${place}`)}`,
  );
  return read.all<DeviceListRow>(
    sql`SELECT d.id, ${sql.identifier(sortExpression)} AS sort_value, d.sku_id, s.code AS sku_code, s.name AS sku_name, d.state, d.bucket,
        d.store_id, st.name AS store_name, l.name AS location_name, d.stocked_on, d.ownership, d.cost_fen, d.price_fen, d.grade, d.battery_health,
        s.tax_rate_bp
      FROM (${sql.join(ids, ' UNION ALL ')}) found JOIN device d ON d.id = found.id JOIN sku s ON s.id = d.sku_id
        LEFT JOIN store st ON st.id = d.store_id LEFT JOIN location l ON l.id = d.location_id
      ${orderBy} ${limit}`,
  );
}

/** These devices as the list shows them, without those that are in none of these stores; the newest first. */
export async function deviceRows(read: Reader, ids: readonly number[], scope: StoreScope): Promise<DeviceListRow[]> {
  const rows: DeviceListRow[] = [];
  for (const chunk of chunked([...new Set(ids)]))
    rows.push(
      ...(await read.all<DeviceListRow>(
        sql`SELECT d.id, d.id AS sort_value, d.sku_id, s.code AS sku_code, s.name AS sku_name, d.state, d.bucket, d.store_id,
            st.name AS store_name, l.name AS location_name, d.stocked_on, d.ownership, d.cost_fen, d.price_fen, d.grade,
            d.battery_health, s.tax_rate_bp
          FROM device d JOIN sku s ON s.id = d.sku_id LEFT JOIN store st ON st.id = d.store_id
            LEFT JOIN location l ON l.id = d.location_id
          WHERE d.id IN (${sql.list(chunk)}) AND ${inScope('d.store_id', scope)} ORDER BY d.id DESC`,
      )),
    );
  return rows;
}

export interface DeviceTotals {
  count: number;
  costFen: number;
}

/** Totals of the filtered devices, from the balances where these say it; asked for only in the views of stock. */
export async function deviceTotals(read: Reader, filter: DeviceFilter): Promise<DeviceTotals> {
  if (filter.view !== 'old' && filter.view !== 'used' && inBalances(filter) && PLACES[filter.view].length > 0)
    return balanceTotals(read, filter);
  const totals: DeviceTotals = { count: 0, costFen: 0 };
  for (const view of viewConditions(filter.view, filter.today)) {
    const row = await read.one<{ n: number; costFen: number | null }>(
      sql`SELECT COUNT(*) AS n, SUM(d.cost_fen) AS cost_fen FROM ${tablesFor(filter)}
        WHERE ${view} AND ${filterConditions(filter)}`,
    );
    totals.count += Number(row?.n ?? 0);
    totals.costFen += Number(row?.costFen ?? 0);
  }
  return totals;
}

/** Whether balances know all that the filter asks for. */
const inBalances = (filter: DeviceFilter): boolean =>
  filter.text === '' &&
  [
    filter.age,
    filter.categoryIds,
    filter.supplierId,
    filter.ownership,
    filter.productId,
    filter.grade,
    filter.batteryFrom,
    filter.priceFromFen,
    filter.priceToFen,
  ].every((one) => one === undefined);

async function balanceTotals(read: Reader, filter: DeviceFilter): Promise<DeviceTotals> {
  const { scope, storeId, skuId, brandId } = filter;
  const brand =
    brandId === null
      ? sql.empty
      : sql` JOIN sku s ON s.id = b.sku_id JOIN product p ON p.id = s.product_id AND p.brand_id = ${brandId}`;
  const row = await read.one<{ n: number | null; costFen: number | null }>(
    sql`SELECT SUM(b.quantity) AS n, SUM(b.value_fen) AS cost_fen FROM stock_balance b${brand} WHERE ${sql.all([
      sql`b.by_device = 1`,
      sql`b.bucket IN (${sql.list(PLACES[filter.view].map(([, bucket]) => bucket))})`,
      inScope('b.store_id', scope),
      storeId !== null && sql`b.store_id = ${storeId}`,
      skuId !== null && sql`b.sku_id = ${skuId}`,
    ])}`,
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
  const counts: Record<Bucket, number> = { sellable: 0, demo: 0, defective: 0, quarantine: 0, in_transit: 0 };
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
