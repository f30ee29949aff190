import { addDays, type BusinessDate } from '../../../kernel';
import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, COST_PERMISSION, inScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import { idOf, VIEW_INVOICES } from './invoice-list';

const SORTS: ListSpec['sorts'] = {
  oldest: { expression: 'r.business_date', type: 'text', direction: 'ascending' },
  supplier: { expression: 's.name', type: 'text', direction: 'ascending' },
  product: { expression: 'k.name', type: 'text', direction: 'ascending' },
  number: { expression: 'r.number', type: 'text', direction: 'ascending' },
};

/** Goods received, not invoiced (暂估), line by line. */
export const UNINVOICED_LIST: ListSpec = {
  path: '/purchasing/uninvoiced',
  id: 'l.id',
  sorts: SORTS,
  filters: ['q', 'age', 'supplier', 'store'],
};

/** What a draft of an invoice may take. */
export const takeableList = (invoiceId: number): ListSpec => ({
  path: `/purchasing/invoices/${invoiceId}/receipts`,
  id: 'l.id',
  sorts: SORTS,
  filters: ['q', 'age', 'store'],
});

export const AGES = ['a', 'b', 'c', 'd'] as const;
export type Age = (typeof AGES)[number];

/** Business dates of an age: 0–30, 31–60, 61–90 days, older. */
function datesOf(age: Age, today: BusinessDate): { from: BusinessDate | null; to: BusinessDate | null } {
  const back = (days: number): BusinessDate => addDays(today, -days);
  const place = AGES.indexOf(age);
  return {
    from: age === 'd' ? null : back(place * 30 + 30),
    to: place === 0 ? null : back(place * 30 + 1),
  };
}

export interface UninvoicedRow {
  id: number;
  sortValue: string | number;
  receiptId: number;
  receiptNumber: string;
  businessDate: string;
  deliveryNote: string | null;
  supplierId: number;
  supplierName: string;
  storeName: string;
  skuCode: string;
  skuName: string;
  leftPieces: number;
  /** Without tax. */
  leftFen: number;
  unitPriceFen: number;
}

/** Narrows the list to what one draft may take; free goods, for which nothing is accrued, are shown only there. */
export interface ForInvoice {
  invoiceId: number;
  supplierId: number;
}

const LEFT_PIECES = sql`l.received - COALESCE(l.cleared_pieces, 0)`;
const LEFT_FEN = sql`l.amount_fen - l.tax_fen - COALESCE(l.cleared_fen, 0)`;

/** Begins with what is still accrued, of which there is little, and not with all that was ever received. */
const tables = (forInvoice: ForInvoice | null): Sql =>
  forInvoice
    ? sql`receipt r JOIN receipt_line l ON l.receipt_id = r.id JOIN sku k ON k.id = l.sku_id
        JOIN supplier s ON s.id = r.supplier_id JOIN store st ON st.id = r.store_id`
    : sql`open_item i JOIN posting p ON p.id = i.posting_id JOIN receipt r ON r.id = p.document_id
        JOIN receipt_line l ON l.receipt_id = r.id JOIN sku k ON k.id = l.sku_id
        JOIN supplier s ON s.id = r.supplier_id JOIN store st ON st.id = r.store_id`;

function condition(
  actor: Actor,
  { filters }: Pick<ListQuery, 'filters'>,
  storeId: number | null,
  today: BusinessDate,
  forInvoice: ForInvoice | null,
): Sql {
  const age = AGES.find((one) => one === filters['age']);
  const { from, to } = age ? datesOf(age, today) : { from: null, to: null };
  const store = idOf(filters['store']) ?? storeId;
  const permission = forInvoice ? 'purchasing.invoice.edit' : VIEW_INVOICES;
  return sql.all([
    ...(forInvoice
      ? [
          sql`r.supplier_id = ${forInvoice.supplierId} AND (${LEFT_PIECES} > 0 OR ${LEFT_FEN} > 0)`,
          sql`NOT EXISTS (SELECT 1 FROM supplier_inv_line v
            WHERE v.receipt_line_id = l.id AND v.invoice_id = ${forInvoice.invoiceId})`,
        ]
      : [
          sql`i.direction = 'accrued' AND i.settled_fen < i.amount_fen AND p.document_type = 'purchasing.receipt'`,
          sql`${LEFT_FEN} > 0`,
        ]),
    sql`r.state = 'posted' AND r.with_invoice = ${false}`,
    inScope('r.store_id', actor.scope(permission)),
    inScope('r.store_id', actor.scope(COST_PERMISSION)),
    store !== null && sql`r.store_id = ${store}`,
    Boolean(filters['supplier']) && sql`r.supplier_id = ${idOf(filters['supplier']) ?? 0}`,
    from !== null && sql`r.business_date >= ${from}`,
    to !== null && sql`r.business_date <= ${to}`,
    ...searchTerms(filters['q'] ?? '').map(
      (term) =>
        sql`(${sql.contains('r.number', term.toUpperCase())} OR ${sql.contains('r.delivery_note', term)}
          OR ${sql.contains('k.search_key', term)} OR ${sql.contains('s.search_key', term)})`,
    ),
  ]);
}

