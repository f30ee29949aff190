import { type Reader, sql } from '../../../platform/database';
import type { Verdict } from '../domain/stocktake-verdict';
import type { StocktakeRow } from '../store/stocktake.table';
import { BOOKED, type CountedDeviceRow } from './stocktake-lists';
import { verdictSql } from './stocktake-page';

/** More is read on the screen or in Excel. */
export const MOST_PRINTED = 2000;

export interface SheetGoods {
  skuName: string;
  skuCode: string;
  /** Null: devices, one line for a product whatever state they are in. */
  bucket: string | null;
  batchCode: string | null;
  expected: number;
  counted: number | null;
  bookPieces: number | null;
  kept: boolean;
}

/** What is to be counted, by product: devices by what the books expect, goods as they are counted one by one. */
export async function sheetLines(read: Reader, stocktakeId: number): Promise<SheetGoods[]> {
  const devices = await read.all<Pick<SheetGoods, 'skuName' | 'skuCode' | 'expected'>>(
    sql`SELECT s.name AS sku_name, s.code AS sku_code, COUNT(*) AS expected FROM stocktake_device c
        JOIN sku s ON s.id = c.sku_id WHERE c.stocktake_id = ${stocktakeId} AND c.expected = ${true}
      GROUP BY s.name, s.code ORDER BY s.name, s.code ${sql.limit(MOST_PRINTED)}`,
  );
  return [
    ...devices.map(({ expected, ...line }) => ({
      ...line,
      expected: Number(expected),
      bucket: null,
      batchCode: null,
      counted: null,
      bookPieces: null,
      kept: false,
    })),
    ...(await goodsLines(read, stocktakeId, false)),
  ];
}

/** Goods of a stocktake, or those of which another number was counted than the books had. */
export async function goodsLines(read: Reader, stocktakeId: number, different: boolean): Promise<SheetGoods[]> {
  const rows = await read.all<Omit<SheetGoods, 'kept'> & { kept: number }>(
    sql`SELECT s.name AS sku_name, s.code AS sku_code, g.bucket, b.code AS batch_code, g.expected, g.counted, g.book_pieces, g.kept
      FROM stocktake_goods g JOIN sku s ON s.id = g.sku_id LEFT JOIN batch b ON b.id = g.batch_key
      WHERE g.stocktake_id = ${stocktakeId} AND ${different ? sql`g.counted <> g.book_pieces` : sql`1 = 1`}
      ORDER BY s.name, s.code, g.id ${sql.limit(MOST_PRINTED)}`,
  );
  return rows.map((row) => ({ ...row, kept: Boolean(row.kept) }));
}

export interface DifferingDevice extends Pick<
  CountedDeviceRow,
  'deviceId' | 'skuName' | 'skuCode' | 'state' | 'booked'
> {
  verdict: Extract<Verdict, 'missing' | 'unexpected'>;
  /** Where the books have it; null: nowhere. */
  storeName: string | null;
  locationName: string | null;
  kept: boolean;
}

/** Devices that were not found, or found though the books have them elsewhere. */
export async function differingDevices(read: Reader, { id, locationId }: StocktakeRow): Promise<DifferingDevice[]> {
  const rows = await read.all<Omit<DifferingDevice, 'kept'> & { kept: number }>(
    sql`SELECT v.device_id, v.sku_name, v.sku_code, v.state, v.kept, v.booked, v.store_name, v.location_name, v.verdict FROM (SELECT c.device_id, s.name AS sku_name, s.code AS sku_code, d.state, c.kept, ${BOOKED} AS booked, st.name AS store_name, l.name AS location_name,
          ${verdictSql(locationId)} AS verdict
        FROM stocktake_device c JOIN device d ON d.id = c.device_id JOIN sku s ON s.id = c.sku_id
          LEFT JOIN store st ON st.id = d.store_id LEFT JOIN location l ON l.id = d.location_id
        WHERE c.stocktake_id = ${id}) v
      WHERE v.verdict IN ('missing', 'unexpected') ORDER BY v.verdict, v.sku_name, v.sku_code, v.device_id ${sql.limit(MOST_PRINTED)}`,
  );
  return rows.map((row) => ({ ...row, kept: Boolean(row.kept) }));
}

/** Who scanned or counted, by name. */
export async function countersOf(read: Reader, stocktakeId: number): Promise<string[]> {
  const rows = await read.all<{ name: string | null }>(
    sql`SELECT scanned_by_name AS name FROM stocktake_scan WHERE stocktake_id = ${stocktakeId}
      UNION SELECT counted_by_name AS name FROM stocktake_goods WHERE stocktake_id = ${stocktakeId}`,
  );
  return rows.flatMap(({ name }) => (name ? [name] : [])).toSorted();
}
