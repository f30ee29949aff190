import { addDays, type BusinessDate } from '../../../kernel';
import type { Bucket } from '../../../ledger';
import { type Reader, type Sql, sql } from '../../../platform/database';
import { inScope, type StoreScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';

/** Which stock: everything left out counts as "all". */
export interface StockFilter {
  scope: StoreScope;
  storeId: number | null;
  /** Every word must be in the name, its initials or the code. */
  text: string;
  brandId: number | null;
  /** A category with those below it; null: all. */
  categoryIds: readonly number[] | null;
  /** At the end of which day; null: now. */
  on: BusinessDate | null;
}

/** Conditions on goods (`s` the SKU, `p` its product); undefined where the filter names none. */
export function goodsCondition({ text, brandId, categoryIds }: StockFilter): Sql | undefined {
  const terms = searchTerms(text);
  if (terms.length === 0 && brandId === null && categoryIds === null) return undefined;
  return sql.all([
    ...terms.map(
      (term) => sql`(${sql.contains('s.search_key', term)} OR ${sql.contains('s.code', term.toUpperCase())})`,
    ),
    brandId !== null && sql`p.brand_id = ${brandId}`,
    categoryIds !== null && sql`p.category_id IN (${sql.list(categoryIds)})`,
  ]);
}

export const STOCK_GROUPS = ['store', 'sku', 'category', 'brand'] as const;
export type StockGroup = (typeof STOCK_GROUPS)[number];

export interface StockSum {
  storeId?: number;
  skuId?: number;
  categoryId?: number;
  brandId?: number;
  bucket?: Bucket;
  quantity: number;
  valueFen: number;
}

interface Wanted {
  by: readonly (StockGroup | 'bucket')[];
  /** All when left out. */
  buckets?: readonly Bucket[];
  /** At most 500. */
  skuIds?: readonly number[];
}

const COLUMNS = {
  store: { table: 'x', column: 'store_id', name: 'storeId' },
  sku: { table: 'x', column: 'sku_id', name: 'skuId' },
  bucket: { table: 'x', column: 'bucket', name: 'bucket' },
  category: { table: 'p', column: 'category_id', name: 'categoryId' },
  brand: { table: 'p', column: 'brand_id', name: 'brandId' },
} as const;

/**
 * Pieces and value of stock, summed up. Of a past day it is what there is now less what was booked on later days: the balance
 * that the ledger had at the end of that day, whatever was entered for it afterwards.
 */
export async function stockSums(read: Reader, filter: StockFilter, wanted: Wanted): Promise<StockSum[]> {
  const whole = filter.scope === 'all' && filter.storeId === null && wanted.skuIds === undefined;
  const balances = whole ? sql.scan('stock_balance', 'x', 'ix_stock_balance_store') : sql`stock_balance x`;
  const now = await sumsOf(read, balances, filter, wanted);
  if (filter.on === null) return now;
  const later = await sumsOf(read, sql`stock_entry x`, filter, wanted, sql`x.business_date > ${filter.on}`);
  const keyOf = (row: StockSum): string => wanted.by.map((group) => row[COLUMNS[group].name]).join('/');
  const sums = new Map(now.map((row) => [keyOf(row), row]));
  for (const row of later) {
    const known = sums.get(keyOf(row)) ?? { ...row, quantity: 0, valueFen: 0 };
    sums.set(keyOf(row), {
      ...known,
      quantity: known.quantity - row.quantity,
      valueFen: known.valueFen - row.valueFen,
    });
  }
  return [...sums.values()];
}

/** What stock was worth at the end of each of so many days up to the filter's, the oldest first; as `stockSums` of that day. */
export async function valueByDay(
  read: Reader,
  filter: StockFilter,
  { last, days }: { last: BusinessDate; days: number },
): Promise<{ day: BusinessDate; valueFen: number }[]> {
  const first = addDays(last, 1 - days);
  const goods = goodsCondition(filter);
  const total = (rows: readonly { valueFen: number }[]): number => rows.reduce((sum, row) => sum + row.valueFen, 0);
  const rows = await read.all<{ businessDate: BusinessDate; valueFen: number | string }>(
    sql`SELECT x.business_date, ${sql.sum('x.value_fen')} AS value_fen FROM stock_entry x
      ${goods ? sql`JOIN sku s ON s.id = x.sku_id JOIN product p ON p.id = s.product_id` : sql.empty}
      WHERE ${sql.all([
        sql`x.business_date > ${first}`,
        sql`x.business_date <= ${last}`,
        inScope('x.store_id', filter.scope),
        filter.storeId !== null && sql`x.store_id = ${filter.storeId}`,
        goods,
      ])} GROUP BY x.business_date`,
  );
  const changes = new Map(rows.map((row) => [row.businessDate, Number(row.valueFen)]));
  let valueFen = total(await stockSums(read, filter, { by: ['store'] }));
  const found: { day: BusinessDate; valueFen: number }[] = [];
  for (let day = last; day >= first; day = addDays(day, -1)) {
    found.push({ day, valueFen });
    valueFen -= changes.get(day) ?? 0;
  }
  return found.reverse();
}

async function sumsOf(
  read: Reader,
  table: Sql,
  filter: StockFilter,
  { by, buckets, skuIds }: Wanted,
  further?: Sql,
): Promise<StockSum[]> {
  const goods = skuIds ? undefined : goodsCondition(filter);
  const product = goods !== undefined || by.some((group) => COLUMNS[group].table === 'p');
  const columns = sql.join(by.map((group) => sql.identifier(`${COLUMNS[group].table}.${COLUMNS[group].column}`)));
  const rows = await read.all<StockSum>(
    sql`SELECT ${columns}, ${sql.sum('x.quantity')} AS quantity, ${sql.sum('x.value_fen')} AS value_fen FROM ${table}
      ${product ? sql`JOIN sku s ON s.id = x.sku_id JOIN product p ON p.id = s.product_id` : sql.empty}
      WHERE ${sql.all([
        inScope('x.store_id', filter.scope),
        filter.storeId !== null && sql`x.store_id = ${filter.storeId}`,
        buckets !== undefined && sql`x.bucket IN (${sql.list(buckets)})`,
        skuIds !== undefined && sql`x.sku_id IN (${sql.list(skuIds)})`,
        goods,
        further,
      ])} GROUP BY ${columns}`,
  );
  return rows.map((row) => ({ ...row, quantity: Number(row.quantity), valueFen: Number(row.valueFen) }));
}

/** What the inventory accounts say at the end of a day, by store: it must be the value of the stock. */
export async function inventoryAccounts(
  read: Reader,
  { scope, storeId, on }: Pick<StockFilter, 'scope' | 'storeId' | 'on'>,
): Promise<Map<number, number>> {
  const rows = await read.all<{ storeId: number; valueFen: number }>(
    sql`SELECT l.store_id, ${sql.sum('l.debit_fen - l.credit_fen')} AS value_fen
      FROM account a JOIN journal_line l ON l.account_id = a.id WHERE ${sql.all([
        sql`a.book = 'inventory'`,
        inScope('l.store_id', scope),
        storeId !== null && sql`l.store_id = ${storeId}`,
        on !== null && sql`l.business_date <= ${on}`,
      ])} GROUP BY l.store_id`,
  );
  return new Map(rows.map((row) => [row.storeId, Number(row.valueFen)]));
}
