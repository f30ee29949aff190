import { mulDiv } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import type { StocktakeRow } from '../store/stocktake.table';
import { averageCosts } from './average-costs';
import { verdictSql } from './stocktake-page';

/**
 * Losses and gains that posting would book as the books stand now, added up at cost: what is kept as it is, and what only
 * changes its place, counts for nothing. Decides who has to approve; takes no locks.
 */
export async function stocktakeAmount(
  read: Reader,
  { id, locationId }: Pick<StocktakeRow, 'id' | 'locationId'>,
): Promise<number> {
  const devices = await read.one<{ fen: number | null }>(
    sql`SELECT SUM(v.cost_fen) AS fen FROM (
        SELECT ${verdictSql(locationId)} AS verdict, d.state, d.cost_fen FROM stocktake_device c JOIN device d ON d.id = c.device_id
        WHERE c.stocktake_id = ${id} AND c.kept = ${false} AND d.ownership = 'own') v
      WHERE v.verdict = 'missing' OR (v.verdict = 'unexpected' AND v.state = 'missing')`,
  );
  const goods = await read.all<{ skuId: number; pieces: number; quantity: number | null; valueFen: number | null }>(
    sql`SELECT g.sku_id, g.counted - g.book_pieces AS pieces, b.quantity, b.value_fen FROM stocktake_goods g
      LEFT JOIN stock_balance b ON b.location_id = ${locationId} AND b.sku_id = g.sku_id AND b.batch_key = g.batch_key
        AND b.bucket = g.bucket AND b.by_device = 0
      WHERE g.stocktake_id = ${id} AND g.kept = ${false} AND g.counted <> g.book_pieces`,
  );
  const averages = await averageCosts(
    read,
    goods.filter(({ quantity }) => !quantity).map(({ skuId }) => skuId),
  );
  return goods.reduce(
    (sum, { skuId, pieces, quantity, valueFen }) => {
      const size = Math.abs(Number(pieces));
      if (!quantity) return sum + size * (averages.get(skuId) ?? 0);
      return sum + mulDiv(Number(valueFen ?? 0), size, Number(quantity));
    },
    Number(devices?.fen ?? 0),
  );
}
