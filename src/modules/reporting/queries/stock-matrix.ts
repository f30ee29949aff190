import { type Bucket, BUCKETS } from '../../../ledger';
import { chunked, type Reader, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { inScope } from '../../../platform/permissions';
import { goodsCondition, type StockFilter, stockSums } from './stock-sums';

export const STOCK_MATRIX: ListSpec = {
  path: '/reporting/stock-matrix',
  id: 's.id',
  filters: ['q', 'store', 'category', 'brand', 'measure', 'on', 'goods'],
  sorts: {
    name: { expression: 's.name', type: 'text', direction: 'ascending' },
    code: { expression: 's.code', type: 'text', direction: 'ascending' },
  },
};

/** What the cells show; `value` needs the right to see cost. */
export const MEASURES = ['on_hand', 'sellable', 'in_transit', 'value'] as const;
export type Measure = (typeof MEASURES)[number];

const BUCKETS_OF: Readonly<Record<Measure, readonly Bucket[]>> = {
  on_hand: ['sellable', 'demo', 'defective', 'quarantine'],
  sellable: ['sellable'],
  in_transit: ['in_transit'],
  value: BUCKETS,
};

export interface MatrixFilter extends StockFilter {
  measure: Measure;
  /** Goods without any stock are listed as well. */
  allGoods: boolean;
}

export interface MatrixRow {
  id: number;
  sortValue: string;
  skuCode: string;
  skuName: string;
  /** Store → pieces, or fen of the measure `value`. Stores without any are left out. */
  byStore: ReadonlyMap<number, number>;
  /** The same by state, of the same stores. */
  byBucket: ReadonlyMap<Bucket, number>;
}

/**
 * One page of goods with their stock in each store: the goods by their key, then the balances of these goods alone, so that a
 * page costs the same however many goods there are.
 */
export async function stockMatrix(read: Reader, query: ListQuery, filter: MatrixFilter): Promise<MatrixRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const sortExpression = query.spec.sorts[query.sort]?.expression ?? 's.name';
  // Of a past day whatever was ever there may have been there.
  const present = sql`EXISTS (SELECT 1 FROM stock_balance b WHERE b.sku_id = s.id AND ${sql.all([
    inScope('b.store_id', filter.scope),
    filter.storeId !== null && sql`b.store_id = ${filter.storeId}`,
    filter.on === null && sql`b.quantity > 0`,
  ])})`;
  const found = await read.all<Omit<MatrixRow, 'byStore' | 'byBucket'>>(
    sql`SELECT s.id, ${sql.identifier(sortExpression)} AS sort_value, s.code AS sku_code, s.name AS sku_name
      FROM sku s JOIN product p ON p.id = s.product_id
      WHERE ${sql.all([
        filter.allGoods ? sql`s.active = 1 AND s.tracking <> 'service'` : present,
        goodsCondition(filter),
        where,
      ])} ${orderBy} ${limit}`,
  );
  const cells = new Map<number, { byStore: Map<number, number>; byBucket: Map<Bucket, number> }>(
    found.map(({ id }) => [id, { byStore: new Map(), byBucket: new Map() }]),
  );
  for (const skuIds of chunked([...cells.keys()]))
    for (const sum of await stockSums(read, filter, { by: ['sku', 'store', 'bucket'], skuIds })) {
      const cell = cells.get(sum.skuId ?? 0);
      if (!cell || !sum.bucket || sum.storeId === undefined) continue;
      const figure = filter.measure === 'value' ? sum.valueFen : sum.quantity;
      add(cell.byBucket, sum.bucket, figure);
      if (BUCKETS_OF[filter.measure].includes(sum.bucket)) add(cell.byStore, sum.storeId, figure);
    }
  return found.map((row) => ({ ...row, ...(cells.get(row.id) ?? { byStore: new Map(), byBucket: new Map() }) }));
}

/** Store → the measure over all goods of the filter, on all pages; and the same by state. */
export async function matrixTotals(
  read: Reader,
  filter: MatrixFilter,
): Promise<Pick<MatrixRow, 'byStore' | 'byBucket'>> {
  const byStore = new Map<number, number>();
  const byBucket = new Map<Bucket, number>();
  for (const { storeId, bucket, quantity, valueFen } of await stockSums(read, filter, { by: ['store', 'bucket'] })) {
    if (!bucket || storeId === undefined) continue;
    const figure = filter.measure === 'value' ? valueFen : quantity;
    add(byBucket, bucket, figure);
    if (BUCKETS_OF[filter.measure].includes(bucket)) add(byStore, storeId, figure);
  }
  return { byStore, byBucket };
}

function add<K>(sums: Map<K, number>, key: K, figure: number): void {
  if (figure !== 0) sums.set(key, (sums.get(key) ?? 0) + figure);
}

export const sumOfAll = (sums: ReadonlyMap<unknown, number>): number =>
  [...sums.values()].reduce((sum, figure) => sum + figure, 0);
