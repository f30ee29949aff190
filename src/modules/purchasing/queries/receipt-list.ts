import { parseBusinessDate } from '../../../kernel';
import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, can, COST_PERMISSION, inScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import type { ReceiptState } from '../domain/receipt-state';

export const RECEIPT_LIST: ListSpec = {
  path: '/purchasing/receipts',
  id: 'r.id',
  sorts: {
    created: { expression: 'r.id', type: 'number', direction: 'descending' },
    date: { expression: 'r.business_date', type: 'text', direction: 'descending' },
    number: { expression: 'r.number', type: 'text', direction: 'ascending' },
    supplier: { expression: 's.name', type: 'text', direction: 'ascending' },
    received: { expression: 'r.received', type: 'number', direction: 'descending' },
  },
  filters: ['q', 'state', 'supplier', 'store', 'from', 'to'],
};

export interface ReceiptListRow {
  id: number;
  sortValue: string | number;
  number: string;
  state: ReceiptState;
  businessDate: string;
  supplierId: number;
  supplierName: string;
  storeId: number;
  storeName: string;
  locationName: string;
  deliveryNote: string | null;
  withInvoice: number;
  lineCount: number;
  quantity: number;
  received: number;
  createdAt: number;
  postedAt: number | null;
  /** Tax-inclusive; absent without the right to see cost. */
  grossFen?: number;
  netFen?: number;
  taxFen?: number;
}

/** One row more than the page, see `keyset`. */
export async function receiptRows(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  storeId: number | null,
): Promise<ReceiptListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const sortValue = sql.perDialect(() => query.spec.sorts[query.sort]?.expression ?? 'r.id');
  const rows = await read.all<ReceiptListRow>(
    sql`SELECT r.id, ${sortValue} AS sort_value, r.number, r.state, r.business_date, r.supplier_id,
        s.name AS supplier_name, r.store_id, st.name AS store_name, l.name AS location_name, r.delivery_note,
        r.with_invoice, r.line_count, r.quantity, r.received, r.created_at, r.posted_at, r.gross_fen, r.net_fen, r.tax_fen
      FROM receipt r JOIN supplier s ON s.id = r.supplier_id JOIN store st ON st.id = r.store_id
        JOIN location l ON l.id = r.location_id
      WHERE ${condition(actor, query, storeId)} AND ${where} ${orderBy} ${limit}`,
  );
  return rows.map((row) => withoutCost(actor, row));
}

export interface StateTotals {
  receipts: number;
  received: number;
  grossFen?: number;
}

/** What the filters find, by state; the filter of states itself left out. */
export async function receiptTotalsByState(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  storeId: number | null,
): Promise<Map<ReceiptState, StateTotals>> {
  const seen = inScope('r.store_id', actor.scope(COST_PERMISSION));
  const rows = await read.all<{ state: ReceiptState; receipts: number; received: number; grossFen: number | null }>(
    sql`SELECT r.state, COUNT(*) AS receipts, SUM(r.received) AS received,
        SUM(CASE WHEN ${seen} THEN r.gross_fen ELSE 0 END) AS gross_fen
      FROM receipt r JOIN supplier s ON s.id = r.supplier_id
      WHERE ${condition(actor, { ...query, filters: { ...query.filters, state: '' } }, storeId)} GROUP BY r.state`,
  );
  const seesCost = can(actor, COST_PERMISSION);
  return new Map(
    rows.map(({ state, receipts, received, grossFen }) => [
      state,
      {
        receipts: Number(receipts),
        received: Number(received ?? 0),
        ...(seesCost ? { grossFen: Number(grossFen ?? 0) } : {}),
      },
    ]),
  );
}

function condition(actor: Actor, { filters }: ListQuery, storeId: number | null): Sql {
  const from = dateOf(filters['from']);
  const to = dateOf(filters['to']);
  const { state, supplier, q } = filters;
  const store = /^\d{1,15}$/.test(filters['store'] ?? '') ? Number(filters['store']) : storeId;
  return sql.all([
    inScope('r.store_id', actor.scope('purchasing.receipt.view')),
    store !== null && sql`r.store_id = ${store}`,
    Boolean(state) && sql`r.state = ${state}`,
    Boolean(supplier) && sql`r.supplier_id = ${/^\d{1,15}$/.test(supplier ?? '') ? Number(supplier) : 0}`,
    from !== null && sql`r.business_date >= ${from}`,
    to !== null && sql`r.business_date <= ${to}`,
    ...searchTerms(q ?? '').map(
      (term) =>
        sql`(${sql.contains('r.number', term.toUpperCase())} OR ${sql.contains('r.delivery_note', term)}
          OR ${sql.contains('s.search_key', term)})`,
    ),
  ]);
}

export function dateOf(text: string | undefined): string | null {
  if (!text) return null;
  try {
    return parseBusinessDate(text);
  } catch {
    return null;
  }
}

function withoutCost(actor: Actor, row: ReceiptListRow): ReceiptListRow {
  if (can(actor, COST_PERMISSION, row.storeId)) return row;
  const { grossFen: _gross, netFen: _net, taxFen: _tax, ...rest } = row;
  return rest;
}
