import { sql } from '../../platform/database';
import { ledgerCheck } from './check';

const balance = ledgerCheck(
  'stock.balance',
  {
    query: sql`SELECT b.id, b.location_id, b.sku_id, b.bucket, b.quantity, b.value_fen,
        COALESCE(e.quantity, 0) AS sum_quantity, COALESCE(e.value_fen, 0) AS sum_fen
      FROM stock_balance b LEFT JOIN (SELECT balance_id, ${sql.sum('quantity')} AS quantity, ${sql.sum('value_fen')} AS value_fen
        FROM stock_entry GROUP BY balance_id) e ON e.balance_id = b.id
      WHERE b.quantity <> COALESCE(e.quantity, 0) OR b.value_fen <> COALESCE(e.value_fen, 0)`,
    tell: (row) =>
      `balance ${row['id']} (sku ${row['skuId']} at ${row['locationId']}, ${row['bucket']}): ${row['quantity']} pieces, ${row['valueFen']} fen; its entries: ${row['sumQuantity']} pieces, ${row['sumFen']} fen`,
  },
  {
    query: sql`SELECT e.id, e.balance_id FROM stock_entry e JOIN stock_balance b ON b.id = e.balance_id
      WHERE e.store_id <> b.store_id OR e.location_id <> b.location_id OR e.sku_id <> b.sku_id
        OR e.batch_key <> b.batch_key OR e.bucket <> b.bucket`,
    tell: (row) => `entry ${row['id']} is of another place or SKU than its balance ${row['balanceId']}`,
  },
);

const limits = ledgerCheck('stock.limits', {
  query: sql`SELECT b.id, b.location_id, b.sku_id, b.bucket, b.quantity, b.value_fen FROM stock_balance b
    WHERE b.quantity < 0 OR b.value_fen < 0 OR (b.quantity = 0 AND b.value_fen <> 0)`,
  tell: (row) =>
    `balance ${row['id']} (sku ${row['skuId']} at ${row['locationId']}, ${row['bucket']}): ${row['quantity']} pieces, ${row['valueFen']} fen`,
});

const devices = ledgerCheck('stock.devices', {
  query: sql`SELECT x.location_id, x.sku_id, x.bucket, x.store_id, SUM(x.devices) AS devices, SUM(x.cost_fen) AS cost_fen,
      SUM(x.quantity) AS quantity, SUM(x.value_fen) AS value_fen FROM (
      SELECT d.store_id, d.location_id, d.sku_id, d.bucket, COUNT(*) AS devices, SUM(d.cost_fen) AS cost_fen, 0 AS quantity, 0 AS value_fen
        FROM device d WHERE d.bucket IS NOT NULL GROUP BY d.store_id, d.location_id, d.sku_id, d.bucket
      UNION ALL
      SELECT b.store_id, b.location_id, b.sku_id, b.bucket, 0 AS devices, 0 AS cost_fen, b.quantity, b.value_fen
        FROM stock_balance b WHERE b.by_device = 1
    ) x GROUP BY x.location_id, x.sku_id, x.bucket, x.store_id
    HAVING SUM(x.devices) <> SUM(x.quantity) OR SUM(x.cost_fen) <> SUM(x.value_fen)`,
  tell: (row) =>
    `sku ${row['skuId']} at location ${row['locationId']}, ${row['bucket']}: ${row['devices']} devices costing ${row['costFen']} fen, balance ${row['quantity']} pieces, ${row['valueFen']} fen`,
});

export const stockChecks = [balance, limits, devices];
