import { sql } from '../../../platform/database';
import type { ModuleCheck } from '../../../platform/modules';

/**
 * What the books hold on the way is what transfers have sent and nobody has received, returned or written off: goods by
 * product and batch with their value, devices one by one.
 */
export const transferChecks: ModuleCheck = {
  id: 'inventory.in_transit',
  run: async (read) => {
    const goods = await read.all<Record<string, number>>(
      sql`SELECT x.location_id, x.sku_id, x.batch_key, SUM(x.book_pieces) AS book_pieces, SUM(x.book_fen) AS book_fen,
          SUM(x.way_pieces) AS way_pieces, SUM(x.way_fen) AS way_fen FROM (
          SELECT b.location_id, b.sku_id, b.batch_key, b.quantity AS book_pieces, b.value_fen AS book_fen, 0 AS way_pieces, 0 AS way_fen
            FROM stock_balance b WHERE b.bucket = 'in_transit' AND b.by_device = 0
          UNION ALL
          SELECT t.to_location_id AS location_id, p.sku_id, COALESCE(p.batch_id, 0) AS batch_key, 0 AS book_pieces, 0 AS book_fen,
              p.open_quantity AS way_pieces, p.open_fen AS way_fen
            FROM transfer_part p JOIN transfer t ON t.id = p.transfer_id
        ) x GROUP BY x.location_id, x.sku_id, x.batch_key
        HAVING SUM(x.book_pieces) <> SUM(x.way_pieces) OR SUM(x.book_fen) <> SUM(x.way_fen)`,
    );
    const devices = await read.all<Record<string, number>>(
      sql`SELECT d.id FROM device d WHERE d.state = 'in_transit'
          AND NOT EXISTS (SELECT w.id FROM transfer_device w WHERE w.device_id = d.id AND w.state = 'sent')
        UNION ALL
        SELECT w.device_id AS id FROM transfer_device w JOIN device d ON d.id = w.device_id
          WHERE w.state = 'sent' AND d.state <> 'in_transit'`,
    );
    const findings = [
      ...goods.map(
        (row) =>
          `sku ${row['skuId']} on the way to location ${row['locationId']}: books ${row['bookPieces']} pieces, ${row['bookFen']} fen, transfers ${row['wayPieces']} pieces, ${row['wayFen']} fen`,
      ),
      ...devices.map((row) => `device ${row['id']}: on the way in the books or in a transfer, but not in both`),
    ];
    return { count: findings.length, findings: findings.slice(0, 20) };
  },
};
