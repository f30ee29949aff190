import { type Reader, sql } from '../../../platform/database';

export interface PlannedTransfer {
  skuId: number;
  fromStoreId: number;
  toStoreId: number;
  /** Asked for, or already scanned where that is more. */
  quantity: number;
}

/** What transfers between stores that have not left will move. */
export async function plannedTransfers(read: Reader): Promise<PlannedTransfer[]> {
  const rows = await read.all<PlannedTransfer>(
    sql`SELECT l.sku_id, t.from_store_id, t.to_store_id,
        SUM(CASE WHEN l.picked > l.quantity THEN l.picked ELSE l.quantity END) AS quantity
      FROM transfer t JOIN transfer_line l ON l.transfer_id = t.id
      WHERE t.state IN ('draft', 'requested', 'approved') AND t.from_store_id <> t.to_store_id AND l.bucket = 'sellable'
      GROUP BY l.sku_id, t.from_store_id, t.to_store_id`,
  );
  return rows.map((row) => ({ ...row, quantity: Number(row.quantity) }));
}
