import { addDays, type BusinessDate, daysBetween } from '../../../kernel';
import { type Reader, type Sql, sql } from '../../../platform/database';
import { type Actor, inScope } from '../../../platform/permissions';
import { VIEW_ORDERS } from './order-list';

export interface ScorePeriod {
  from: BusinessDate;
  to: BusinessDate;
  today: BusinessDate;
  /** Of this store alone. */
  storeId: number | null;
  supplierId: number | null;
}

const EXPECTED = sql`COALESCE(l.expected_on, o.expected_on)`;

/** Lines that should have come in the period: those whose day has passed, and those that are there already. */
const due = (actor: Actor, { from, to, today, storeId, supplierId }: ScorePeriod): Sql =>
  sql.all([
    sql`o.state IN ('approved', 'partial', 'received', 'closed') AND ${EXPECTED} >= ${from} AND ${EXPECTED} <= ${to}
      AND (${EXPECTED} < ${today} OR l.received + l.given_up >= l.quantity)`,
    inScope('l.store_id', actor.scope(VIEW_ORDERS)),
    storeId !== null && sql`l.store_id = ${storeId}`,
    supplierId !== null && sql`o.supplier_id = ${supplierId}`,
  ]);

/** What came of each of them by its day. */
const inTime = (actor: Actor, period: ScorePeriod): Sql =>
  sql`(SELECT rl.order_line_id, SUM(rl.received) AS pieces FROM purchase_order o
      JOIN purchase_order_line l ON l.order_id = o.id JOIN receipt_line rl ON rl.order_line_id = l.id
      JOIN receipt r ON r.id = rl.receipt_id
    WHERE ${due(actor, period)} AND r.state = 'posted' AND r.business_date <= ${EXPECTED} GROUP BY rl.order_line_id)`;

const ON_TIME = sql`CASE WHEN t.pieces IS NULL THEN 0 WHEN t.pieces > l.quantity THEN l.quantity ELSE t.pieces END`;
const SHORT = sql`CASE WHEN l.received < l.quantity THEN l.quantity - l.received ELSE 0 END`;

export interface DueSum {
  supplierId: number;
  lines: number;
  quantity: number;
  onTime: number;
  short: number;
}

/** By supplier: pieces that were due, came by their day, and never came. */
export async function dueSums(read: Reader, actor: Actor, period: ScorePeriod): Promise<DueSum[]> {
  const rows = await read.all<Record<'supplierId' | 'dueLines' | 'quantity' | 'onTime' | 'shortPieces', number>>(
    sql`SELECT o.supplier_id, COUNT(*) AS due_lines, SUM(l.quantity) AS quantity, SUM(${ON_TIME}) AS on_time,
        SUM(${SHORT}) AS short_pieces
      FROM purchase_order o JOIN purchase_order_line l ON l.order_id = o.id
        LEFT JOIN ${inTime(actor, period)} t ON t.order_line_id = l.id
      WHERE ${due(actor, period)} GROUP BY o.supplier_id`,
  );
  return rows.map((row) => ({
    supplierId: row.supplierId,
    lines: Number(row.dueLines),
    quantity: Number(row.quantity),
    onTime: Number(row.onTime),
    short: Number(row.shortPieces),
  }));
}

export interface DueLine {
  orderId: number;
  number: string;
  storeName: string;
  skuCode: string;
  skuName: string;
  expectedOn: string;
  quantity: number;
  onTime: number;
  received: number;
  short: number;
}

export const MOST_ROWS = 500;

/** The rows behind the sums, what was not in time first. */
export async function dueLines(read: Reader, actor: Actor, period: ScorePeriod): Promise<DueLine[]> {
  const rows = await read.all<DueLine & { shortPieces: number }>(
    sql`SELECT o.id AS order_id, o.number, st.name AS store_name, k.code AS sku_code, k.name AS sku_name,
        ${EXPECTED} AS expected_on, l.quantity, ${ON_TIME} AS on_time, l.received, ${SHORT} AS short_pieces
      FROM purchase_order o JOIN purchase_order_line l ON l.order_id = o.id JOIN store st ON st.id = l.store_id
        JOIN sku k ON k.id = l.sku_id LEFT JOIN ${inTime(actor, period)} t ON t.order_line_id = l.id
      WHERE ${due(actor, period)} ORDER BY l.quantity - ${ON_TIME} DESC, l.id DESC ${sql.limit(MOST_ROWS)}`,
  );
  return rows.map(({ shortPieces, ...row }) => ({ ...row, onTime: Number(row.onTime), short: Number(shortPieces) }));
}

