import { chunked, type Reader, sql } from '../../../platform/database';

export interface Price {
  /** With tax. */
  priceFen: number;
  /** Below it a sale needs approval; null: no floor. */
  floorFen: number | null;
}

/**
 * The prices that hold at an instant in a store: the store's own list where it has one for the SKU, else the base list.
 * SKUs without a price are missing in the answer. `storeId` null: the base list alone.
 */
export async function pricesOf(
  read: Reader,
  skuIds: readonly number[],
  { storeId, at }: { storeId: number | null; at: number },
): Promise<Map<number, Price>> {
  const found = new Map<number, Price>();
  for (const chunk of chunked([...new Set(skuIds)])) {
    const rows = await read.all<Price & { skuId: number; kind: string }>(
      sql`SELECT i.sku_id, i.price_fen, i.floor_fen, l.kind
        FROM price_item i JOIN price_list l ON l.id = i.price_list_id
        WHERE i.sku_id IN (${sql.list(chunk)}) AND l.active = ${1}
          AND (l.kind = 'base' OR (l.kind = 'store' AND l.store_id = ${storeId}))
          AND i.from_at <= ${at} AND (i.until_at IS NULL OR i.until_at > ${at})
        ORDER BY i.sku_id, i.id`,
    );
    for (const { skuId, kind, priceFen, floorFen } of rows)
      if (kind === 'store' || !found.has(skuId)) found.set(skuId, { priceFen, floorFen });
  }
  return found;
}
