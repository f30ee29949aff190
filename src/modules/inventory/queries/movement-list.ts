import { isBusinessDate } from '../../../kernel';
import type { Bucket, PostingKind } from '../../../ledger';
import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { inScope, type StoreScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';

/** Documents that move stock, in the order of the filter. A test finds one that is missing here. */
export const STOCK_DOCUMENTS = [
  'purchasing.receipt',
  'purchasing.return',
  'purchasing.invoice',
  'purchasing.protection',
  'purchasing.protection_reversal',
  'purchasing.consignment',
  'inventory.opening',
  'inventory.transfer_step',
  'inventory.stocktake',
  'inventory.change',
  'inventory.build',
  'inventory.loan',
  'inventory.loan_return',
  'sales.consignment',
  'sales.consignment_return',
  'sales.sale',
  'sales.return',
] as const;

export const MOVEMENT_LIST: ListSpec = {
  path: '/inventory/movements',
  id: 'e.id',
  filters: ['q', 'store', 'location', 'document', 'bucket', 'product', 'sku', 'device', 'from', 'to'],
  // In the order in which they were written: the order in which balances came about.
  sorts: { newest: { expression: 'e.id', type: 'number', direction: 'descending' } },
};

export interface MovementFilter {
  text: string;
  storeId: number | null;
  locationId: number | null;
  documentType: string | null;
  bucket: Bucket | null;
  productId: number | null;
  skuId: number | null;
  deviceId: number | null;
  from: string | null;
  to: string | null;
  scope: StoreScope;
}

export interface MovementRow {
  id: number;
  sortValue: number;
  skuId: number;
  productId: number;
  skuCode: string;
  skuName: string;
  storeName: string;
  locationName: string;
  bucket: Bucket;
  batchCode: string | null;
  quantity: number;
  valueFen: number;
  businessDate: string;
  at: number;
  documentType: string;
  documentId: number;
  documentNumber: string;
  postingKind: PostingKind;
  actorName: string;
}

/** What balances have as well; `alias` is the table's. */
const keyConditions = (alias: string, { scope, storeId, locationId, skuId, bucket }: MovementFilter): Sql =>
  sql.all([
    inScope(`${alias}.store_id`, scope),
    storeId !== null && sql`${sql.identifier(`${alias}.store_id`)} = ${storeId}`,
    locationId !== null && sql`${sql.identifier(`${alias}.location_id`)} = ${locationId}`,
    skuId !== null && sql`${sql.identifier(`${alias}.sku_id`)} = ${skuId}`,
    bucket !== null && sql`${sql.identifier(`${alias}.bucket`)} = ${bucket}`,
  ]);

const conditions = (filter: MovementFilter): Sql =>
  sql.all([
    keyConditions('e', filter),
    filter.documentType !== null && sql`p.document_type = ${filter.documentType}`,
    filter.productId !== null && sql`s.product_id = ${filter.productId}`,
    filter.deviceId !== null &&
      sql`e.sku_id IN (SELECT d.sku_id FROM device d WHERE d.id = ${filter.deviceId})
        AND e.posting_id IN (SELECT v.posting_id FROM device_event v WHERE v.device_id = ${filter.deviceId})`,
    isBusinessDate(filter.from) && sql`e.business_date >= ${filter.from}`,
    isBusinessDate(filter.to) && sql`e.business_date <= ${filter.to}`,
    ...searchTerms(filter.text).map((term) => sql.contains('s.search_key', term)),
  ]);

const TABLES = sql`stock_entry e JOIN posting p ON p.id = e.posting_id JOIN sku s ON s.id = e.sku_id`;

/** One page of what changed the stock: one row for each document and balance. */
export async function movementList(read: Reader, query: ListQuery, filter: MovementFilter): Promise<MovementRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const rows = await read.all<MovementRow>(
    sql`SELECT e.id, e.id AS sort_value, e.sku_id, s.product_id, s.code AS sku_code, s.name AS sku_name,
        st.name AS store_name, l.name AS location_name, e.bucket, bt.code AS batch_code, e.quantity, e.value_fen,
        e.business_date, e.at, p.document_type, p.document_id, p.document_number, p.kind AS posting_kind, p.actor_name
      FROM ${TABLES} JOIN store st ON st.id = e.store_id JOIN location l ON l.id = e.location_id
        LEFT JOIN batch bt ON bt.id = e.batch_key
      WHERE ${conditions(filter)} AND ${where} ${orderBy} ${limit}`,
  );
  return rows.map((row) => ({ ...row, quantity: Number(row.quantity), valueFen: Number(row.valueFen) }));
}

export interface MovementTotals {
  inPieces: number;
  outPieces: number;
  valueFen: number;
}

/** Over the whole filter; asked for where it names a product, so that an index finds the rows. */
export async function movementTotals(read: Reader, filter: MovementFilter): Promise<MovementTotals> {
  const row = await read.one<Record<keyof MovementTotals, number | null>>(
    sql`SELECT SUM(CASE WHEN e.quantity > 0 THEN e.quantity ELSE 0 END) AS in_pieces,
        SUM(CASE WHEN e.quantity < 0 THEN -e.quantity ELSE 0 END) AS out_pieces, SUM(e.value_fen) AS value_fen
      FROM ${TABLES} WHERE ${conditions(filter)}`,
  );
  return {
    inPieces: Number(row?.inPieces ?? 0),
    outPieces: Number(row?.outPieces ?? 0),
    valueFen: Number(row?.valueFen ?? 0),
  };
}

/** Of one SKU, in the stores, the location or the state that the filter names, each row has a balance behind it. */
export const hasRunningBalance = (filter: MovementFilter): boolean => filter.skuId !== null && filter.deviceId === null;

/**
 * Pieces that were there after each of these rows (of one page, newest first): today's balance less what came later. Other
 * conditions of the filter hide rows but not what they did.
 */
export async function runningBalances(
  read: Reader,
  filter: MovementFilter,
  rows: readonly Pick<MovementRow, 'id'>[],
): Promise<Map<number, number>> {
  const last = rows.at(-1)?.id;
  const first = rows[0]?.id;
  if (first === undefined || last === undefined) return new Map();
  const [low, high] = [Math.min(first, last), Math.max(first, last)];
  const now = await read.one<{ n: number | null }>(
    sql`SELECT SUM(b.quantity) AS n FROM stock_balance b WHERE ${keyConditions('b', filter)}`,
  );
  const later = await read.one<{ n: number | null }>(
    sql`SELECT SUM(e.quantity) AS n FROM stock_entry e WHERE ${keyConditions('e', filter)} AND e.id > ${high}`,
  );
  const between = await read.all<{ id: number; quantity: number }>(
    sql`SELECT e.id, e.quantity FROM stock_entry e
      WHERE ${keyConditions('e', filter)} AND e.id >= ${low} AND e.id <= ${high} ORDER BY e.id DESC`,
  );
  let pieces = Number(now?.n ?? 0) - Number(later?.n ?? 0);
  const after = new Map<number, number>();
  for (const { id, quantity } of between) {
    after.set(id, pieces);
    pieces -= Number(quantity);
  }
  return after;
}
