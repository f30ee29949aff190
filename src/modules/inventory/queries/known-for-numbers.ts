import { activeNumbers, device, findByNumbers } from '../../../ledger';
import { chunked, type Reader, type Row, sql } from '../../../platform/database';
import type { NumberLine } from '../domain/number-change';
import type { KnownForNumbers, NumberedDevice } from '../domain/number-check';

/** What the check of these lines needs, in a handful of set queries whatever their number. */
export async function knownForNumbers(
  read: Reader,
  storeId: number,
  lines: readonly NumberLine[],
): Promise<KnownForNumbers> {
  const ids = [...new Set(lines.map(({ deviceId }) => deviceId))];
  const numbers = await activeNumbers(read, ids);
  const devices = new Map<number, NumberedDevice>();
  for (const chunk of chunked(ids))
    for (const row of await read.rows(device, sql`SELECT * FROM device WHERE id IN (${sql.list(chunk)})`))
      devices.set(row.id, numbered(row, numbers.get(row.id) ?? []));
  const brought = lines.flatMap(({ after }) => (after ? [after.value] : []));
  const held = brought.length === 0 ? [] : await findByNumbers(read, brought);
  return {
    storeId,
    devices,
    holders: new Map(held.filter(({ active }) => active).map(({ number, deviceId }) => [number, deviceId])),
  };
}

const numbered = (row: Row<typeof device>, numbers: NumberedDevice['numbers']): NumberedDevice => ({
  deviceId: row.id,
  state: row.state,
  bucket: row.bucket,
  storeId: row.storeId,
  numbers,
});
