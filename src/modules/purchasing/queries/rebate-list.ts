import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, inScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import type { RebateKind } from '../domain/rebate';
import { REBATE_OPEN } from './rebate-items';

export const VIEW_REBATES = 'purchasing.rebate.view';

export const REBATE_LIST: ListSpec = {
  path: '/purchasing/rebates',
  id: 'o.id',
  sorts: {
    created: { expression: 'o.id', type: 'number', direction: 'descending' },
    number: { expression: 'o.number', type: 'text', direction: 'ascending' },
    supplier: { expression: 's.name', type: 'text', direction: 'ascending' },
    to: { expression: 'o.to_on', type: 'text', direction: 'descending' },
  },
  filters: ['q', 'state', 'supplier', 'kind', 'waiting'],
};

export type RebateState = 'open' | 'closed';

export interface RebateListRow {
  id: number;
  sortValue: string | number;
  number: string;
  name: string;
  state: RebateState;
  kind: RebateKind;
  supplierName: string;
  storeName: string;
  fromOn: string;
  toOn: string;
  accruedUntil: string | null;
  /** Shown to who sees cost. */
  earnedFen: number;
  settledFen: number;
  openFen: number;
}

export interface RebateFilter {
  storeId: number | null;
  /** What was booked on or before this day and is not settled waits too long. */
  late: string;
}

/** One row more than the page, see `keyset`. */
export async function rebateList(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  filter: RebateFilter,
): Promise<RebateListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const sortValue = sql.perDialect(() => query.spec.sorts[query.sort]?.expression ?? 'o.id');
  const rows = await read.all<RebateListRow & { openFen: number | null }>(
    sql`SELECT o.id, ${sortValue} AS sort_value, o.number, o.name, o.state, o.kind, s.name AS supplier_name,
        st.name AS store_name, o.from_on, o.to_on, o.accrued_until, o.earned_fen, o.settled_fen,
        ${REBATE_OPEN} AS open_fen
      FROM rebate o JOIN supplier s ON s.id = o.supplier_id JOIN store st ON st.id = o.store_id
      WHERE ${condition(actor, query, filter)} AND ${where} ${orderBy} ${limit}`,
  );
  return rows.map((row) => ({ ...row, openFen: Number(row.openFen ?? 0) }));
}

export interface RebateTotals {
  rebates: number;
  earnedFen: number;
  settledFen: number;
}

/** What the filters find, by state; the filter of states itself left out. */
export async function rebateTotals(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  filter: RebateFilter,
): Promise<Map<RebateState, RebateTotals>> {
  const all = { ...query, filters: { ...query.filters, state: '' } };
  const rows = await read.all<{ state: RebateState } & Record<keyof RebateTotals, number | null>>(
    sql`SELECT o.state, COUNT(*) AS rebates, SUM(o.earned_fen) AS earned_fen, SUM(o.settled_fen) AS settled_fen
      FROM rebate o JOIN supplier s ON s.id = o.supplier_id WHERE ${condition(actor, all, filter)} GROUP BY o.state`,
  );
  return new Map(
    rows.map(({ state, rebates, earnedFen, settledFen }) => [
      state,
      { rebates: Number(rebates ?? 0), earnedFen: Number(earnedFen ?? 0), settledFen: Number(settledFen ?? 0) },
    ]),
  );
}

const idOf = (typed: string | undefined): number => (/^\d{1,15}$/.test(typed ?? '') ? Number(typed) : 0);

function condition(actor: Actor, { filters }: ListQuery, { storeId, late }: RebateFilter): Sql {
  const { state, supplier, kind, waiting, q } = filters;
  return sql.all([
    inScope('o.store_id', actor.scope(VIEW_REBATES)),
    storeId !== null && sql`o.store_id = ${storeId}`,
    Boolean(state) && sql`o.state = ${state}`,
    Boolean(supplier) && sql`o.supplier_id = ${idOf(supplier)}`,
    Boolean(kind) && sql`o.kind = ${kind}`,
    waiting === 'late' &&
      sql`EXISTS (SELECT i.id FROM rebate_run u
        JOIN posting p ON p.document_type = 'purchasing.rebate_run' AND p.document_id = u.id AND p.kind = 'post'
        JOIN open_item i ON i.posting_id = p.id AND i.direction = 'receivable'
        WHERE u.rebate_id = o.id AND i.settled_fen < i.amount_fen AND i.opened_on <= ${late})`,
    ...searchTerms(q ?? '').map(
      (term) => sql`(${sql.contains('o.number', term.toUpperCase())} OR ${sql.contains('s.search_key', term)})`,
    ),
  ]);
}
