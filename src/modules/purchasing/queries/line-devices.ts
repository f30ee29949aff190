import { chunked, type Reader, sql } from '../../../platform/database';

/** Devices that came with these receipt lines, by line, in the order of scanning; `last`: none of its later receipts counts. */
export async function devicesOfLines(
  read: Reader,
  receiptLineIds: readonly number[],
): Promise<Map<number, { deviceId: number; last: boolean }[]>> {
  const found = new Map<number, { deviceId: number; last: boolean }[]>();
  for (const chunk of chunked([...new Set(receiptLineIds)]))
    for (const { lineId, deviceId, later } of await read.all<{
      lineId: number;
      deviceId: number;
      later: number | null;
    }>(
      sql`SELECT d.line_id, d.device_id, (SELECT MAX(x.id) FROM receipt_device x JOIN receipt y ON y.id = x.receipt_id
            WHERE x.device_id = d.device_id AND y.state = 'posted' AND x.id > d.id) AS later
        FROM receipt_device d WHERE d.line_id IN (${sql.list(chunk)}) AND d.device_id IS NOT NULL
        ORDER BY d.line_id, d.seq`,
    )) {
      const its = found.get(lineId) ?? [];
      its.push({ deviceId, last: later === null });
      found.set(lineId, its);
    }
  return found;
}

/** The posting that sold each of these devices last. */
export async function salesOfDevices(read: Reader, deviceIds: readonly number[]): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  for (const chunk of chunked(deviceIds))
    for (const { deviceId, postingId } of await read.all<{ deviceId: number; postingId: number }>(
      sql`SELECT e.device_id, e.posting_id FROM device_event e
        WHERE e.device_id IN (${sql.list(chunk)}) AND e.to_state = 'sold' ORDER BY e.device_id, e.seq`,
    ))
      found.set(deviceId, postingId);
  return found;
}

/** Pieces of these receipt lines that went back to the supplier before an invoice came. */
export async function returnedUninvoiced(
  read: Reader,
  receiptLineIds: readonly number[],
): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  for (const chunk of chunked([...new Set(receiptLineIds)]))
    for (const { receiptLineId, pieces } of await read.all<{ receiptLineId: number; pieces: number }>(
      sql`SELECT c.receipt_line_id, SUM(c.pieces) AS pieces FROM receipt_clearing c
          JOIN purchase_return o ON o.id = c.document_id AND o.state = 'posted'
        WHERE c.document_type = 'purchasing.return' AND c.receipt_line_id IN (${sql.list(chunk)})
        GROUP BY c.receipt_line_id`,
    ))
      found.set(receiptLineId, Number(pieces));
  return found;
}
