import { addDays, type BusinessDate, notFound } from '../../../kernel';
import type { Bucket, PostingKind } from '../../../ledger';
import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { inScope, type StoreScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';

export const BATCH_VIEWS = ['stock', 'soon', 'expired', 'all'] as const;
export type BatchView = (typeof BATCH_VIEWS)[number];
/** Days before its expiry from which a batch is told as about to expire. */
export const SOON_DAYS = 30;

export const BATCH_LIST: ListSpec = {
  path: '/reporting/batches',
  id: 't.id',
  filters: ['q', 'view', 'store'],
  sorts: { newest: { expression: 't.id', type: 'number', direction: 'descending' } },
};

export interface BatchPlaces {
  scope: StoreScope;
  storeId: number | null;
}

export interface BatchFilter extends BatchPlaces {
  text: string;
  view: BatchView;
  today: BusinessDate;
}

export interface BatchRow {
  id: number;
  sortValue: number;
  code: string;
  expiresOn: string | null;
  receivedOn: string;
  skuId: number;
  skuCode: string;
  skuName: string;
  /** Still there or on the way. */
  pieces: number;
}

const at = (column: string, { scope, storeId }: BatchPlaces): Sql =>
  sql.all([inScope(column, scope), storeId !== null && sql`${sql.identifier(column)} = ${storeId}`]);

const batchCondition = (term: string): Sql =>
  sql`(${sql.contains('s.search_key', term)} OR ${sql.contains('t.code', term.toUpperCase())})`;

const viewCondition = ({ view, today }: BatchFilter): Sql => {
  if (view === 'all') return sql`1 = 1`;
  if (view === 'stock') return sql`h.pieces > 0`;
  if (view === 'expired') return sql`h.pieces > 0 AND t.expires_on < ${today}`;
  return sql`h.pieces > 0 AND t.expires_on >= ${today} AND t.expires_on <= ${addDays(today, SOON_DAYS)}`;
};

/** Batches that these stores have or had, with what is left of them there; one row more than the page, see `keyset`. */
export async function batchList(read: Reader, query: ListQuery, filter: BatchFilter): Promise<BatchRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const conditions = sql.all([viewCondition(filter), ...searchTerms(filter.text).map(batchCondition)]);
  const found = await read.all<BatchRow>(
    sql`SELECT t.id, t.id AS sort_value, t.code, t.expires_on, t.received_on, s.id AS sku_id, s.code AS sku_code,
        s.name AS sku_name, h.pieces
      FROM batch t JOIN sku s ON s.id = t.sku_id
        JOIN (SELECT b.batch_key, SUM(b.quantity) AS pieces FROM stock_balance b
          WHERE b.batch_key <> 0 AND ${at('b.store_id', filter)} GROUP BY b.batch_key) h ON h.batch_key = t.id
      WHERE ${conditions} AND ${where} ${orderBy} ${limit}`,
  );
  return found.map((row) => ({ ...row, pieces: Number(row.pieces) }));
}

export interface BatchPlace {
  id: number;
  storeName: string;
  locationName: string;
  bucket: Bucket;
  quantity: number;
}

export interface TracedBatch extends Omit<BatchRow, 'sortValue' | 'pieces'> {
  /** Where it lies now, or what is on the way there. */
  places: BatchPlace[];
  /** Sold less returned, in the reader's stores. */
  sold: number;
}

/** Throws 404 when the reader's stores never had it. */
export async function batchView(read: Reader, id: number, places: BatchPlaces): Promise<TracedBatch> {
  const row = await read.one<Omit<BatchRow, 'sortValue' | 'pieces'>>(
    sql`SELECT t.id, t.code, t.expires_on, t.received_on, s.id AS sku_id, s.code AS sku_code, s.name AS sku_name
      FROM batch t JOIN sku s ON s.id = t.sku_id WHERE t.id = ${id}`,
  );
  if (!row) throw notFound('inventory.batch', id);
  const lying = await read.all<BatchPlace>(
    sql`SELECT b.id, st.name AS store_name, l.name AS location_name, b.bucket, b.quantity
      FROM stock_balance b JOIN store st ON st.id = b.store_id JOIN location l ON l.id = b.location_id
      WHERE b.sku_id = ${row.skuId} AND b.batch_key = ${id} AND ${at('b.store_id', places)} ORDER BY b.id`,
  );
  if (lying.length === 0) throw notFound('inventory.batch', id);
  const sold = await read.one<{ n: number | null }>(
    sql`SELECT SUM(e.quantity) AS n FROM stock_balance b JOIN stock_entry e ON e.balance_id = b.id JOIN posting p ON p.id = e.posting_id
      WHERE b.sku_id = ${row.skuId} AND b.batch_key = ${id} AND p.document_type IN ('sales.sale', 'sales.return')
        AND ${at('b.store_id', places)}`,
  );
  return { ...row, places: lying.filter(({ quantity }) => quantity > 0), sold: 0 - Number(sold?.n ?? 0) };
}

export const traceSpec = (id: number): ListSpec => ({
  path: `/reporting/batches/${id}`,
  id: 'e.id',
  filters: ['way', 'store'],
  sorts: { newest: { expression: 'e.id', type: 'number', direction: 'descending' } },
});

export const TRACE_WAYS = ['in', 'out', 'sold'] as const;
export type TraceWay = (typeof TRACE_WAYS)[number];

export interface TraceRow {
  id: number;
  sortValue: number;
  businessDate: string;
  documentType: string;
  documentId: number;
  documentNumber: string;
  postingKind: PostingKind;
  storeName: string;
  locationName: string;
  bucket: Bucket;
  quantity: number;
  actorName: string;
  customerId: number | null;
}

/** Every movement of a batch with its document, and who bought; one row more than the page, see `keyset`. */
export async function batchTrace(
  read: Reader,
  query: ListQuery,
  { id, skuId }: Pick<TracedBatch, 'id' | 'skuId'>,
  way: TraceWay | null,
  places: BatchPlaces,
): Promise<TraceRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const conditions = sql.all([
    at('b.store_id', places),
    way === 'in' && sql`e.quantity > 0`,
    way === 'out' && sql`e.quantity < 0`,
    way === 'sold' && sql`p.document_type IN ('sales.sale', 'sales.return')`,
  ]);
  return read.all<TraceRow>(
    sql`SELECT e.id, e.id AS sort_value, e.business_date, p.document_type, p.document_id, p.document_number, p.kind AS posting_kind,
        st.name AS store_name, l.name AS location_name, e.bucket, e.quantity, p.actor_name, r.customer_id
      FROM stock_balance b JOIN stock_entry e ON e.balance_id = b.id JOIN posting p ON p.id = e.posting_id
        JOIN store st ON st.id = b.store_id JOIN location l ON l.id = b.location_id
        LEFT JOIN sale r ON r.id = p.document_id AND p.document_type IN ('sales.sale', 'sales.return')
      WHERE b.sku_id = ${skuId} AND b.batch_key = ${id} AND ${conditions} AND ${where} ${orderBy} ${limit}`,
  );
}
