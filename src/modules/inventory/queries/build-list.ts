import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, inScope, type StoreScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import { numberEndsWith } from '../../../ledger';
import type { BuildKind, BuildState } from '../domain/build';

export const VIEW_BUILDS = 'inventory.build.view';

export const BUILD_LIST: ListSpec = {
  path: '/inventory/builds',
  id: 'r.id',
  filters: ['q', 'state', 'store', 'kind', 'from', 'to'],
  sorts: { newest: { expression: 'r.id', type: 'number', direction: 'descending' } },
};

export interface BuildFilter {
  /** Number, a word of the product, or the end of a number of one of its devices. */
  text: string;
  storeId: number | null;
  kind: BuildKind | null;
  from: string | null;
  to: string | null;
  scope: StoreScope;
}

export interface BuildListRow {
  id: number;
  sortValue: number;
  number: string;
  kind: BuildKind;
  state: BuildState;
  storeId: number;
  storeName: string;
  locationName: string;
  skuCode: string;
  skuName: string;
  pieces: number;
  valueFen: number | null;
  businessDate: string;
  note: string | null;
  createdByName: string;
}

function textCondition(term: string): Sql {
  const plain = term.toUpperCase();
  const words = sql`(${sql.contains('r.number', plain)} OR ${sql.contains('k.search_key', term)})`;
  if (!/^[0-9A-Z]{3,20}$/.test(plain)) return words;
  return sql`(${words} OR r.id IN (SELECT n.build_id FROM stock_build_device n
    JOIN device_identifier i ON i.device_id = n.device_id WHERE ${numberEndsWith('i.tail', plain)}))`;
}

const conditions = ({ text, storeId, kind, from, to, scope }: BuildFilter): Sql =>
  sql.all([
    inScope('r.store_id', scope),
    storeId !== null && sql`r.store_id = ${storeId}`,
    kind !== null && sql`r.kind = ${kind}`,
    from !== null && sql`r.business_date >= ${from}`,
    to !== null && sql`r.business_date <= ${to}`,
    ...searchTerms(text).map(textCondition),
  ]);

/** One row more than the page, see `keyset`. */
export async function buildList(read: Reader, query: ListQuery, filter: BuildFilter): Promise<BuildListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const { state } = query.filters;
  return read.all<BuildListRow>(
    sql`SELECT r.id, r.id AS sort_value, r.number, r.kind, r.state, r.store_id, s.name AS store_name,
        l.name AS location_name, k.code AS sku_code, k.name AS sku_name, r.pieces, r.value_fen, r.business_date, r.note,
        r.created_by_name
      FROM stock_build r JOIN store s ON s.id = r.store_id JOIN location l ON l.id = r.location_id
        JOIN sku k ON k.id = r.sku_id
      WHERE ${conditions(filter)} AND ${state ? sql`r.state = ${state}` : sql`1 = 1`} AND ${where} ${orderBy} ${limit}`,
  );
}

/** How many there are of each state; the filter of states itself left out. */
export async function buildCounts(read: Reader, filter: BuildFilter): Promise<Map<BuildState, number>> {
  const rows = await read.all<{ state: BuildState; n: number }>(
    sql`SELECT r.state, COUNT(*) AS n FROM stock_build r JOIN sku k ON k.id = r.sku_id
      WHERE ${conditions(filter)} GROUP BY r.state`,
  );
  return new Map(rows.map(({ state, n }) => [state, Number(n)]));
}

/** For the search box; newest first. */
export const buildsByNumber = (
  read: Reader,
  actor: Actor,
  code: string,
): Promise<Pick<BuildListRow, 'id' | 'number' | 'state' | 'kind' | 'skuName'>[]> =>
  read.all(
    sql`SELECT r.id, r.number, r.state, r.kind, k.name AS sku_name FROM stock_build r JOIN sku k ON k.id = r.sku_id
      WHERE ${sql.contains('r.number', code)} AND ${inScope('r.store_id', actor.scope(VIEW_BUILDS))}
      ORDER BY r.id DESC ${sql.limit(8)}`,
  );
