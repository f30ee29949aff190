import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { inScope, type StoreScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import type { StocktakeState } from '../domain/stocktake-state';

export const STOCKTAKE_LIST: ListSpec = {
  path: '/inventory/stocktakes',
  id: 'r.id',
  filters: ['q', 'state', 'store'],
  sorts: { newest: { expression: 'r.id', type: 'number', direction: 'descending' } },
};

export const STOCKTAKE_STATES: readonly StocktakeState[] = [
  'planned',
  'counting',
  'checking',
  'submitted',
  'approved',
  'posted',
  'reversed',
  'cancelled',
];

export interface StocktakeFilter {
  text: string;
  storeId: number | null;
  scope: StoreScope;
}

export interface StocktakeListRow {
  id: number;
  sortValue: number;
  number: string;
  state: StocktakeState;
  storeName: string;
  locationName: string;
  blind: number;
  createdAt: number;
  startedAt: number | null;
  endedAt: number | null;
  expectedDevices: number;
  expectedPieces: number;
  missingDevices: number;
  takenDevices: number;
  shortPieces: number;
  surplusPieces: number;
  lossFen: number;
  gainFen: number;
}

const conditions = ({ text, storeId, scope }: StocktakeFilter): Sql =>
  sql.all([
    inScope('r.store_id', scope),
    storeId !== null && sql`r.store_id = ${storeId}`,
    ...searchTerms(text).map((term) => sql.contains('r.number', term.toUpperCase())),
  ]);

/** One row more than the page, see `keyset`. */
export async function stocktakeList(
  read: Reader,
  query: ListQuery,
  filter: StocktakeFilter,
): Promise<StocktakeListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const { state } = query.filters;
  return read.all<StocktakeListRow>(
    sql`SELECT r.id, r.id AS sort_value, r.number, r.state, s.name AS store_name, l.name AS location_name, r.blind,
        r.created_at, r.started_at, r.ended_at, r.expected_devices, r.expected_pieces, r.missing_devices, r.taken_devices,
        r.short_pieces, r.surplus_pieces, r.loss_fen, r.gain_fen
      FROM stocktake r JOIN store s ON s.id = r.store_id JOIN location l ON l.id = r.location_id
      WHERE ${conditions(filter)} AND ${state ? sql`r.state = ${state}` : sql`1 = 1`} AND ${where} ${orderBy} ${limit}`,
  );
}

/** How many there are of each state; the filter of states itself left out. */
export async function stocktakeCounts(read: Reader, filter: StocktakeFilter): Promise<Map<StocktakeState, number>> {
  const rows = await read.all<{ state: StocktakeState; n: number }>(
    sql`SELECT r.state, COUNT(*) AS n FROM stocktake r WHERE ${conditions(filter)} GROUP BY r.state`,
  );
  return new Map(rows.map(({ state, n }) => [state, Number(n)]));
}
