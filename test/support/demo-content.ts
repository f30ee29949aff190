import { createHash } from 'node:crypto';
import type { KeyRing } from '../../src/platform/crypto';
import { type Reader, type Sql, sql } from '../../src/platform/database';

/** What a business would call the content: everything by numbers, codes and names, nothing by ids. */
const CONTENT: Record<string, Sql> = {
  sales: sql`SELECT s.sale_number, s.kind, st.code AS store, s.business_date, s.sold_at, s.cashier_name, c.name_cipher AS customer,
      s.quantity, s.list_fen, s.discount_fen, s.gross_fen, s.net_fen, s.tax_fen, s.cost_fen, s.change_fen, s.state
    FROM sale s JOIN store st ON st.id = s.store_id LEFT JOIN customer c ON c.id = s.customer_id ORDER BY s.sale_number`,
  lines: sql`SELECT s.sale_number, l.line_no, k.code AS sku, i.value AS imei, l.quantity, l.amount_fen, l.tax_fen, l.cost_fen,
      l.returned_quantity
    FROM sale_line l JOIN sale s ON s.id = l.sale_id JOIN sku k ON k.id = l.sku_id
    LEFT JOIN (SELECT device_id, MIN(value) AS value FROM device_identifier GROUP BY device_id) i ON i.device_id = l.device_id
    ORDER BY s.sale_number, l.line_no`,
  tenders: sql`SELECT s.sale_number, t.line_no, t.kind, t.amount_fen FROM sale_tender t JOIN sale s ON s.id = t.sale_id
    ORDER BY s.sale_number, t.line_no`,
  receipts: sql`SELECT r.number, p.name AS supplier, st.code AS store, r.business_date, r.delivery_note, r.with_invoice, r.state,
      r.quantity, r.received, r.net_fen, r.tax_fen, r.gross_fen
    FROM receipt r JOIN supplier p ON p.id = r.supplier_id JOIN store st ON st.id = r.store_id ORDER BY r.number`,
  transfers: sql`SELECT t.number, fs.code AS from_store, ts.code AS to_store, t.state, t.expected_on, t.quantity, t.sent, t.received, t.sent_fen
    FROM transfer t JOIN store fs ON fs.id = t.from_store_id JOIN store ts ON ts.id = t.to_store_id ORDER BY t.number`,
  devices: sql`SELECT MIN(i.value) AS imei, k.code AS sku, d.state, d.bucket, st.code AS store, d.cost_fen, d.price_fen, d.grade,
      d.battery_health, d.last_seq
    FROM device d JOIN device_identifier i ON i.device_id = d.id JOIN sku k ON k.id = d.sku_id
    LEFT JOIN store st ON st.id = d.store_id
    GROUP BY d.id, k.code, d.state, d.bucket, st.code, d.cost_fen, d.price_fen, d.grade, d.battery_health, d.last_seq
    ORDER BY 1`,
  orders: sql`SELECT number, state, ordered_on, expected_on, gross_fen FROM purchase_order ORDER BY number`,
  requisitions: sql`SELECT number, state, reason FROM requisition ORDER BY number`,
  invoices: sql`SELECT i.number, i.state, i.invoice_number, p.name AS supplier, i.total_fen FROM supplier_invoice i
    JOIN supplier p ON p.id = i.supplier_id ORDER BY i.number`,
  payments: sql`SELECT number, state, business_date, amount_fen FROM payment ORDER BY number`,
  purchaseReturns: sql`SELECT number, state, exchange, reason, quantity, gross_fen, cost_fen, credit_note_on FROM purchase_return
    ORDER BY number`,
  changes: sql`SELECT number, effect, reason_name, state, devices, pieces, amount_fen FROM stock_change ORDER BY number`,
  stocktakes: sql`SELECT number, state, note, expected_devices, missing_devices, short_pieces, loss_fen FROM stocktake
    ORDER BY number`,
  claims: sql`SELECT number, state, reference, device_count, agreed_fen FROM price_protection ORDER BY number`,
  rebates: sql`SELECT number, name, from_on, to_on, earned_fen, settled_fen FROM rebate ORDER BY number`,
  loans: sql`SELECT number, borrower, state, due_on, devices FROM loan ORDER BY number`,
  consignments: sql`SELECT number, kind, state FROM consignment ORDER BY number`,
  consignedOut: sql`SELECT number, state, due_on, devices, still_out FROM consignment_out ORDER BY number`,
  tests: sql`SELECT number, grade, battery_health, failed FROM device_test ORDER BY number`,
  priceChanges: sql`SELECT number, reason, devices FROM device_price_change ORDER BY number`,
  batches: sql`SELECT k.code AS sku, t.code, t.expires_on FROM batch t JOIN sku k ON k.id = t.sku_id ORDER BY k.code, t.code`,
  balances: sql`SELECT l.code AS location, st.code AS store, k.code AS sku, t.code AS batch, b.bucket, b.quantity, b.value_fen
    FROM stock_balance b JOIN location l ON l.id = b.location_id JOIN store st ON st.id = l.store_id JOIN sku k ON k.id = b.sku_id
    LEFT JOIN batch t ON t.id = b.batch_key ORDER BY st.code, l.code, k.code, b.bucket, t.code`,
  journal: sql`SELECT e.business_date, st.code AS store, a.code AS account, COUNT(*) AS line_count, SUM(j.debit_fen) AS debit,
      SUM(j.credit_fen) AS credit
    FROM journal_line j JOIN journal_entry e ON e.id = j.entry_id JOIN account a ON a.id = j.account_id
    LEFT JOIN store st ON st.id = j.store_id GROUP BY e.business_date, st.code, a.code ORDER BY 1, 2, 3`,
  shifts: sql`SELECT shift_number, state, business_date, opened_at, closed_at FROM shift ORDER BY shift_number`,
  prices: sql`SELECT k.code, p.price_fen, p.floor_fen FROM price_item p JOIN sku k ON k.id = p.sku_id ORDER BY k.code, p.price_fen`,
  customers: sql`SELECT name_cipher, phone_masked, consent_at FROM customer ORDER BY phone_masked, id`,
};

export interface DemoContent {
  /** Rows by part. */
  rows: Record<string, number>;
  /** SHA-256 by part. */
  sums: Record<string, string>;
}

/** Encrypted names as people read them: they are encrypted differently each time. */
const opened = (keys: KeyRing, value: unknown): string => {
  const text = String(value);
  return text.startsWith('e1.') ? keys.decrypt(text, 'crm.customer.name') : text;
};

export async function demoContent(read: Reader, keys: KeyRing): Promise<DemoContent> {
  const content: DemoContent = { rows: {}, sums: {} };
  for (const [part, query] of Object.entries(CONTENT)) {
    const rows = await read.all<Record<string, unknown>>(query);
    // Sums are texts on some servers, and each has its own order of Chinese.
    const lines = rows.map((row) => JSON.stringify(Object.values(row).map((value) => opened(keys, value)))).sort();
    content.rows[part] = rows.length;
    content.sums[part] = createHash('sha256').update(lines.join('\n')).digest('hex');
  }
  return content;
}
