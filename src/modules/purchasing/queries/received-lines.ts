import { chunked, type Reader, type Sql, sql } from '../../../platform/database';
import { type Actor, can, COST_PERMISSION } from '../../../platform/permissions';
import {
  expectedAmounts,
  leftOf,
  matchLine,
  type LineMatch,
  type ReceivedLine,
  type Tolerance,
} from '../domain/invoice-matching';
import { readParameters } from './parameters';

/** A line of a posted receipt whose invoice had not come with the goods. */
export interface ReceivedLineRow extends ReceivedLine {
  receiptLineId: number;
  receiptId: number;
  receiptNumber: string;
  businessDate: string;
  deliveryNote: string | null;
  supplierId: number;
  storeId: number;
  storeName: string;
  locationId: number;
  lineNo: number;
  skuId: number;
  skuCode: string;
  skuName: string;
  /** Of goods kept by batch: its number. */
  batchCode: string;
  orderId: number | null;
  orderNumber: string | null;
  /** Null: nothing is owed for it (free goods). */
  openItemId: number | null;
}

const COLUMNS = sql`l.id AS receipt_line_id, l.receipt_id, r.number AS receipt_number, r.business_date, r.delivery_note,
  r.supplier_id, r.store_id, st.name AS store_name, r.location_id, l.line_no, l.sku_id, k.code AS sku_code,
  k.name AS sku_name, COALESCE(l.batch_code, r.number) AS batch_code, o.id AS order_id, o.number AS order_number,
  i.id AS open_item_id, COALESCE(l.unit_price_fen, 0) AS received_price_fen, n.unit_price_fen AS ordered_price_fen,
  l.tax_rate_bp, l.received, l.amount_fen - l.tax_fen AS net_fen, COALESCE(l.cleared_pieces, 0) AS cleared_pieces,
  COALESCE(l.cleared_fen, 0) AS cleared_fen`;

const TABLES = sql`receipt r JOIN receipt_line l ON l.receipt_id = r.id JOIN store st ON st.id = r.store_id
  JOIN sku k ON k.id = l.sku_id
  JOIN posting p ON p.document_type = 'purchasing.receipt' AND p.document_id = r.id AND p.kind = 'post'
  LEFT JOIN open_item i ON i.posting_id = p.id AND i.direction = 'accrued'
  LEFT JOIN purchase_order_line n ON n.id = l.order_line_id LEFT JOIN purchase_order o ON o.id = n.order_id`;

const NUMBERS = ['receivedPriceFen', 'taxRateBp', 'received', 'netFen', 'clearedPieces', 'clearedFen'] as const;

function decoded(row: ReceivedLineRow): ReceivedLineRow {
  const numbers = Object.fromEntries(NUMBERS.map((name) => [name, Number(row[name])]));
  const { orderedPriceFen } = row;
  return { ...row, ...numbers, orderedPriceFen: orderedPriceFen === null ? null : Number(orderedPriceFen) };
}

/** By id, as they stand; those of a receipt that was reversed meanwhile are absent. Lock the receipts to rely on it. */
export async function receivedLines(read: Reader, ids: readonly number[]): Promise<Map<number, ReceivedLineRow>> {
  const found = new Map<number, ReceivedLineRow>();
  for (const chunk of chunked([...new Set(ids)]))
    for (const row of await read.all<ReceivedLineRow>(
      sql`SELECT ${COLUMNS} FROM ${TABLES}
        WHERE l.id IN (${sql.list(chunk)}) AND r.state = 'posted' AND r.with_invoice = ${false}`,
    ))
      found.set(row.receiptLineId, decoded(row));
  return found;
}

/** Of which pieces, or only an amount, are left. */
const SOMETHING_LEFT: Sql = sql`(COALESCE(l.cleared_pieces, 0) < l.received
  OR COALESCE(l.cleared_fen, 0) < l.amount_fen - l.tax_fen)`;

export async function tolerance(read: Reader): Promise<Tolerance> {
  const { invoiceDifferencePercent, invoiceDifferenceYuan } = await readParameters(read);
  return { percentBp: invoiceDifferencePercent * 100, amountFen: invoiceDifferenceYuan * 100 };
}

export interface InvoicedLine {
  kind: string;
  receiptLineId: number | null;
  quantity: number;
  amountFen: number;
}

/** Each line of goods beside its receipt and order; other lines, and those whose receipt was reversed, have none. */
export function matchesOf(
  lines: readonly InvoicedLine[],
  received: ReadonlyMap<number, ReceivedLine>,
  allowed: Tolerance,
): (LineMatch | null)[] {
  return lines.map((line) => {
    const its = received.get(line.receiptLineId ?? 0);
    return its ? matchLine(its, line, allowed) : null;
  });
}

export interface ReceiptForInvoice {
  id: number;
  number: string;
  supplierId: number;
  storeId: number;
  /** What the supplier should bill for what is left of it. */
  grossFen: number;
}

/** A posted receipt of which something is without invoice, in the stores where the actor may enter one; null for others. */
export async function receiptForInvoice(
  read: Reader,
  actor: Actor,
  receiptId: number,
): Promise<ReceiptForInvoice | null> {
  const lines = await linesLeft(read, receiptId);
  const [first] = lines;
  if (!first) return null;
  const { supplierId, storeId, receiptNumber: number } = first;
  if (!can(actor, 'purchasing.invoice.edit', storeId) || !can(actor, COST_PERMISSION, storeId)) return null;
  const grossFen = lines.reduce((sum, line) => sum + expectedAmounts(line, leftOf(line).leftPieces).amountFen, 0);
  return { id: receiptId, number, supplierId, storeId, grossFen };
}

/** Lines of a receipt of which something is left. */
export async function linesLeft(read: Reader, receiptId: number): Promise<ReceivedLineRow[]> {
  const rows = await read.all<ReceivedLineRow>(
    sql`SELECT ${COLUMNS} FROM ${TABLES} WHERE r.id = ${receiptId} AND r.state = 'posted'
      AND r.with_invoice = ${false} AND ${SOMETHING_LEFT} ORDER BY l.line_no`,
  );
  return rows.map(decoded);
}
