import { numberEndsWith } from '../../../ledger';
import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { inScope, type StoreScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import type { NumberReason, NumberState } from '../domain/number-change';

export const NUMBER_LIST: ListSpec = {
  path: '/inventory/numbers',
  id: 'r.id',
  filters: ['q', 'state', 'store', 'reason', 'from', 'to'],
  sorts: { newest: { expression: 'r.id', type: 'number', direction: 'descending' } },
};

export interface NumberFilter {
  /** Number of a document, or an old or new number in it, or the end of a number that one of its devices ever had. */
  text: string;
  storeId: number | null;
  reason: NumberReason | null;
  from: string | null;
  to: string | null;
  scope: StoreScope;
}

export interface NumberListRow {
  id: number;
  sortValue: number;
  number: string;
  state: NumberState;
  reason: NumberReason;
  storeName: string;
  businessDate: string;
  devices: number;
  lineCount: number;
  note: string | null;
  createdByName: string;
  postedAt: number | null;
}

function textCondition(term: string): Sql {
  const plain = term.toUpperCase();
  const byNumber = sql.contains('r.number', plain);
  if (!/^[0-9A-Z]{3,20}$/.test(plain)) return byNumber;
  return sql`(${byNumber} OR r.id IN (SELECT n.change_id FROM number_change_line n
    WHERE n.old_value = ${plain} OR n.new_value = ${plain} OR n.device_id IN
    (SELECT i.device_id FROM device_identifier i WHERE ${numberEndsWith('i.tail', plain)})))`;
}

const conditions = ({ text, storeId, reason, from, to, scope }: NumberFilter): Sql =>
  sql.all([
    inScope('r.store_id', scope),
    storeId !== null && sql`r.store_id = ${storeId}`,
    reason !== null && sql`r.reason = ${reason}`,
    from !== null && sql`r.business_date >= ${from}`,
    to !== null && sql`r.business_date <= ${to}`,
    ...searchTerms(text).map(textCondition),
  ]);

/** One row more than the page, see `keyset`. */
export async function numberList(read: Reader, query: ListQuery, filter: NumberFilter): Promise<NumberListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const { state } = query.filters;
  return read.all<NumberListRow>(
    sql`SELECT r.id, r.id AS sort_value, r.number, r.state, r.reason, s.name AS store_name, r.business_date, r.devices,
        r.line_count, r.note, r.created_by_name, r.posted_at
      FROM number_change r JOIN store s ON s.id = r.store_id
      WHERE ${conditions(filter)} AND ${state ? sql`r.state = ${state}` : sql`1 = 1`} AND ${where} ${orderBy} ${limit}`,
  );
}

/** How many there are of each state; the filter of states itself left out. */
export async function numberCounts(read: Reader, filter: NumberFilter): Promise<Map<NumberState, number>> {
  const rows = await read.all<{ state: NumberState; n: number }>(
    sql`SELECT r.state, COUNT(*) AS n FROM number_change r WHERE ${conditions(filter)} GROUP BY r.state`,
  );
  return new Map(rows.map(({ state, n }) => [state, Number(n)]));
}
