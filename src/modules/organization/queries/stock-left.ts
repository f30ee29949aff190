import { type Reader, sql } from '../../../platform/database';

/** Pieces on the books of a store or of one of its locations, whatever their state: while there are any it stays open. */
export async function stockLeft(read: Reader, place: { storeId: number } | { locationId: number }): Promise<number> {
  const where = 'storeId' in place ? sql`store_id = ${place.storeId}` : sql`location_id = ${place.locationId}`;
  const row = await read.one<{ pieces: number | null }>(
    sql`SELECT SUM(quantity) AS pieces FROM stock_balance WHERE ${where}`,
  );
  return Number(row?.pieces ?? 0);
}
