import { DomainError, fen, notFound } from '../../../kernel';
import { chunked, decodeRow, type Reader, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import { lineAmounts, receiptTotals } from '../domain/receipt-amounts';
import { receiptMachine } from '../domain/receipt-state';
import {
  receipt,
  receiptDevice,
  type ReceiptDeviceRow,
  receiptLine,
  type ReceiptLineRow,
  type ReceiptRow,
} from './receipt.table';

/** Throws 404 when there is no such receipt. */
export async function getReceipt(read: Reader, id: number): Promise<ReceiptRow> {
  const found = await read.get(receipt, id);
  if (!found) throw notFound('purchasing.receipt', id);
  return found;
}

/** Locks the receipt until the end of the unit and reads it afterwards: two who change it go one after the other. */
export async function lockReceipt(unit: Unit, id: number): Promise<ReceiptRow> {
  await unit.lock(receipt, [id]);
  return getReceipt(unit, id);
}

/** Throws 409 when it is in the books by now. */
export function assertDraft(row: ReceiptRow): void {
  if (receiptMachine.can(row.state, 'post')) return;
  throw new DomainError('purchasing:error.not_a_draft', { status: 409, details: { number: row.number } });
}

export async function linesOf(read: Reader, receiptId: number): Promise<ReceiptLineRow[]> {
  const rows = await read.all<Record<string, unknown>>(
    sql`SELECT * FROM receipt_line WHERE receipt_id = ${receiptId} ORDER BY line_no`,
  );
  return rows.map((row) => decodeRow(receiptLine, row));
}

export async function devicesOf(read: Reader, receiptId: number): Promise<ReceiptDeviceRow[]> {
  const rows = await read.all<Record<string, unknown>>(
    sql`SELECT * FROM receipt_device WHERE receipt_id = ${receiptId} ORDER BY seq`,
  );
  return rows.map((row) => decodeRow(receiptDevice, row));
}

/** Devices of each line. */
export async function deviceCounts(read: Reader, receiptId: number): Promise<Map<number, number>> {
  const rows = await read.all<{ lineId: number; devices: number }>(
    sql`SELECT line_id, COUNT(*) AS devices FROM receipt_device WHERE receipt_id = ${receiptId} GROUP BY line_id`,
  );
  return new Map(rows.map((row) => [row.lineId, Number(row.devices)]));
}

/** Writes changed counts of lines with the amounts that follow from them; returns all lines as they are now. */
export async function writeReceived(
  unit: Unit,
  lines: readonly ReceiptLineRow[],
  received: ReadonlyMap<number, number>,
): Promise<ReceiptLineRow[]> {
  const now: ReceiptLineRow[] = [];
  for (const line of lines) {
    const count = received.get(line.id) ?? line.received;
    if (count === line.received) {
      now.push(line);
      continue;
    }
    const quantity = line.countsScans ? count : line.quantity;
    const changes = { received: count, quantity, ...lineAmounts({ ...line, received: count }) };
    await unit.update(receiptLine, line.id, changes);
    now.push({ ...line, ...changes });
  }
  return now;
}

/** Writes the sums of the lines and raises the version. Call once, after everything else of a change. */
export async function writeTotals(
  unit: Unit,
  row: ReceiptRow,
  lines: readonly ReceiptLineRow[],
  changes: Partial<ReceiptRow> = {},
): Promise<void> {
  const totals = receiptTotals(lines.map((line) => ({ ...line, amountFen: fen(line.amountFen) })));
  await unit.update(receipt, row.id, { ...totals, ...changes }, row.version);
}

/** Tells the rows of a posted receipt which devices they became: a statement per 500. */
export async function writeDeviceIds(unit: Unit, deviceIds: ReadonlyMap<number, number>): Promise<void> {
  for (const chunk of chunked([...deviceIds])) {
    const cases = chunk.map(([rowId, deviceId]) => sql`WHEN ${rowId} THEN ${deviceId}`);
    await unit.execute(
      sql`UPDATE receipt_device SET device_id = CASE id ${sql.join(cases, ' ')} END
        WHERE id IN (${sql.list(chunk.map(([rowId]) => rowId))})`,
    );
  }
}
