import { chunked, decodeRow, type Row, sql, type Transaction } from '../platform/database';
import type { DevicePlace, StockKey } from './posting';
import { device, openItem, stockBalance } from './tables';

export type DeviceOnBooks = Row<typeof device>;
export type OpenItemOnBooks = Row<typeof openItem>;
export type BalanceOnBooks = Row<typeof stockBalance>;

/** What a document's pure function sees of a balance; nothing there is 0 and 0. */
export interface StockOnBooks {
  quantity: number;
  valueFen: number;
}

/** Rows that this transaction has locked: read once, used by the document and then by the writer. */
export interface Held {
  devices: Map<number, DeviceOnBooks>;
  balances: Map<string, BalanceOnBooks>;
  openItems: Map<number, OpenItemOnBooks>;
  /** Months that are open and stay so until this transaction ends. */
  months: Set<string>;
  /** Some stock was frozen (see freezes.ts) when the period was read. */
  frozen: boolean;
}

const holdings = new WeakMap<Transaction, Held>();

export function heldBy(tx: Transaction): Held {
  let held = holdings.get(tx);
  if (!held)
    holdings.set(
      tx,
      (held = {
        devices: new Map(),
        balances: new Map(),
        openItems: new Map(),
        months: new Set(),
        frozen: false,
      }),
    );
  return held;
}

export const stockKeyText = (key: StockKey): string =>
  `${key.locationId}/${key.skuId}/${key.batchId ?? 0}/${key.bucket}`;

const balanceKeyText = (row: BalanceOnBooks): string => `${row.locationId}/${row.skuId}/${row.batchKey}/${row.bucket}`;

export function placeOf(row: DeviceOnBooks): DevicePlace {
  const { state, storeId, locationId, bucket, ownership } = row;
  return { state, storeId, locationId, bucket, ownership };
}

/**
 * Locks devices in ascending order of id and reads them; unknown ids are absent from the answer. Call it before
 * `balancesFor` and before anything is written, so that two units never wait for each other.
 */
export async function devicesFor(tx: Transaction, ids: readonly number[]): Promise<Map<number, DeviceOnBooks>> {
  const held = heldBy(tx).devices;
  const missing = ids.filter((id) => !held.has(id));
  for (const row of await tx.lockRows(device, missing)) held.set(row.id, row);
  return pick(held, ids);
}

/** Locks open items in ascending order of id and reads them; unknown ids are absent from the answer. */
export async function openItemsFor(tx: Transaction, ids: readonly number[]): Promise<Map<number, OpenItemOnBooks>> {
  const held = heldBy(tx).openItems;
  const missing = ids.filter((id) => !held.has(id));
  for (const row of await tx.lockRows(openItem, missing)) held.set(row.id, row);
  return pick(held, ids);
}

/**
 * Locks balances and reads them, by `stockKeyText`; one that does not exist yet is 0 and 0. The balances of the devices
 * locked before are locked along with them, so that all balances of a document are taken in one ascending order.
 */
export async function balancesFor(tx: Transaction, keys: readonly StockKey[]): Promise<Map<string, StockOnBooks>> {
  const held = heldBy(tx);
  const wanted = new Map(keys.map((key) => [stockKeyText(key), key]));
  for (const { locationId, skuId, bucket } of held.devices.values()) {
    if (locationId === null || bucket === null) continue;
    const key = { locationId, skuId, batchId: null, bucket };
    wanted.set(stockKeyText(key), key);
  }
  await lockBalances(tx, [...wanted.values()]);
  return new Map(
    keys.map((key) => {
      const text = stockKeyText(key);
      const { quantity, valueFen } = held.balances.get(text) ?? { quantity: 0, valueFen: 0 };
      return [text, { quantity, valueFen }];
    }),
  );
}

/** Locks those of the balances that exist and puts them among the held rows. */
export async function lockBalances(tx: Transaction, keys: readonly StockKey[]): Promise<void> {
  const held = heldBy(tx).balances;
  const missing = new Map(keys.map((key) => [stockKeyText(key), key]));
  for (const text of missing.keys()) if (held.has(text)) missing.delete(text);
  if (missing.size === 0) return;
  const known = balanceIds(tx);
  const unknown = [...missing].filter(([text]) => !known.has(text)).map(([, key]) => key);
  await learnBalanceIds(tx, known, unknown);
  if (await take()) return;
  // An id in memory was wrong (its row was rolled back): ask the database for all of them.
  await learnBalanceIds(tx, known, [...missing.values()]);
  await take();

  async function take(): Promise<boolean> {
    const ids = [...missing.keys()].map((text) => known.get(text)).filter((id) => id !== undefined);
    const rows = await tx.lockRows(stockBalance, ids);
    for (const row of rows) {
      held.set(balanceKeyText(row), row);
      missing.delete(balanceKeyText(row));
    }
    for (const text of missing.keys()) known.delete(text);
    return rows.length === ids.length;
  }
}

const BALANCE_IDS = Symbol('ids of stock balances');
const MOST_IDS_IN_MEMORY = 50_000;

/** Key → id. A balance row never goes and never changes its key, so its id may be remembered. */
function balanceIds(tx: Transaction): Map<string, number> {
  let known = tx.memory.get(BALANCE_IDS) as Map<string, number> | undefined;
  if (!known) tx.memory.set(BALANCE_IDS, (known = new Map()));
  if (known.size > MOST_IDS_IN_MEMORY) known.clear();
  return known;
}

async function learnBalanceIds(tx: Transaction, known: Map<string, number>, keys: readonly StockKey[]): Promise<void> {
  for (const chunk of chunked(keys, 100)) {
    const matches = chunk.map(
      ({ locationId, skuId, batchId, bucket }) =>
        sql`(location_id = ${locationId} AND sku_id = ${skuId} AND batch_key = ${batchId ?? 0} AND bucket = ${bucket})`,
    );
    const rows = await tx.all<Record<string, unknown>>(
      sql`SELECT * FROM stock_balance WHERE ${sql.join(matches, ' OR ')}`,
    );
    for (const raw of rows) {
      const row = decodeRow(stockBalance, raw);
      known.set(balanceKeyText(row), row.id);
    }
  }
}

function pick<V>(all: Map<number, V>, ids: readonly number[]): Map<number, V> {
  const found = new Map<number, V>();
  for (const id of ids) {
    const row = all.get(id);
    if (row !== undefined) found.set(id, row);
  }
  return found;
}
