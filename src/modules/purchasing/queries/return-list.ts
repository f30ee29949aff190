import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, inScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import type { ReturnState } from '../domain/return-state';
import { dateOf } from './receipt-list';

export const VIEW_RETURNS = 'purchasing.return.view';

export const RETURN_LIST: ListSpec = {
  path: '/purchasing/returns',
  id: 'o.id',
  sorts: {
    created: { expression: 'o.id', type: 'number', direction: 'descending' },
    date: { expression: 'o.business_date', type: 'text', direction: 'descending' },
    number: { expression: 'o.number', type: 'text', direction: 'ascending' },
    supplier: { expression: 's.name', type: 'text', direction: 'ascending' },
  },
  filters: ['q', 'state', 'supplier', 'store', 'waiting', 'credit', 'from', 'to'],
};

export interface ReturnListRow {
  id: number;
  sortValue: string | number;
  number: string;
  state: ReturnState;
  businessDate: string;
  supplierName: string;
  storeId: number;
  storeName: string;
  reason: string;
  exchange: number;
  quantity: number;
  foreignPieces: number;
  /** Pieces that the supplier has replaced. */
  replaced: number;
  createdByName: string;
  creditNoteNumber: string | null;
  creditNoteOn: string | null;
  /** Shown to who sees cost. */
  grossFen: number;
  costFen: number | null;
}

const REPLACED = sql`(SELECT SUM(l.received) FROM purchase_return_line n JOIN receipt_line l ON l.return_line_id = n.id
  JOIN receipt c ON c.id = l.receipt_id WHERE n.return_id = o.id AND c.state = 'posted')`;

/** One row more than the page, see `keyset`. */
export async function returnRows(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  storeId: number | null,
): Promise<ReturnListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const sortValue = sql.perDialect(() => query.spec.sorts[query.sort]?.expression ?? 'o.id');
  const rows = await read.all<ReturnListRow & { replaced: number | null }>(
    sql`SELECT o.id, ${sortValue} AS sort_value, o.number, o.state, o.business_date, s.name AS supplier_name, o.store_id,
        st.name AS store_name, o.reason, o.exchange, o.quantity, o.foreign_pieces, ${REPLACED} AS replaced,
        o.created_by_name, o.credit_note_number, o.credit_note_on, o.gross_fen, o.cost_fen
      FROM purchase_return o JOIN supplier s ON s.id = o.supplier_id JOIN store st ON st.id = o.store_id
      WHERE ${condition(actor, query, storeId)} AND ${where} ${orderBy} ${limit}`,
  );
  return rows.map((row) => ({ ...row, replaced: Number(row.replaced ?? 0) }));
}

export interface ReturnTotals {
  returns: number;
  quantity: number;
  grossFen: number;
}

/** What the filters find, by state; the filter of states itself left out. */
export async function returnTotalsByState(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  storeId: number | null,
): Promise<Map<ReturnState, ReturnTotals>> {
  const all = { ...query, filters: { ...query.filters, state: '' } };
  const rows = await read.all<{ state: ReturnState } & Record<keyof ReturnTotals, number | null>>(
    sql`SELECT o.state, COUNT(*) AS returns, SUM(o.quantity) AS quantity, SUM(o.gross_fen) AS gross_fen
      FROM purchase_return o JOIN supplier s ON s.id = o.supplier_id
      WHERE ${condition(actor, all, storeId)} GROUP BY o.state`,
  );
  return new Map(
    rows.map(({ state, returns, quantity, grossFen }) => [
      state,
      { returns: Number(returns ?? 0), quantity: Number(quantity ?? 0), grossFen: Number(grossFen ?? 0) },
    ]),
  );
}

const idOf = (typed: string | undefined): number | null => (/^\d{1,15}$/.test(typed ?? '') ? Number(typed) : null);

function condition(actor: Actor, { filters }: ListQuery, storeId: number | null): Sql {
  const from = dateOf(filters['from']);
  const to = dateOf(filters['to']);
  const { state, supplier, q, waiting, credit } = filters;
  const store = idOf(filters['store']) ?? storeId;
  return sql.all([
    inScope('o.store_id', actor.scope(VIEW_RETURNS)),
    store !== null && sql`o.store_id = ${store}`,
    Boolean(state) && sql`o.state = ${state}`,
    Boolean(supplier) && sql`o.supplier_id = ${idOf(supplier) ?? 0}`,
    Boolean(waiting) && sql`o.state = 'posted' AND o.exchange = ${true} AND COALESCE(${REPLACED}, 0) < o.quantity`,
    credit === 'none' && sql`o.state = 'posted' AND o.credit_note_number IS NULL`,
    from !== null && sql`o.business_date >= ${from}`,
    to !== null && sql`o.business_date <= ${to}`,
    ...searchTerms(q ?? '').map(
      (term) => sql`(${sql.contains('o.number', term.toUpperCase())} OR ${sql.contains('s.search_key', term)}
        OR o.credit_note_number = ${term.toUpperCase()})`,
    ),
  ]);
}

export interface FoundReturn {
  id: number;
  number: string;
  state: ReturnState;
  supplierName: string;
  storeName: string;
  businessDate: string;
}

/** Returns by their number or its end, or by the number of the supplier's credit note, in the reader's stores. */
export async function findReturns(read: Reader, actor: Actor, code: string): Promise<FoundReturn[]> {
  const ours = /^CT[\dA-Z-]{2,}$|^\d{2,6}-[A-Z0-9-]+$/.test(code);
  if (!ours && !/^[A-Z\d-]{5,40}$/.test(code)) return [];
  return read.all<FoundReturn>(
    sql`SELECT o.id, o.number, o.state, s.name AS supplier_name, st.name AS store_name, o.business_date
      FROM purchase_return o JOIN supplier s ON s.id = o.supplier_id JOIN store st ON st.id = o.store_id
      WHERE ${ours ? sql.contains('o.number', code) : sql`o.credit_note_number = ${code}`} AND ${inScope('o.store_id', actor.scope(VIEW_RETURNS))}
      ORDER BY o.id DESC ${sql.limit(8)}`,
  );
}
