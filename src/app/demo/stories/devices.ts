import { type Bucket, shownNumbers } from '../../../ledger';
import { type Reader, sql } from '../../../platform/database';
import type { DemoStore } from '../company';

export interface StockedDevice {
  id: number;
  skuId: number;
  supplierId: number | null;
}

/** The store's own devices in this state of stock without a price of their own, those that have been there longest first. */
export async function devicesIn(
  read: Reader,
  store: DemoStore,
  bucket: Bucket,
  most: number,
): Promise<StockedDevice[]> {
  const rows = await read.all<StockedDevice>(
    sql`SELECT id, sku_id, supplier_id FROM device
      WHERE location_id = ${store.locationId} AND state = 'in_stock' AND bucket = ${bucket} AND price_fen IS NULL AND ownership = 'own'
      ORDER BY id ${sql.limit(most)}`,
  );
  return rows;
}

/** The same, but each of another product: what a store can spare. */
export async function oneOfEach(
  read: Reader,
  store: DemoStore,
  { most, skip = 0 }: { most: number; skip?: number },
): Promise<StockedDevice[]> {
  const seen = new Set<number>();
  const each = (await devicesIn(read, store, 'sellable', 400)).filter(
    ({ skuId }) => !seen.has(skuId) && seen.add(skuId),
  );
  return each.slice(skip, skip + most);
}

/** Their numbers as a scanner would give them. */
export async function numbersOf(read: Reader, devices: readonly { id: number }[]): Promise<string[]> {
  const ids = devices.map(({ id }) => id);
  const numbers = await shownNumbers(read, ids);
  return ids.map((id) => numbers.get(id) ?? '');
}
