import { addDays, type BusinessDate } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import type { AboutDocument, IdlePair, OldDevices } from '../domain/stock-alerts';

/** Handsets in stock that came before so many days, by store and product. */
export async function oldDevices(read: Reader, today: BusinessDate, days: number): Promise<OldDevices[]> {
  const rows = await read.all<OldDevices>(
    sql`SELECT d.store_id, d.sku_id, COUNT(*) AS quantity, MIN(d.stocked_on) AS oldest_on FROM device d
      WHERE d.state = 'in_stock' AND d.stocked_on < ${addDays(today, -days)} GROUP BY d.store_id, d.sku_id`,
  );
  return rows.map((row) => ({ ...row, quantity: Number(row.quantity) }));
}

/** What stands for so many days, as the newest analysis found it, and is still there. */
export async function idlePairs(read: Reader, runId: number, days: number): Promise<IdlePair[]> {
  return read.all<IdlePair>(
    sql`SELECT i.store_id, i.sku_id, i.quantity, i.idle_days, i.to_store_id FROM idle_stock i
      WHERE i.run_id = ${runId} AND i.idle_days >= ${days} AND EXISTS (SELECT 1 FROM stock_balance b
        WHERE b.store_id = i.store_id AND b.sku_id = i.sku_id AND b.quantity > 0)`,
  );
}

/** Transfers that should have been there so many days ago. */
export async function lateTransfers(read: Reader, today: BusinessDate, days: number): Promise<AboutDocument[]> {
  const rows = await read.all<Omit<AboutDocument, 'on' | 'skuId'> & { dueOn: BusinessDate }>(
    sql`SELECT t.id AS document_id, t.number AS document_number, t.to_store_id AS store_id, t.from_store_id AS other_store_id,
        t.sent - t.received - t.returned - t.lost AS quantity, t.expected_on AS due_on
      FROM transfer t WHERE t.state = 'sent' AND t.expected_on < ${addDays(today, -days)}`,
  );
  return rows.map(({ dueOn, ...row }) => ({ ...row, skuId: null, on: dueOn }));
}

/** Batches in stock that expire within so many days or have expired, in each store. */
export async function expiringBatches(read: Reader, today: BusinessDate, days: number): Promise<AboutDocument[]> {
  const rows = await read.all<Omit<AboutDocument, 'on' | 'otherStoreId'> & { dueOn: BusinessDate }>(
    sql`SELECT h.batch_key AS document_id, t.code AS document_number, h.store_id, t.sku_id, h.pieces AS quantity, t.expires_on AS due_on
      FROM batch t JOIN (SELECT b.store_id, b.batch_key, SUM(b.quantity) AS pieces FROM stock_balance b
        WHERE b.batch_key <> 0 AND b.quantity > 0 GROUP BY b.store_id, b.batch_key) h ON h.batch_key = t.id
      WHERE t.expires_on <= ${addDays(today, days)}`,
  );
  return rows.map(({ dueOn, ...row }) => ({ ...row, quantity: Number(row.quantity), otherStoreId: null, on: dueOn }));
}

/** Returns for exchange that the supplier has not replaced in full after so many days. */
export async function openExchanges(read: Reader, today: BusinessDate, days: number): Promise<AboutDocument[]> {
  const rows = await read.all<
    Omit<AboutDocument, 'on' | 'skuId' | 'otherStoreId'> & { dueOn: BusinessDate; replaced: number }
  >(
    sql`SELECT o.id AS document_id, o.number AS document_number, o.store_id, o.quantity, o.business_date AS due_on,
        COALESCE(n.replaced, 0) AS replaced
      FROM purchase_return o LEFT JOIN (SELECT l.return_id, SUM(CASE WHEN r.state = 'posted' THEN k.received ELSE 0 END) AS replaced
        FROM purchase_return_line l JOIN receipt_line k ON k.return_line_id = l.id JOIN receipt r ON r.id = k.receipt_id
        GROUP BY l.return_id) n ON n.return_id = o.id
      WHERE o.state = 'posted' AND o.exchange = ${true} AND o.business_date <= ${addDays(today, -days)}`,
  );
  return rows.flatMap(({ dueOn, replaced, ...row }) => {
    const quantity = row.quantity - Number(replaced);
    return quantity > 0 ? [{ ...row, quantity, skuId: null, otherStoreId: null, on: dueOn }] : [];
  });
}
