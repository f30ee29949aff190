import { chunked, type Reader, sql } from '../../../platform/database';

/** A balance of goods without serial numbers that are for sale at a location. */
export interface Shelf {
  skuId: number;
  /** 0: not kept by batch. */
  batchKey: number;
  quantity: number;
}

/** By SKU, first what expires first; what has expired is left out. */
export async function shelvesAt(
  read: Reader,
  locationId: number,
  skuIds: readonly number[],
  today: string,
): Promise<Shelf[]> {
  const found: Shelf[] = [];
  for (const chunk of chunked([...new Set(skuIds)]))
    found.push(
      ...(await read.all<Shelf>(
        sql`SELECT b.sku_id, b.batch_key, b.quantity FROM stock_balance b LEFT JOIN batch t ON t.id = b.batch_key
          WHERE b.location_id = ${locationId} AND b.sku_id IN (${sql.list(chunk)}) AND b.bucket = 'sellable'
            AND b.by_device = 0 AND b.quantity > 0 AND (t.expires_on IS NULL OR t.expires_on >= ${today})
          ORDER BY b.sku_id, COALESCE(t.expires_on, '9999-12-31'), b.batch_key`,
      )),
    );
  return found;
}

/** Pieces for sale at a location, devices as well. */
export async function piecesAt(
  read: Reader,
  locationId: number,
  skuIds: readonly number[],
): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  for (const chunk of chunked([...new Set(skuIds)]))
    for (const { skuId, pieces } of await read.all<{ skuId: number; pieces: number }>(
      sql`SELECT sku_id, SUM(quantity) AS pieces FROM stock_balance
        WHERE location_id = ${locationId} AND bucket = 'sellable' AND sku_id IN (${sql.list(chunk)}) GROUP BY sku_id`,
    ))
      found.set(skuId, Number(pieces));
  return found;
}
