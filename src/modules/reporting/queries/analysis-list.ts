import { addDays, type BusinessDate, isBusinessDate } from '../../../kernel';
import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { inScope, type StoreScope } from '../../../platform/permissions';
import { upkeepRun } from '../../../platform/upkeep';
import { ABC, type AbcClass, XYZ, type XyzClass } from '../domain/classes';
import { goodsCondition, type StockFilter } from './stock-sums';

export const TURNOVER_LIST: ListSpec = {
  path: '/reporting/turnover',
  id: 'a.id',
  filters: ['by', 'weeks', 'q', 'store', 'category', 'brand'],
  sorts: {
    days: { expression: 'a.turn_days', type: 'number', direction: 'descending' },
    average: { expression: 'a.average_fen', type: 'number', direction: 'descending' },
    cost: { expression: 'a.cost_fen', type: 'number', direction: 'descending' },
    sold: { expression: 'a.sold', type: 'number', direction: 'descending' },
  },
};

export const CLASS_LIST: ListSpec = {
  path: '/reporting/classes',
  id: 'a.id',
  filters: ['weeks', 'q', 'store', 'category', 'brand', 'class'],
  sorts: {
    net: { expression: 'a.net_fen', type: 'number', direction: 'descending' },
    sold: { expression: 'a.sold', type: 'number', direction: 'descending' },
    quantity: { expression: 'a.quantity', type: 'number', direction: 'descending' },
  },
};

/** The newest computation that came to its end: its day and the id that its rows carry; null before the first one. */
export async function analysisRun(read: Reader): Promise<{ id: number; today: BusinessDate } | null> {
  const row = await read.one<{ id: number | null }>(
    sql`SELECT MAX(id) AS id FROM upkeep_run WHERE kind = 'analyse' AND state = 'ok'`,
  );
  const run = row?.id ? await read.get(upkeepRun, Number(row.id)) : undefined;
  const today = run?.result?.['today'];
  return run && typeof today === 'string' && isBusinessDate(today) ? { id: run.id, today } : null;
}

export interface AnalysisFilter extends StockFilter {
  run: { id: number; today: BusinessDate } | null;
  weeks: number;
  /** A store, or 0: all together. Who may not see all stores sees one at a time. */
  storeKey: number;
  abc: AbcClass | null;
  xyz: XyzClass | null;
}

/** One store or all of them: sums over some stores would need the classes of just these. */
export const storeKeyOf = (scope: StoreScope, storeId: number | null): number =>
  storeId ?? (scope === 'all' ? 0 : (scope[0] ?? 0));

/** First and last day that the figures are of. */
export function periodOf({
  run,
  weeks,
}: Pick<AnalysisFilter, 'run' | 'weeks'>): { from: BusinessDate; to: BusinessDate } | null {
  return run && { from: addDays(run.today, -7 * weeks), to: addDays(run.today, -1) };
}

const mayReach = ({ scope, storeKey }: AnalysisFilter, everyStore: boolean): Sql => {
  if (everyStore) return sql.all([sql`a.store_key <> 0`, inScope('a.store_key', scope)]);
  return sql.all([sql`a.store_key = ${storeKey}`, inScope('a.store_key', scope)]);
};

const conditions = (filter: AnalysisFilter, everyStore = false): Sql =>
  sql.all([
    sql`a.run_id = ${filter.run?.id ?? 0}`,
    sql`a.weeks = ${filter.weeks}`,
    mayReach(filter, everyStore),
    filter.abc !== null && sql`a.abc = ${filter.abc}`,
    filter.xyz !== null && sql`a.xyz = ${filter.xyz}`,
    goodsCondition(filter),
  ]);

const WITH_PRODUCT = sql`stock_analysis a JOIN sku s ON s.id = a.sku_id JOIN product p ON p.id = s.product_id`;

