import { device, findByNumbers, shownNumbers } from '../../../ledger';
import { chunked, type Reader, sql } from '../../../platform/database';
import { type Actor, can } from '../../../platform/permissions';
import { skusByIds } from '../../catalog';
import { locationsByIds, storesByIds } from '../../organization';
import type { KnownForReturn, ReturnableDevice, ReturnScan } from '../domain/return-scan';
import type { ReturnRow } from '../store/return.table';
import { supplierNames } from './supplier-names';

export const FOREIGN_RETURNS = 'purchasing.return.other-supplier';

/** Everything the check of these scans needs, in a handful of set queries whatever their number. */
export async function knownForReturn(
  read: Reader,
  actor: Actor,
  row: ReturnRow,
  scans: readonly ReturnScan[],
): Promise<KnownForReturn> {
  const numbers = [...new Set(scans.flatMap(({ identifiers }) => identifiers.map(({ value }) => value)))];
  const held = (await findByNumbers(read, numbers)).filter(({ active }) => active);
  const ids = [...new Set(held.map(({ deviceId }) => deviceId))];
  const devices = await returnableDevices(read, row.locationId, ids);
  const last = await read.one<{ last: number | null }>(
    sql`SELECT MAX(seq) AS last FROM purchase_return_device WHERE return_id = ${row.id}`,
  );
  const { own, elsewhere } = await drafts(read, row.id, ids);
  return {
    supplierId: row.supplierId,
    devices: new Map(
      held.flatMap(({ number, deviceId }) => {
        const found = devices.get(deviceId);
        return found ? [[number, found] as const] : [];
      }),
    ),
    own,
    elsewhere,
    mayForeign: can(actor, FOREIGN_RETURNS, row.storeId),
    nextSeq: Number(last?.last ?? 0) + 1,
  };
}

/** Devices with where they are, who they came from and what they cost there. */
async function returnableDevices(
  read: Reader,
  locationId: number,
  ids: readonly number[],
): Promise<Map<number, ReturnableDevice>> {
  const found = new Map<number, ReturnableDevice>();
  const shown = await shownNumbers(read, ids);
  for (const chunk of chunked(ids)) {
    const rows = await read.rows(device, sql`SELECT * FROM device WHERE id IN (${sql.list(chunk)})`);
    const bought = await purchasesOf(read, chunk);
    const made = await madeGoodOf(read, chunk);
    const cards = await skusByIds(
      read,
      rows.map(({ skuId }) => skuId),
    );
    const present = (values: readonly (number | null)[]): number[] => values.filter((id) => id !== null);
    const stores = await storesByIds(read, present(rows.map(({ storeId }) => storeId)));
    const locations = await locationsByIds(read, present(rows.map((one) => one.locationId)));
    const suppliers = await supplierNames(read, present(rows.map(({ supplierId }) => supplierId)));
    for (const row of rows) {
      const purchase = bought.get(row.id);
      const its = purchase && purchase.supplierId === row.supplierId ? purchase : undefined;
      found.set(row.id, {
        deviceId: row.id,
        mainNumber: shown.get(row.id) ?? '',
        skuId: row.skuId,
        skuName: cards.get(row.skuId)?.name ?? '',
        state: row.state,
        here: row.state === 'in_stock' && row.locationId === locationId,
        own: row.ownership === 'own',
        place: [stores.get(row.storeId ?? 0)?.name, locations.get(row.locationId ?? 0)?.name].filter(Boolean).join(' '),
        supplierId: row.supplierId,
        supplierName: suppliers.get(row.supplierId ?? 0) ?? '',
        boughtFen:
          its === undefined || its.unitPriceFen === null
            ? null
            : Math.max(0, its.unitPriceFen - (made.get(row.id) ?? 0)),
        taxRateBp: its?.taxRateBp ?? cards.get(row.skuId)?.taxRateBp ?? 0,
      });
    }
  }
  return found;
}

interface Purchase {
  supplierId: number;
  unitPriceFen: number | null;
  taxRateBp: number;
}

/** The last posted receipt of each device. */
async function purchasesOf(read: Reader, deviceIds: readonly number[]): Promise<Map<number, Purchase>> {
  const rows = await read.all<Purchase & { deviceId: number }>(
    sql`SELECT d.device_id, r.supplier_id, l.unit_price_fen, l.tax_rate_bp
      FROM receipt_device d JOIN receipt_line l ON l.id = d.line_id JOIN receipt r ON r.id = d.receipt_id
      WHERE d.device_id IN (${sql.list(deviceIds)}) AND r.state = 'posted' ORDER BY d.id`,
  );
  return new Map(rows.map(({ deviceId, ...purchase }) => [deviceId, purchase]));
}

/** What the supplier made good of each device's price since it was bought (价保): not owed again when the device goes back. */
async function madeGoodOf(read: Reader, deviceIds: readonly number[]): Promise<Map<number, number>> {
  const rows = await read.all<{ deviceId: number; agreedFen: number }>(
    sql`SELECT d.device_id, SUM(d.agreed_fen) AS agreed_fen FROM price_protection_device d
        JOIN price_protection o ON o.id = d.claim_id JOIN device v ON v.id = d.device_id
      WHERE d.device_id IN (${sql.list(deviceIds)}) AND o.state IN ('agreed', 'credited')
        AND o.supplier_id = v.supplier_id AND NOT EXISTS (SELECT c.id FROM receipt_device c
          JOIN receipt r ON r.id = c.receipt_id
          WHERE c.device_id = d.device_id AND r.state = 'posted' AND r.posted_at > o.agreed_at)
      GROUP BY d.device_id`,
  );
  return new Map(rows.map(({ deviceId, agreedFen }) => [deviceId, Number(agreedFen)]));
}

/** Which of the devices stand in this return already, and which in other drafts. */
async function drafts(
  read: Reader,
  returnId: number,
  deviceIds: readonly number[],
): Promise<{ own: Map<number, number>; elsewhere: Map<number, string> }> {
  const own = new Map<number, number>();
  const elsewhere = new Map<number, string>();
  for (const chunk of chunked(deviceIds)) {
    const rows = await read.all<{ deviceId: number; returnId: number; seq: number; number: string }>(
      sql`SELECT d.device_id, d.return_id, d.seq, r.number FROM purchase_return_device d
          JOIN purchase_return r ON r.id = d.return_id
        WHERE d.device_id IN (${sql.list(chunk)}) AND r.state = 'draft'`,
    );
    for (const row of rows)
      if (row.returnId === returnId) own.set(row.deviceId, row.seq);
      else elsewhere.set(row.deviceId, row.number);
  }
  return { own, elsewhere };
}
