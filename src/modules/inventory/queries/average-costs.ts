import { chunked, type Reader, sql } from '../../../platform/database';

/** Fen a piece over all that we have of it anywhere: for surplus where the books have none. */
export async function averageCosts(read: Reader, skuIds: readonly number[]): Promise<Map<number, number>> {
  const averages = new Map<number, number>();
  for (const chunk of chunked([...new Set(skuIds)]))
    for (const row of await read.all<{ skuId: number; pieces: number; fen: number }>(
      sql`SELECT sku_id, SUM(quantity) AS pieces, SUM(value_fen) AS fen FROM stock_balance
        WHERE sku_id IN (${sql.list(chunk)}) AND quantity > 0 GROUP BY sku_id`,
    ))
      averages.set(row.skuId, Math.round(Number(row.fen) / Number(row.pieces)));
  return averages;
}