/** One row more than the page, see `keyset`. */
export async function uninvoicedRows(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  storeId: number | null,
  today: BusinessDate,
  forInvoice: ForInvoice | null = null,
): Promise<UninvoicedRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const sortValue = sql.perDialect(() => query.spec.sorts[query.sort]?.expression ?? 'l.id');
  const rows = await read.all<UninvoicedRow>(
    sql`SELECT l.id, ${sortValue} AS sort_value, r.id AS receipt_id, r.number AS receipt_number, r.business_date,
        r.delivery_note, r.supplier_id, s.name AS supplier_name, st.name AS store_name, k.code AS sku_code,
        k.name AS sku_name, ${LEFT_PIECES} AS left_pieces, ${LEFT_FEN} AS left_fen,
        COALESCE(l.unit_price_fen, 0) AS unit_price_fen
      FROM ${tables(forInvoice)}
      WHERE ${condition(actor, query, storeId, today, forInvoice)} AND ${where} ${orderBy} ${limit}`,
  );
  return rows.map((row) => ({
    ...row,
    leftPieces: Number(row.leftPieces),
    leftFen: Number(row.leftFen),
    unitPriceFen: Number(row.unitPriceFen),
  }));
}

export interface UninvoicedTotals {
  lines: number;
  pieces: number;
  fen: number;
}

/** What the filters find, by age; the filter of ages itself left out. */
export async function uninvoicedTotals(
  read: Reader,
  actor: Actor,
  query: Pick<ListQuery, 'filters'>,
  storeId: number | null,
  today: BusinessDate,
  forInvoice: ForInvoice | null = null,
): Promise<Map<Age, UninvoicedTotals>> {
  const all = { filters: { ...query.filters, age: '' } };
  const inAge = (age: Age): Sql => {
    const { from, to } = datesOf(age, today);
    return sql.all([from !== null && sql`r.business_date >= ${from}`, to !== null && sql`r.business_date <= ${to}`]);
  };
  const sums = AGES.map((age) => {
    const of = (what: Sql): Sql => sql`SUM(CASE WHEN ${inAge(age)} THEN ${what} ELSE 0 END)`;
    const name = (what: string): Sql => sql.identifier(`${what}_${age}`);
    return sql`${of(sql`1`)} AS ${name('lines')}, ${of(LEFT_PIECES)} AS ${name('pieces')}, ${of(LEFT_FEN)} AS ${name('fen')}`;
  });
  const row = await read.one<Record<string, number | null>>(
    sql`SELECT ${sql.join(sums, ', ')} FROM ${tables(forInvoice)} WHERE ${condition(actor, all, storeId, today, forInvoice)}`,
  );
  const number = (what: string, age: Age): number => Number(row?.[`${what}${age.toUpperCase()}`] ?? 0);
  return new Map(
    AGES.map((age) => [age, { lines: number('lines', age), pieces: number('pieces', age), fen: number('fen', age) }]),
  );
}

export interface SupplierAges {
  supplierId: number;
  supplierName: string;
  pieces: number;
  oldest: string;
  byAge: Record<Age, number>;
}

/** What is accrued with each supplier by its age, without tax, the most first; at most 500 suppliers. */
export async function uninvoicedBySupplier(
  read: Reader,
  actor: Actor,
  storeId: number | null,
  today: BusinessDate,
): Promise<SupplierAges[]> {
  const sums = AGES.map((age) => {
    const { from, to } = datesOf(age, today);
    const its = sql.all([
      from !== null && sql`r.business_date >= ${from}`,
      to !== null && sql`r.business_date <= ${to}`,
    ]);
    return sql`SUM(CASE WHEN ${its} THEN ${LEFT_FEN} ELSE 0 END) AS ${sql.identifier(`fen_${age}`)}`;
  });
  const rows = await read.all<
    { supplierId: number; supplierName: string; pieces: number; oldest: string } & Record<string, unknown>
  >(
    sql`SELECT r.supplier_id, s.name AS supplier_name, SUM(${LEFT_PIECES}) AS pieces, MIN(r.business_date) AS oldest,
        ${sql.join(sums, ', ')}
      FROM ${tables(null)} WHERE ${condition(actor, { filters: {} }, storeId, today, null)}
      GROUP BY r.supplier_id, s.name ORDER BY SUM(${LEFT_FEN}) DESC, r.supplier_id ${sql.limit(500)}`,
  );
  return rows.map(({ supplierId, supplierName, pieces, oldest, ...row }) => ({
    supplierId,
    supplierName,
    pieces: Number(pieces),
    oldest,
    byAge: { a: Number(row['fenA']), b: Number(row['fenB']), c: Number(row['fenC']), d: Number(row['fenD']) },
  }));
}

/** Lines received on this day or before, and what is accrued for them, without tax. */
export async function uninvoicedSince(
  read: Reader,
  actor: Actor,
  storeId: number | null,
  upTo: BusinessDate,
  today: BusinessDate,
): Promise<{ lines: number; fen: number }> {
  const row = await read.one<{ rowCount: number; leftFen: number | null }>(
    sql`SELECT COUNT(*) AS row_count, SUM(${LEFT_FEN}) AS left_fen FROM ${tables(null)}
      WHERE ${condition(actor, { filters: {} }, storeId, today, null)} AND r.business_date <= ${upTo}`,
  );
  return { lines: Number(row?.rowCount ?? 0), fen: Number(row?.leftFen ?? 0) };
}
