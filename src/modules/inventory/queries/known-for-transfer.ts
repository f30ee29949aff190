import { findByNumbers, shownNumbers } from '../../../ledger';
import { chunked, type Reader, sql } from '../../../platform/database';
import { skusByCodes, skusByIds } from '../../catalog';
import { locationsByIds, storesByIds } from '../../organization';
import type { KnownForTransfer, ScannedDevice, TransferScan } from '../domain/transfer-scan';
import { lastDeviceSeq, openOf } from '../store/transfer.store';
import type { TransferLineRow, TransferRow } from '../store/transfer.table';

/** Everything the check of these scans needs, in a handful of set queries whatever their number. */
export async function knownForTransfer(
  read: Reader,
  row: TransferRow,
  lines: readonly TransferLineRow[],
  scans: readonly TransferScan[],
): Promise<KnownForTransfer> {
  const numbers = [...new Set(scans.flatMap(({ identifiers }) => identifiers.map(({ value }) => value)))];
  const devices = await devicesByNumber(read, numbers);
  const ids = [...new Set([...devices.values()].map(({ deviceId }) => deviceId))];
  // An IMEI is never a product's code; looking it up would cost a query per scan.
  const texts = scans
    .filter(({ identifiers, text }) => text.length <= 60 && identifiers.every(({ kind }) => kind === 'sn'))
    .map(({ text }) => text);
  const products = texts.length > 0 ? await skusByCodes(read, texts) : new Map<string, never>();
  const cards = await skusByIds(read, [
    ...lines.map(({ skuId }) => skuId),
    ...[...devices.values()].map(({ skuId }) => skuId),
  ]);
  return {
    fromLocationId: row.fromLocationId,
    lines: lines.map((line) => ({
      id: line.id,
      lineNo: line.lineNo,
      skuId: line.skuId,
      skuName: cards.get(line.skuId)?.name ?? '',
      serial: cards.get(line.skuId)?.tracking === 'serial',
      quantity: line.quantity,
      picked: line.picked,
      open: openOf(line),
      counted: line.counted,
    })),
    devices,
    own: await ownDevices(read, row.id, ids),
    elsewhere: row.state === 'sent' ? new Map() : await pickedElsewhere(read, row.id, ids),
    products: new Map(
      [...products].map(([text, { id, name, tracking }]) => [
        text,
        { skuId: id, name, serial: tracking === 'serial', service: tracking === 'service' },
      ]),
    ),
    skuNames: new Map([...cards].map(([id, { name }]) => [id, name])),
    grows: row.state === 'draft',
    nextSeq: (await lastDeviceSeq(read, row.id)) + 1,
  };
}

/** Active numbers → the device, with where the books say that it is. */
async function devicesByNumber(read: Reader, numbers: readonly string[]): Promise<Map<string, ScannedDevice>> {
  const held = (await findByNumbers(read, numbers)).filter(({ active }) => active);
  const ids = (values: readonly (number | null)[]): number[] => values.filter((id) => id !== null);
  const stores = await storesByIds(read, ids(held.map(({ storeId }) => storeId)));
  const locations = await locationsByIds(read, ids(held.map(({ locationId }) => locationId)));
  const shown = await shownNumbers(
    read,
    held.map(({ deviceId }) => deviceId),
  );
  return new Map(
    held.map(({ number, deviceId, skuId, state, storeId, locationId, bucket }) => [
      number,
      {
        deviceId,
        mainNumber: shown.get(deviceId) ?? number,
        skuId,
        state,
        locationId,
        bucket,
        place: [stores.get(storeId ?? 0)?.name, locations.get(locationId ?? 0)?.name].filter(Boolean).join(' '),
      },
    ]),
  );
}

async function ownDevices(
  read: Reader,
  transferId: number,
  deviceIds: readonly number[],
): Promise<Map<number, { seq: number; lineId: number; onTheWay: boolean; arrived: boolean; ended: boolean }>> {
  const own = new Map<number, { seq: number; lineId: number; onTheWay: boolean; arrived: boolean; ended: boolean }>();
  for (const chunk of chunked(deviceIds)) {
    const rows = await read.all<{
      deviceId: number;
      seq: number;
      lineId: number;
      state: string;
      arrivedAt: number | null;
    }>(
      sql`SELECT device_id, seq, line_id, state, arrived_at FROM transfer_device
        WHERE transfer_id = ${transferId} AND device_id IN (${sql.list(chunk)})`,
    );
    for (const { deviceId, seq, lineId, state, arrivedAt } of rows)
      own.set(deviceId, {
        seq,
        lineId,
        onTheWay: state === 'sent',
        arrived: state === 'sent' && arrivedAt !== null,
        ended: state === 'received' || state === 'returned' || state === 'lost',
      });
  }
  return own;
}

async function pickedElsewhere(
  read: Reader,
  transferId: number,
  deviceIds: readonly number[],
): Promise<Map<number, { transferId: number; number: string }>> {
  const found = new Map<number, { transferId: number; number: string }>();
  for (const chunk of chunked(deviceIds)) {
    const rows = await read.all<{ deviceId: number; transferId: number; number: string }>(
      sql`SELECT d.device_id, t.id AS transfer_id, t.number FROM transfer_device d JOIN transfer t ON t.id = d.transfer_id
        WHERE d.device_id IN (${sql.list(chunk)}) AND d.state = 'picked' AND t.id <> ${transferId}
          AND t.state IN ('draft', 'requested', 'approved')`,
    );
    for (const { deviceId, ...other } of rows) found.set(deviceId, other);
  }
  return found;
}
