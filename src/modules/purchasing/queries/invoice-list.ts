import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, COST_PERMISSION, inScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import type { InvoiceState } from '../domain/invoice-state';
import { dateOf } from './receipt-list';

export const VIEW_INVOICES = 'purchasing.invoice.view';

export const INVOICE_LIST: ListSpec = {
  path: '/purchasing/invoices',
  id: 'o.id',
  sorts: {
    created: { expression: 'o.id', type: 'number', direction: 'descending' },
    date: { expression: 'o.invoiced_on', type: 'text', direction: 'descending' },
    due: { expression: 'o.due_on', type: 'text', direction: 'ascending' },
    supplier: { expression: 's.name', type: 'text', direction: 'ascending' },
    amount: { expression: 'o.gross_fen', type: 'number', direction: 'descending' },
  },
  filters: ['q', 'state', 'supplier', 'store', 'due', 'from', 'to'],
};

export interface InvoiceListRow {
  id: number;
  sortValue: string | number;
  number: string;
  invoiceNumber: string;
  state: InvoiceState;
  invoicedOn: string;
  dueOn: string;
  supplierName: string;
  storeName: string;
  quantity: number;
  grossFen: number;
  taxFen: number;
  /** Of the payable; 0 unless posted. */
  openFen: number;
  createdByName: string;
}

/** The payable that the invoice opened. */
const PAYABLE = sql`LEFT JOIN posting p ON p.document_type = 'purchasing.invoice' AND p.document_id = o.id AND p.kind = 'post'
  LEFT JOIN open_item i ON i.posting_id = p.id AND i.direction = 'payable'`;

/** What is on an invoice is cost: both rights are needed in its store. */
const visible = (actor: Actor): Sql =>
  sql`${inScope('o.store_id', actor.scope(VIEW_INVOICES))} AND ${inScope('o.store_id', actor.scope(COST_PERMISSION))}`;

/** One row more than the page, see `keyset`. */
export async function invoiceRows(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  storeId: number | null,
  today: string,
): Promise<InvoiceListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const sortValue = sql.perDialect(() => query.spec.sorts[query.sort]?.expression ?? 'o.id');
  const rows = await read.all<InvoiceListRow>(
    sql`SELECT o.id, ${sortValue} AS sort_value, o.number, o.invoice_number, o.state, o.invoiced_on, o.due_on,
        s.name AS supplier_name, st.name AS store_name, o.quantity, o.gross_fen, o.tax_fen,
        COALESCE(i.amount_fen - i.settled_fen, 0) AS open_fen, o.created_by_name
      FROM supplier_invoice o JOIN supplier s ON s.id = o.supplier_id JOIN store st ON st.id = o.store_id ${PAYABLE}
      WHERE ${condition(actor, query, storeId, today)} AND ${where} ${orderBy} ${limit}`,
  );
  return rows.map((row) => ({ ...row, grossFen: Number(row.grossFen), openFen: Number(row.openFen) }));
}

export interface InvoiceTotals {
  invoices: number;
  quantity: number;
  grossFen: number;
  openFen: number;
}

/** What the filters find, by state; the filter of states itself left out. */
export async function invoiceTotalsByState(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  storeId: number | null,
  today: string,
): Promise<Map<InvoiceState, InvoiceTotals>> {
  const all = { ...query, filters: { ...query.filters, state: '' } };
  const rows = await read.all<{ state: InvoiceState } & Record<keyof InvoiceTotals, number | null>>(
    sql`SELECT o.state, COUNT(*) AS invoices, SUM(o.quantity) AS quantity, SUM(o.gross_fen) AS gross_fen,
        SUM(COALESCE(i.amount_fen - i.settled_fen, 0)) AS open_fen
      FROM supplier_invoice o JOIN supplier s ON s.id = o.supplier_id ${PAYABLE}
      WHERE ${condition(actor, all, storeId, today)} GROUP BY o.state`,
  );
  return new Map(
    rows.map(({ state, invoices, quantity, grossFen, openFen }) => [
      state,
      {
        invoices: Number(invoices ?? 0),
        quantity: Number(quantity ?? 0),
        grossFen: Number(grossFen ?? 0),
        openFen: Number(openFen ?? 0),
      },
    ]),
  );
}

export const idOf = (typed: string | undefined): number | null =>
  /^\d{1,15}$/.test(typed ?? '') ? Number(typed) : null;

function condition(actor: Actor, { filters }: ListQuery, storeId: number | null, today: string): Sql {
  const from = dateOf(filters['from']);
  const to = dateOf(filters['to']);
  const { state, supplier, q, due } = filters;
  const store = idOf(filters['store']) ?? storeId;
  return sql.all([
    visible(actor),
    store !== null && sql`o.store_id = ${store}`,
    Boolean(state) && sql`o.state = ${state}`,
    Boolean(supplier) && sql`o.supplier_id = ${idOf(supplier) ?? 0}`,
    (due === 'open' || due === 'overdue') && sql`o.state = 'posted' AND i.settled_fen < i.amount_fen`,
    due === 'overdue' && sql`o.due_on < ${today}`,
    from !== null && sql`o.invoiced_on >= ${from}`,
    to !== null && sql`o.invoiced_on <= ${to}`,
    ...searchTerms(q ?? '').map(
      (term) =>
        sql`(${sql.contains('o.number', term.toUpperCase())} OR ${sql.contains('o.invoice_number', term.toUpperCase())}
          OR ${sql.contains('s.search_key', term)})`,
    ),
  ]);
}

export interface FoundInvoice {
  id: number;
  number: string;
  invoiceNumber: string;
  state: InvoiceState;
  supplierName: string;
  storeName: string;
  invoicedOn: string;
}

/** Invoices by our number, or the number on the paper, or the end of it, in the reader's stores. */
export async function findInvoices(read: Reader, actor: Actor, code: string): Promise<FoundInvoice[]> {
  if (!/^[A-Z\d-]{5,40}$/.test(code)) return [];
  return read.all<FoundInvoice>(
    sql`SELECT o.id, o.number, o.invoice_number, o.state, s.name AS supplier_name, st.name AS store_name, o.invoiced_on
      FROM supplier_invoice o JOIN supplier s ON s.id = o.supplier_id JOIN store st ON st.id = o.store_id
      WHERE (${sql.contains('o.number', code)} OR ${sql.contains('o.invoice_number', code)}) AND ${visible(actor)}
      ORDER BY o.id DESC ${sql.limit(8)}`,
  );
}

/** Invoices, not reversed, with lines of this receipt or order, the newest first. */
export function invoicesOf(
  read: Reader,
  actor: Actor,
  document: { receiptId: number } | { orderId: number },
): Promise<FoundInvoice[]> {
  const its =
    'receiptId' in document
      ? sql`l.receipt_id = ${document.receiptId}`
      : sql`l.order_line_id IN (SELECT n.id FROM purchase_order_line n WHERE n.order_id = ${document.orderId})`;
  return read.all<FoundInvoice>(
    sql`SELECT o.id, o.number, o.invoice_number, o.state, s.name AS supplier_name, st.name AS store_name, o.invoiced_on
      FROM supplier_invoice o JOIN supplier s ON s.id = o.supplier_id JOIN store st ON st.id = o.store_id
      WHERE o.id IN (SELECT v.invoice_id FROM supplier_inv_line v JOIN receipt_line l ON l.id = v.receipt_line_id
          WHERE ${its}) AND o.state <> 'reversed' AND ${visible(actor)}
      ORDER BY o.id DESC ${sql.limit(20)}`,
  );
}
