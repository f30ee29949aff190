import { chunked, type Reader, sql } from '../../../platform/database';

export interface SetAside {
  skuId: number;
  /** The store that gives. */
  storeId: number;
  /** Scanned or counted for a transfer and not sent yet: still in stock, promised to another store. */
  quantity: number;
}

/** What is set aside of these SKUs for transfers that have not left. */
export async function setAside(read: Reader, skuIds: readonly number[]): Promise<SetAside[]> {
  const found: SetAside[] = [];
  for (const chunk of chunked([...new Set(skuIds)])) {
    const rows = await read.all<SetAside>(
      sql`SELECT l.sku_id, t.from_store_id AS store_id, SUM(l.picked - l.sent) AS quantity
        FROM transfer_line l JOIN transfer t ON t.id = l.transfer_id
        WHERE l.sku_id IN (${sql.list(chunk)}) AND l.picked > l.sent AND l.bucket = 'sellable'
          AND t.state IN ('draft', 'requested', 'approved')
        GROUP BY l.sku_id, t.from_store_id`,
    );
    for (const row of rows) found.push({ ...row, quantity: Number(row.quantity) });
  }
  return found;
}
