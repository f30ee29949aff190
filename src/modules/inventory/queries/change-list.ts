import { numberEndsWith } from '../../../ledger';
import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { inScope, type StoreScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import type { ChangeEffect } from '../domain/change-effect';
import type { ChangeState } from '../domain/change-state';

export const CHANGE_LIST: ListSpec = {
  path: '/inventory/changes',
  id: 'r.id',
  filters: ['q', 'state', 'store', 'effect', 'reason', 'from', 'to'],
  sorts: { newest: { expression: 'r.id', type: 'number', direction: 'descending' } },
};

export interface ChangeFilter {
  /** Number of a document, or of a device in it, or the end of one. */
  text: string;
  storeId: number | null;
  effect: ChangeEffect | null;
  reasonId: number | null;
  from: string | null;
  to: string | null;
  scope: StoreScope;
}

export interface ChangeListRow {
  id: number;
  sortValue: number;
  number: string;
  state: ChangeState;
  effect: ChangeEffect;
  reasonName: string;
  storeName: string;
  locationName: string;
  businessDate: string;
  devices: number;
  pieces: number;
  /** What posting did to the value of stock; null before, and of changes of state. */
  netFen: number | null;
  note: string | null;
  createdByName: string;
  postedAt: number | null;
}

function textCondition(term: string): Sql {
  const plain = term.toUpperCase();
  const byNumber = sql.contains('r.number', plain);
  if (!/^[0-9A-Z]{3,20}$/.test(plain)) return byNumber;
  return sql`(${byNumber} OR r.id IN (SELECT c.change_id FROM stock_change_line c JOIN device_identifier i ON i.device_id = c.device_id
    WHERE i.value = ${plain} OR ${numberEndsWith('i.tail', plain)}))`;
}

const conditions = ({ text, storeId, effect, reasonId, from, to, scope }: ChangeFilter): Sql =>
  sql.all([
    inScope('r.store_id', scope),
    storeId !== null && sql`r.store_id = ${storeId}`,
    effect !== null && sql`r.effect = ${effect}`,
    reasonId !== null && sql`r.reason_id = ${reasonId}`,
    from !== null && sql`r.business_date >= ${from}`,
    to !== null && sql`r.business_date <= ${to}`,
    ...searchTerms(text).map(textCondition),
  ]);

/** One row more than the page, see `keyset`. */
export async function changeList(read: Reader, query: ListQuery, filter: ChangeFilter): Promise<ChangeListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const { state } = query.filters;
  return read.all<ChangeListRow>(
    sql`SELECT r.id, r.id AS sort_value, r.number, r.state, r.effect, r.reason_name, s.name AS store_name,
        l.name AS location_name, r.business_date, r.devices, r.pieces,
        CASE WHEN r.account IS NULL THEN NULL ELSE r.net_fen END AS net_fen, r.note, r.created_by_name, r.posted_at
      FROM stock_change r JOIN store s ON s.id = r.store_id JOIN location l ON l.id = r.location_id
      WHERE ${conditions(filter)} AND ${state ? sql`r.state = ${state}` : sql`1 = 1`} AND ${where} ${orderBy} ${limit}`,
  );
}

/** How many there are of each state; the filter of states itself left out. */
export async function changeCounts(read: Reader, filter: ChangeFilter): Promise<Map<ChangeState, number>> {
  const rows = await read.all<{ state: ChangeState; n: number }>(
    sql`SELECT r.state, COUNT(*) AS n FROM stock_change r WHERE ${conditions(filter)} GROUP BY r.state`,
  );
  return new Map(rows.map(({ state, n }) => [state, Number(n)]));
}