const received = (actor: Actor, from: string, { to, storeId, supplierId }: ScorePeriod): Sql =>
  sql.all([
    sql`r.state = 'posted' AND r.business_date >= ${from} AND r.business_date <= ${to}`,
    inScope('r.store_id', actor.scope(VIEW_ORDERS)),
    storeId !== null && sql`r.store_id = ${storeId}`,
    supplierId !== null && sql`r.supplier_id = ${supplierId}`,
  ]);

const BAD = sql`(d.bucket = 'defective' OR d.state = 'returned_to_supplier')`;

export interface DeviceSum {
  supplierId: number;
  devices: number;
  defective: number;
}

/** By supplier: devices received in the period, and those of them that are defective now or went back. */
export async function deviceSums(read: Reader, actor: Actor, period: ScorePeriod): Promise<DeviceSum[]> {
  const rows = await read.all<DeviceSum>(
    sql`SELECT r.supplier_id, COUNT(*) AS devices, SUM(CASE WHEN ${BAD} THEN 1 ELSE 0 END) AS defective
      FROM receipt r JOIN receipt_device rd ON rd.receipt_id = r.id JOIN device d ON d.id = rd.device_id
      WHERE ${received(actor, period.from, period)} GROUP BY r.supplier_id`,
  );
  return rows.map((row) => ({ ...row, devices: Number(row.devices), defective: Number(row.defective) }));
}

export interface DefectiveDevice {
  deviceId: number;
  mainNumber: string;
  skuName: string;
  receiptId: number;
  receiptNumber: string;
  businessDate: string;
  state: string;
}

export const defectiveDevices = (read: Reader, actor: Actor, period: ScorePeriod): Promise<DefectiveDevice[]> =>
  read.all<DefectiveDevice>(
    sql`SELECT d.id AS device_id, rd.main_number, k.name AS sku_name, r.id AS receipt_id, r.number AS receipt_number,
        r.business_date, d.state
      FROM receipt r JOIN receipt_device rd ON rd.receipt_id = r.id JOIN device d ON d.id = rd.device_id
        JOIN sku k ON k.id = d.sku_id
      WHERE ${received(actor, period.from, period)} AND ${BAD} ORDER BY d.id DESC ${sql.limit(MOST_ROWS)}`,
  );

export interface BoughtProduct {
  supplierId: number;
  skuId: number;
  skuCode: string;
  skuName: string;
  pieces: number;
  amountFen: number;
  piecesBefore: number;
  amountBeforeFen: number;
}

/** What was bought in the period and in the one of the same length before it; free goods left out. Cost: for who sees it. */
export async function boughtProducts(read: Reader, actor: Actor, period: ScorePeriod): Promise<BoughtProduct[]> {
  const before = addDays(period.from, -(daysBetween(period.from, period.to) + 1));
  const sumIf = (condition: Sql, column: 'received' | 'amount_fen'): Sql =>
    sql`SUM(CASE WHEN ${condition} THEN ${sql.perDialect(() => `l.${column}`)} ELSE 0 END)`;
  const now = sql`r.business_date >= ${period.from}`;
  const then = sql`r.business_date < ${period.from}`;
  const rows = await read.all<BoughtProduct>(
    sql`SELECT r.supplier_id, l.sku_id, k.code AS sku_code, k.name AS sku_name, ${sumIf(now, 'received')} AS pieces,
        ${sumIf(now, 'amount_fen')} AS amount_fen, ${sumIf(then, 'received')} AS pieces_before,
        ${sumIf(then, 'amount_fen')} AS amount_before_fen
      FROM receipt r JOIN receipt_line l ON l.receipt_id = r.id JOIN sku k ON k.id = l.sku_id
      WHERE ${received(actor, before, period)} AND l.unit_price_fen > 0
      GROUP BY r.supplier_id, l.sku_id, k.code, k.name ORDER BY k.name, l.sku_id, r.supplier_id`,
  );
  return rows.map((row) => ({
    ...row,
    pieces: Number(row.pieces),
    amountFen: Number(row.amountFen),
    piecesBefore: Number(row.piecesBefore),
    amountBeforeFen: Number(row.amountBeforeFen),
  }));
}

export async function supplierNames(read: Reader): Promise<Map<number, string>> {
  const rows = await read.all<{ id: number; name: string }>(sql`SELECT id, name FROM supplier ORDER BY id`);
  return new Map(rows.map(({ id, name }) => [id, name]));
}
