import { DomainError, type FieldProblem, invalid } from '../../../kernel';
import { balancesFor, type DeviceOnBooks, devicesFor, shownNumbers, stockKeyText } from '../../../ledger';
import { chunked, type Reader, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import { storesByIds } from '../../organization';
import type { Shelf } from '../domain/pick-stock';

/** Where a device is that cannot be sold here, in words: the code of a message with its details. */
export async function whereItIs(
  read: Reader,
  row: Pick<DeviceOnBooks, 'id' | 'state' | 'bucket' | 'storeId' | 'ownership'>,
): Promise<{ code: string; details: Record<string, unknown> }> {
  const number = (await shownNumbers(read, [row.id])).get(row.id) ?? '';
  const store = row.storeId === null ? '' : ((await storesByIds(read, [row.storeId])).get(row.storeId)?.name ?? '');
  if (row.state === 'sold') {
    const sale = await read.one<{ saleNumber: string; cashierName: string }>(
      sql`SELECT s.sale_number, s.cashier_name FROM sale_line l JOIN sale s ON s.id = l.sale_id
        WHERE l.device_id = ${row.id} AND s.kind = 'sale' AND s.state = 'posted' ORDER BY s.id DESC ${sql.limit(1)}`,
    );
    return {
      code: sale ? 'sales:error.device.sold_by' : 'sales:error.device.sold',
      details: { number, store, sale: sale?.saleNumber ?? '', cashier: sale?.cashierName ?? '' },
    };
  }
  if (row.state !== 'in_stock') return { code: `sales:error.device.${row.state}`, details: { number, store } };
  if (row.ownership !== 'own') return { code: 'sales:error.device.not_own', details: { number, store } };
  if (row.bucket !== 'sellable') return { code: `sales:error.device.${row.bucket}`, details: { number, store } };
  return { code: 'sales:error.device.other_store', details: { number, store } };
}

export const isSellableIn = (
  row: Pick<DeviceOnBooks, 'state' | 'bucket' | 'storeId' | 'ownership'>,
  storeId: number,
): boolean =>
  row.state === 'in_stock' && row.bucket === 'sellable' && row.storeId === storeId && row.ownership === 'own';

/** Locks the devices of a sale. Throws 409 with a problem per device that is not for sale in this store any more. */
export async function lockSellableDevices(
  unit: Unit,
  storeId: number,
  wanted: readonly { deviceId: number; skuId: number; path: string }[],
): Promise<Map<number, DeviceOnBooks>> {
  const devices = await devicesFor(
    unit,
    wanted.map((line) => line.deviceId),
  );
  const problems: FieldProblem[] = [];
  for (const { deviceId, skuId, path } of wanted) {
    const row = devices.get(deviceId);
    if (!row || row.skuId !== skuId) problems.push({ path, code: 'sales:error.device.unknown' });
    else if (!isSellableIn(row, storeId)) problems.push({ path, ...(await whereItIs(unit, row)) });
  }
  const [first] = problems;
  if (first) throw new DomainError(first.code, { status: 409, details: first.details ?? {}, fields: problems });
  return devices;
}

/**
 * Locks what the store has for sale of goods without serial numbers, by SKU: the default location first, then the older
 * batch. Pieces that are taken are taken in this order.
 */
export async function lockShelves(
  unit: Unit,
  storeId: number,
  defaultLocationId: number,
  skuIds: readonly number[],
): Promise<Map<number, Shelf[]>> {
  const rows: { locationId: number; skuId: number; batchKey: number }[] = [];
  for (const chunk of chunked([...new Set(skuIds)]))
    rows.push(
      ...(await unit.all<(typeof rows)[number]>(
        sql`SELECT location_id, sku_id, batch_key FROM stock_balance
          WHERE store_id = ${storeId} AND bucket = 'sellable' AND sku_id IN (${sql.list(chunk)}) AND quantity > 0
          ORDER BY CASE WHEN location_id = ${defaultLocationId} THEN 0 ELSE 1 END, location_id, batch_key`,
      )),
    );
  const keys = rows.map(({ locationId, skuId, batchKey }) => ({
    locationId,
    skuId,
    batchId: batchKey === 0 ? null : batchKey,
    bucket: 'sellable' as const,
  }));
  const balances = await balancesFor(unit, keys);
  const shelves = new Map<number, Shelf[]>();
  for (const key of keys) {
    const { quantity, valueFen } = balances.get(stockKeyText(key)) ?? { quantity: 0, valueFen: 0 };
    const shelf: Shelf = { locationId: key.locationId, storeId, batchId: key.batchId, quantity, valueFen };
    shelves.set(key.skuId, [...(shelves.get(key.skuId) ?? []), shelf]);
  }
  return shelves;
}

export const notEnough = (path: string, name: string, available: number) =>
  invalid('sales:error.not_enough', { name, available }, [
    { path, code: 'sales:error.not_enough', details: { name, available } },
  ]);
