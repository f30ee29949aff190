import { chunked, type Reader, sql } from '../../../platform/database';

/** Tax-inclusive unit price of each SKU on the last posted receipt of this supplier; absent when never bought there. Free goods say no price. */
export async function lastPrices(
  read: Reader,
  supplierId: number,
  skuIds: readonly number[],
): Promise<Map<number, number>> {
  const prices = new Map<number, number>();
  for (const chunk of chunked([...new Set(skuIds)])) {
    const rows = await read.all<{ skuId: number; unitPriceFen: number }>(
      sql`SELECT l.sku_id, l.unit_price_fen FROM receipt_line l JOIN (
          SELECT MAX(m.id) AS last_id FROM receipt_line m JOIN receipt r ON r.id = m.receipt_id
          WHERE m.sku_id IN (${sql.list(chunk)}) AND r.supplier_id = ${supplierId} AND r.state = 'posted'
            AND m.unit_price_fen > 0
          GROUP BY m.sku_id) newest ON newest.last_id = l.id`,
    );
    for (const row of rows) prices.set(row.skuId, row.unitPriceFen);
  }
  return prices;
}
