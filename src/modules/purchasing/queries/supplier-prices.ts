import { notFound } from '../../../kernel';
import { chunked, type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { searchTerms } from '../../../platform/text-search';
import { supplierPrice, type SupplierPriceRow } from '../store/supplier-price.table';

export const VIEW_PRICES = 'purchasing.price.view';

export const priceList = (supplierId: number): ListSpec => ({
  path: `/purchasing/suppliers/${supplierId}/prices`,
  id: 'c.id',
  sorts: {
    product: { expression: 'k.name', type: 'text', direction: 'ascending' },
    from: { expression: 'c.from_on', type: 'text', direction: 'descending' },
    price: { expression: 'c.unit_price_fen', type: 'number', direction: 'descending' },
  },
  filters: ['q', 'valid'],
});

export interface SupplierPriceListRow {
  id: number;
  sortValue: string | number;
  skuId: number;
  skuCode: string;
  skuName: string;
  fromOn: string;
  untilOn: string | null;
  minQuantity: number;
  packSize: number;
  unitPriceFen: number;
  createdByName: string;
}

/** One row more than the page, see `keyset`. Prices are cost: the caller has checked that the reader sees it. */
export function supplierPriceRows(
  read: Reader,
  supplierId: number,
  query: ListQuery,
  today: string,
): Promise<SupplierPriceListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const sortValue = sql.perDialect(() => query.spec.sorts[query.sort]?.expression ?? 'k.name');
  return read.all<SupplierPriceListRow>(
    sql`SELECT c.id, ${sortValue} AS sort_value, c.sku_id, k.code AS sku_code, k.name AS sku_name, c.from_on, c.until_on,
        c.min_quantity, c.pack_size, c.unit_price_fen, c.created_by_name
      FROM supplier_price c JOIN sku k ON k.id = c.sku_id
      WHERE ${condition(supplierId, query, today)} AND ${where} ${orderBy} ${limit}`,
  );
}

/** How many the filters find: those that hold today, begin later, have ended. */
export async function supplierPriceCounts(
  read: Reader,
  supplierId: number,
  query: ListQuery,
  today: string,
): Promise<{ now: number; later: number; ended: number }> {
  const all = { ...query, filters: { ...query.filters, valid: '' } };
  const row = await read.one<Record<'now_count' | 'later' | 'ended', number | null> & { nowCount: number | null }>(
    sql`SELECT SUM(CASE WHEN c.from_on <= ${today} AND (c.until_on IS NULL OR c.until_on >= ${today}) THEN 1 ELSE 0 END)
          AS now_count,
        SUM(CASE WHEN c.from_on > ${today} THEN 1 ELSE 0 END) AS later,
        SUM(CASE WHEN c.until_on < ${today} THEN 1 ELSE 0 END) AS ended
      FROM supplier_price c JOIN sku k ON k.id = c.sku_id WHERE ${condition(supplierId, all, today)}`,
  );
  return { now: Number(row?.nowCount ?? 0), later: Number(row?.later ?? 0), ended: Number(row?.ended ?? 0) };
}

function condition(supplierId: number, { filters }: ListQuery, today: string): Sql {
  const { valid, q } = filters;
  return sql.all([
    sql`c.supplier_id = ${supplierId}`,
    valid === 'now' && sql`c.from_on <= ${today} AND (c.until_on IS NULL OR c.until_on >= ${today})`,
    valid === 'later' && sql`c.from_on > ${today}`,
    valid === 'ended' && sql`c.until_on < ${today}`,
    ...searchTerms(q ?? '').map(
      (term) => sql`(${sql.contains('k.search_key', term)} OR ${sql.contains('k.code', term.toUpperCase())})`,
    ),
  ]);
}

/** Throws 404 when there is no such price of this supplier. */
export async function getSupplierPrice(read: Reader, supplierId: number, id: number): Promise<SupplierPriceRow> {
  const found = await read.get(supplierPrice, id);
  if (!found || found.supplierId !== supplierId) throw notFound('purchasing.supplier_price', id);
  return found;
}

/** What the list of a supplier says of these products, whenever it holds: `priceOn` chooses. */
export async function listedPrices(
  read: Reader,
  supplierId: number,
  skuIds: readonly number[],
): Promise<Map<number, SupplierPriceRow[]>> {
  const found: SupplierPriceRow[] = [];
  for (const chunk of chunked([...new Set(skuIds)]))
    found.push(
      ...(await read.rows(
        supplierPrice,
        sql`SELECT * FROM supplier_price WHERE supplier_id = ${supplierId} AND sku_id IN (${sql.list(chunk)})`,
      )),
    );
  return Map.groupBy(found, ({ skuId }) => skuId);
}
