import { DomainError, type FieldProblem, invalid } from '../../../kernel';
import { balancesFor, type DeviceOnBooks, devicesFor, shownNumbers, stockKeyText } from '../../../ledger';
import { chunked, type Reader, type Sql, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import { type ConsignedTerms, withAgreedCosts } from '../../inventory';
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
  if (!isOurs(row)) return { code: 'sales:error.device.not_own', details: { number, store } };
  if (row.bucket !== 'sellable') return { code: `sales:error.device.${row.bucket}`, details: { number, store } };
  return { code: 'sales:error.device.other_store', details: { number, store } };
}

export const isSellableIn = (
  row: Pick<DeviceOnBooks, 'state' | 'bucket' | 'storeId' | 'ownership'>,
  storeId: number,
): boolean => row.state === 'in_stock' && row.bucket === 'sellable' && row.storeId === storeId && isOurs(row);

/** What suppliers left here to be sold (代销) is sold as our own is; what was borrowed is not. */
const isOurs = ({ ownership }: Pick<DeviceOnBooks, 'ownership'>): boolean =>
  ownership === 'own' || ownership === 'consigned';

/** A device as a sale takes it. One on consignment costs what was agreed with its supplier; until then it has no value. */
export type SellableDevice = DeviceOnBooks & { consigned?: ConsignedTerms };

/** Locks the devices of a sale. Throws 409 with a problem per device that is not for sale in this store any more. */
export async function lockSellableDevices(
  unit: Unit,
  storeId: number,
  wanted: readonly { deviceId: number; skuId: number; path: string }[],
): Promise<Map<number, SellableDevice>> {
  const locked = await devicesFor(
    unit,
    wanted.map((line) => line.deviceId),
  );
  const agreed = await withAgreedCosts(unit, [...locked.values()]);
  const devices = new Map(agreed.map((row) => [row.id, row]));
  const problems: FieldProblem[] = [];
  for (const { deviceId, skuId, path } of wanted) {
    const row = devices.get(deviceId);
    if (!row || row.skuId !== skuId) problems.push({ path, code: 'sales:error.device.unknown' });
    else if (!isSellableIn(row, storeId)) problems.push({ path, ...(await whereItIs(unit, row)) });
    else if (row.ownership === 'consigned' && !row.consigned)
      problems.push({ path, ...(await whereItIs(unit, { ...row, ownership: 'customer' })) });
  }
  const [first] = problems;
  if (first) throw new DomainError(first.code, { status: 409, details: first.details ?? {}, fields: problems });
  return devices;
}

/** A batch may be sold on its last day; `bt` is the balance's batch. */
export const notExpired = (today: string): Sql => sql`(bt.expires_on IS NULL OR bt.expires_on >= ${today})`;

/** Pieces of each SKU on the store's shelves that have expired: why there seem to be more than may be sold. */
export async function expiredPieces(
  read: Reader,
  storeId: number,
  skuIds: readonly number[],
  today: string,
): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  for (const chunk of chunked([...new Set(skuIds)])) {
    const rows = await read.all<{ skuId: number; pieces: number }>(
      sql`SELECT b.sku_id, SUM(b.quantity) AS pieces FROM stock_balance b JOIN batch bt ON bt.id = b.batch_key
        WHERE b.store_id = ${storeId} AND b.bucket = 'sellable' AND b.sku_id IN (${sql.list(chunk)})
          AND bt.expires_on < ${today} GROUP BY b.sku_id`,
    );
    for (const row of rows) found.set(row.skuId, Number(row.pieces));
  }
  return found;
}

/** A balance with pieces for sale, by its key. */
export interface ShelfPlace {
  locationId: number;
  skuId: number;
  batchKey: number;
}

/**
 * Where the store has goods without serial numbers for sale: first what expires first, then the older batch, then the default
 * location. What has expired is not for sale.
 */
export async function shelvesOf(
  unit: Unit,
  { store, location }: { store: { id: number }; location: { id: number } },
  skuIds: readonly number[],
): Promise<ShelfPlace[]> {
  const places: (ShelfPlace & Lot)[] = [];
  for (const chunk of chunked([...new Set(skuIds)]))
    places.push(
      ...(await unit.all<ShelfPlace & Lot>(
        sql`SELECT b.location_id, b.sku_id, b.batch_key, bt.expires_on, bt.received_on
          FROM stock_balance b LEFT JOIN batch bt ON bt.id = b.batch_key
          WHERE b.store_id = ${store.id} AND b.bucket = 'sellable' AND b.sku_id IN (${sql.list(chunk)}) AND b.quantity > 0
            AND ${notExpired(unit.today)}`,
      )),
    );
  // Put in order here: the database would do it in a table of its own, for each sale.
  const elsewhere = ({ locationId }: ShelfPlace): number => (locationId === location.id ? 0 : 1);
  return places.sort(
    (a, b) =>
      compareTexts(a.expiresOn ?? NEVER, b.expiresOn ?? NEVER) ||
      compareTexts(a.receivedOn ?? '', b.receivedOn ?? '') ||
      a.batchKey - b.batchKey ||
      elsewhere(a) - elsewhere(b) ||
      a.locationId - b.locationId,
  );
}

/** Of a batch; goods without one have neither. */
interface Lot {
  expiresOn: string | null;
  receivedOn: string | null;
}

const NEVER = '9999-12-31';

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Locks these balances, by SKU. Pieces that are taken are taken in the order of the places. */
export async function lockShelves(
  unit: Unit,
  storeId: number,
  places: readonly ShelfPlace[],
): Promise<Map<number, Shelf[]>> {
  const keys = places.map(({ locationId, skuId, batchKey }) => ({
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

export function notEnough(path: string, name: string, available: number, expired: number) {
  const code = expired > 0 ? 'sales:error.not_enough_expired' : 'sales:error.not_enough';
  const details = { name, available, ...(expired > 0 ? { expired } : {}) };
  return invalid(code, details, [{ path, code, details }]);
}
