import type { BusinessDate } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import type { DaySum } from '../domain/turnover';

export type PairDay = DaySum & { storeId: number; skuId: number };

/** Goods that stock was ever kept of. */
export async function stockedSkus(read: Reader): Promise<number[]> {
  const rows = await read.all<{ skuId: number }>(sql`SELECT DISTINCT b.sku_id FROM stock_balance b ORDER BY b.sku_id`);
  return rows.map(({ skuId }) => skuId);
}

/** What moved of these products until the day before `today`, by store and day; what lies before `from` in one sum. */
export async function movedByDay(
  read: Reader,
  skuIds: readonly number[],
  from: BusinessDate,
  today: BusinessDate,
): Promise<PairDay[]> {
  const rows = await read.all<PairDay>(
    sql`SELECT t.store_id, t.sku_id, t.moved_on AS day, SUM(t.quantity) AS quantity, ${sql.sum('t.value_fen')} AS value_fen,
        SUM(t.is_sale * t.quantity) AS sold, ${sql.sum('t.is_sale * t.value_fen')} AS cost_fen,
        MAX(t.sold_on) AS last_sold_on, MAX(t.in_on) AS last_in_on
      FROM (SELECT e.store_id, e.sku_id, e.quantity, e.value_fen,
          CASE WHEN e.business_date < ${from} THEN NULL ELSE e.business_date END AS moved_on,
          CASE WHEN p.document_type IN ('sales.sale', 'sales.return') THEN -1 ELSE 0 END AS is_sale,
          CASE WHEN p.document_type = 'sales.sale' AND e.quantity < 0 THEN e.business_date ELSE NULL END AS sold_on,
          CASE WHEN p.document_type <> 'sales.sale' AND e.quantity > 0 THEN e.business_date ELSE NULL END AS in_on
        FROM stock_entry e JOIN posting p ON p.id = e.posting_id
        WHERE e.sku_id IN (${sql.list(skuIds)}) AND e.business_date < ${today}) t
      GROUP BY t.store_id, t.sku_id, t.moved_on`,
  );
  for (const row of rows) {
    row.quantity = Number(row.quantity);
    row.valueFen = Number(row.valueFen);
    row.sold = Number(row.sold);
    row.costFen = Number(row.costFen);
  }
  return rows.sort((one, other) => (one.day ?? '').localeCompare(other.day ?? ''));
}

/** Sales without tax of these products, less returns, from a day until the one before `today`. */
export async function netOf(
  read: Reader,
  skuIds: readonly number[],
  from: BusinessDate,
  today: BusinessDate,
): Promise<{ storeId: number; skuId: number; netFen: number }[]> {
  const rows = await read.all<{ storeId: number; skuId: number; netFen: number }>(
    sql`SELECT s.store_id, l.sku_id, ${sql.sum('l.net_fen')} AS net_fen
      FROM sale_line l JOIN sale s ON s.id = l.sale_id
      WHERE l.sku_id IN (${sql.list(skuIds)}) AND s.state = 'posted' AND s.business_date >= ${from} AND s.business_date < ${today}
      GROUP BY s.store_id, l.sku_id`,
  );
  return rows.map((row) => ({ ...row, netFen: Number(row.netFen) }));
}

/** When each product was bought last by a store. */
export async function boughtLast(
  read: Reader,
  skuIds: readonly number[],
): Promise<{ storeId: number; skuId: number; boughtOn: BusinessDate }[]> {
  return read.all<{ storeId: number; skuId: number; boughtOn: BusinessDate }>(
    sql`SELECT r.store_id, l.sku_id, MAX(r.business_date) AS bought_on FROM receipt_line l JOIN receipt r ON r.id = l.receipt_id
      WHERE l.sku_id IN (${sql.list(skuIds)}) AND r.state = 'posted' GROUP BY r.store_id, l.sku_id`,
  );
}
