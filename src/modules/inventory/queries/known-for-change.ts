import { findByNumbers } from '../../../ledger';
import { chunked, type Reader, sql } from '../../../platform/database';
import { skusByCodes, skusByIds } from '../../catalog';
import { locationsByIds, storesByIds } from '../../organization';
import type { ChangeScan, DeviceToChange, KnownForChange } from '../domain/change-scan';
import type { StockChangeRow } from '../store/change.table';

/** Everything the check of these scans needs, in a handful of set queries whatever their number. */
export async function knownForChange(
  read: Reader,
  row: StockChangeRow,
  scans: readonly ChangeScan[],
): Promise<KnownForChange> {
  const numbers = [...new Set(scans.flatMap(({ identifiers }) => identifiers.map(({ value }) => value)))];
  const devices = await devicesByNumber(read, numbers);
  const ids = [...new Set([...devices.values()].map(({ deviceId }) => deviceId))];
  // An IMEI is never a product's code; looking it up would cost a query per scan.
  const texts = scans
    .filter(({ identifiers, text }) => text.length <= 60 && identifiers.every(({ kind }) => kind === 'sn'))
    .map(({ text }) => text);
  const products = texts.length > 0 ? await skusByCodes(read, texts) : new Map<string, never>();
  return {
    locationId: row.locationId,
    effect: row.effect,
    devices,
    own: await ownDevices(read, row.id, ids),
    picked: await pickedDevices(read, ids),
    goods: new Set(products.keys()),
  };
}

async function devicesByNumber(read: Reader, numbers: readonly string[]): Promise<Map<string, DeviceToChange>> {
  const held = (await findByNumbers(read, numbers)).filter(({ active }) => active);
  const known = (ids: readonly (number | null)[]): number[] => ids.filter((id) => id !== null);
  const stores = await storesByIds(read, known(held.map(({ storeId }) => storeId)));
  const locations = await locationsByIds(read, known(held.map(({ locationId }) => locationId)));
  const cards = await skusByIds(
    read,
    held.map(({ skuId }) => skuId),
  );
  return new Map(
    held.map(({ number, deviceId, skuId, state, bucket, ownership, storeId, locationId }) => [
      number,
      {
        deviceId,
        skuId,
        name: cards.get(skuId)?.name ?? '',
        state,
        bucket,
        ownership,
        locationId,
        place: [stores.get(storeId ?? 0)?.name, locations.get(locationId ?? 0)?.name].filter(Boolean).join(' '),
      },
    ]),
  );
}

async function ownDevices(
  read: Reader,
  changeId: number,
  deviceIds: readonly number[],
): Promise<Map<number, string | null>> {
  const own = new Map<number, string | null>();
  for (const chunk of chunked(deviceIds))
    for (const { deviceId, scanKey } of await read.all<{ deviceId: number; scanKey: string | null }>(
      sql`SELECT device_id, scan_key FROM stock_change_line WHERE change_id = ${changeId} AND device_id IN (${sql.list(chunk)})`,
    ))
      own.set(deviceId, scanKey);
  return own;
}

/** Devices picked for transfers that have not left → the number of the transfer. */
export async function pickedDevices(read: Reader, deviceIds: readonly number[]): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  for (const chunk of chunked(deviceIds))
    for (const { deviceId, number } of await read.all<{ deviceId: number; number: string }>(
      sql`SELECT d.device_id, t.number FROM transfer_device d JOIN transfer t ON t.id = d.transfer_id
        WHERE d.device_id IN (${sql.list(chunk)}) AND d.state = 'picked' AND t.state IN ('draft', 'requested', 'approved')`,
    ))
      found.set(deviceId, number);
  return found;
}