export interface AnalysedRow {
  id: number;
  sortValue: number;
  skuId: number;
  skuCode: string;
  skuName: string;
  sold: number;
  netFen: number;
  costFen: number;
  openingFen: number;
  closingFen: number;
  averageFen: number;
  quantity: number;
  turnDays: number;
  abc: AbcClass;
  xyz: XyzClass;
  variationBp: number | null;
}

/** One page of products; one row more than the page, see `keyset`. */
export async function analysedGoods(read: Reader, query: ListQuery, filter: AnalysisFilter): Promise<AnalysedRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const sortExpression = query.spec.sorts[query.sort]?.expression ?? 'a.id';
  return read.all<AnalysedRow>(
    sql`SELECT a.id, ${sql.identifier(sortExpression)} AS sort_value, a.sku_id, s.code AS sku_code, s.name AS sku_name, a.sold,
        a.net_fen, a.cost_fen, a.opening_fen, a.closing_fen, a.average_fen, a.quantity, a.turn_days, a.abc, a.xyz, a.variation_bp
      FROM ${WITH_PRODUCT} WHERE ${conditions(filter)} AND ${where} ${orderBy} ${limit}`,
  );
}

export interface TurnoverSum {
  groupId: number;
  sold: number;
  costFen: number;
  openingFen: number;
  closingFen: number;
  averageFen: number;
}

const GROUP_COLUMNS = {
  store: 'a.store_key',
  category: 'p.category_id',
  brand: 'p.brand_id',
  all: 'a.run_id',
} as const;

/** Sums by store (of all in reach), category or brand; or one sum of all. */
export async function turnoverSums(
  read: Reader,
  filter: AnalysisFilter,
  by: keyof typeof GROUP_COLUMNS,
): Promise<TurnoverSum[]> {
  const column = sql.identifier(GROUP_COLUMNS[by]);
  // Of one chosen store that store alone; else a line for each.
  const everyStore = by === 'store' && filter.storeId === null;
  const tables =
    by === 'store' || by === 'all' ? (goodsCondition(filter) ? WITH_PRODUCT : sql`stock_analysis a`) : WITH_PRODUCT;
  const rows = await read.all<TurnoverSum>(
    sql`SELECT ${column} AS group_id, ${sql.sum('a.sold')} AS sold, ${sql.sum('a.cost_fen')} AS cost_fen,
        ${sql.sum('a.opening_fen')} AS opening_fen, ${sql.sum('a.closing_fen')} AS closing_fen,
        ${sql.sum('a.average_fen')} AS average_fen
      FROM ${tables} WHERE ${conditions(filter, everyStore)} GROUP BY ${column}`,
  );
  return rows.map((row) => ({
    groupId: Number(row.groupId),
    sold: Number(row.sold),
    costFen: Number(row.costFen),
    openingFen: Number(row.openingFen),
    closingFen: Number(row.closingFen),
    averageFen: Number(row.averageFen),
  }));
}

export interface ClassField {
  abc: AbcClass;
  xyz: XyzClass;
  goods: number;
  netFen: number;
  closingFen: number;
}

/** The nine fields, empty ones as well, whatever class is chosen. */
export async function classFields(read: Reader, filter: AnalysisFilter): Promise<ClassField[]> {
  const all = { ...filter, abc: null, xyz: null };
  const rows = await read.all<ClassField>(
    sql`SELECT a.abc, a.xyz, COUNT(*) AS goods, ${sql.sum('a.net_fen')} AS net_fen, ${sql.sum('a.closing_fen')} AS closing_fen
      FROM ${goodsCondition(filter) ? WITH_PRODUCT : sql`stock_analysis a`} WHERE ${conditions(all)} GROUP BY a.abc, a.xyz`,
  );
  return ABC.flatMap((abc) =>
    XYZ.map((xyz) => {
      const row = rows.find((one) => one.abc === abc && one.xyz === xyz);
      return {
        abc,
        xyz,
        goods: Number(row?.goods ?? 0),
        netFen: Number(row?.netFen ?? 0),
        closingFen: Number(row?.closingFen ?? 0),
      };
    }),
  );
}
