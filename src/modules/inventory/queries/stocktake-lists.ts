import { type Bucket, type DeviceState, numberEndsWith } from '../../../ledger';
import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { searchTerms } from '../../../platform/text-search';
import type { Verdict } from '../domain/stocktake-verdict';
import type { StocktakeRow } from '../store/stocktake.table';
import { verdictSql } from './stocktake-page';

export const VERDICTS: readonly Verdict[] = ['missing', 'unexpected', 'matched', 'moved'];
export const GOODS_VIEWS = ['different', 'uncounted', 'all'] as const;
export type GoodsView = (typeof GOODS_VIEWS)[number];

export const countedDevicesSpec = (stocktakeId: number): ListSpec => ({
  path: `/inventory/stocktakes/${stocktakeId}/devices`,
  id: 'c.id',
  filters: ['view', 'q'],
  sorts: { name: { expression: 's.name', type: 'text', direction: 'ascending' } },
});

export const countedGoodsSpec = (stocktakeId: number): ListSpec => ({
  path: `/inventory/stocktakes/${stocktakeId}/goods`,
  id: 'g.id',
  filters: ['view', 'q'],
  sorts: { name: { expression: 's.name', type: 'text', direction: 'ascending' } },
});

export interface CountedDeviceRow {
  id: number;
  sortValue: string;
  deviceId: number;
  skuName: string;
  skuCode: string;
  state: DeviceState;
  bucket: Bucket | null;
  storeName: string | null;
  locationName: string | null;
  costFen: number;
  kept: number;
  scannedAt: number | null;
  scannedByName: string | null;
  /** The posting moved it: 1. What was found and could not be taken over stays where the books have it. */
  booked: number;
}

/** Whether the posting of the stocktake moved the device; `c` is the counted row. */
export const BOOKED = sql`CASE WHEN EXISTS (SELECT 1 FROM device_event e JOIN posting w ON w.id = e.posting_id
    WHERE e.device_id = c.device_id AND w.document_type = 'inventory.stocktake' AND w.document_id = c.stocktake_id)
  THEN 1 ELSE 0 END`;

function words(text: string): Sql {
  const plain = text.replace(/\s/g, '').toUpperCase();
  const names = searchTerms(text).map((term) => sql.contains('s.search_key', term));
  const byName = names.length > 0 ? sql.all(names) : sql`1 = 1`;
  if (!/^[0-9A-Z]{3,20}$/.test(plain)) return byName;
  return sql`((${byName}) OR c.device_id IN (SELECT i.device_id FROM device_identifier i
    WHERE i.value = ${plain} OR ${numberEndsWith('i.tail', plain)}))`;
}

/** The devices of one of the four lists. */
export async function countedDevices(
  read: Reader,
  query: ListQuery,
  { id, locationId }: StocktakeRow,
  verdict: Verdict,
): Promise<CountedDeviceRow[]> {
  const { where, orderBy, limit } = keyset(query);
  return read.all<CountedDeviceRow>(
    sql`SELECT c.id, s.name AS sort_value, c.device_id, s.name AS sku_name, s.code AS sku_code, d.state, d.bucket,
        st.name AS store_name, l.name AS location_name, d.cost_fen, c.kept, c.scanned_at, c.scanned_by_name,
        ${BOOKED} AS booked
      FROM stocktake_device c JOIN device d ON d.id = c.device_id JOIN sku s ON s.id = c.sku_id
        LEFT JOIN store st ON st.id = d.store_id LEFT JOIN location l ON l.id = d.location_id
      WHERE c.stocktake_id = ${id} AND ${verdictSql(locationId)} = ${verdict}
        AND ${words(query.filters['q'] ?? '')} AND ${where} ${orderBy} ${limit}`,
  );
}

export interface CountedGoodsRow {
  id: number;
  sortValue: string;
  skuId: number;
  skuName: string;
  skuCode: string;
  bucket: Bucket;
  batchCode: string | null;
  expected: number;
  counted: number | null;
  bookPieces: number | null;
  countedByName: string | null;
  kept: number;
  postedFen: number | null;
  movedPieces: number;
  version: number;
}

export async function countedGoods(
  read: Reader,
  query: ListQuery,
  stocktakeId: number,
  view: GoodsView,
): Promise<CountedGoodsRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const names = searchTerms(query.filters['q'] ?? '').map((term) => sql.contains('s.search_key', term));
  const shown =
    view === 'different' ? sql`g.counted <> g.book_pieces` : view === 'uncounted' ? sql`g.counted IS NULL` : sql`1 = 1`;
  return read.all<CountedGoodsRow>(
    sql`SELECT g.id, s.name AS sort_value, g.sku_id, s.name AS sku_name, s.code AS sku_code, g.bucket, b.code AS batch_code,
        g.expected, g.counted, g.book_pieces, g.counted_by_name, g.kept, g.posted_fen, g.moved_pieces,
        g.version
      FROM stocktake_goods g JOIN sku s ON s.id = g.sku_id LEFT JOIN batch b ON b.id = g.batch_key
      WHERE g.stocktake_id = ${stocktakeId} AND ${shown} AND ${sql.all(names)} AND ${where} ${orderBy} ${limit}`,
  );
}
