import { type BusinessDate, completeImei } from '../../kernel';
import type { KeyRing } from '../../platform/crypto';
import { type Database, type Reader, sql } from '../../platform/database';
import { createUnitOfWork, type UnitOfWork } from '../../platform/unit-of-work';
import type { DemoCompany, DemoStore } from './company';
import { createRandom, type Random } from './random';

/** A device that may be sold. */
export interface Held {
  id: number;
  /** Its own; null: the price list's. */
  priceFen: number | null;
}

/** What a store has to sell, as the simulation knows it; the books decide. */
export interface Shelf {
  /**
   * The store's own: what happens there must not depend on how the stores, which trade at the same time, happen to come to
   * their turn.
   */
  random: Random;
  /** By SKU, in the order they came. */
  devices: Map<number, Held[]>;
  goods: Map<number, number>;
}

/** What every part of the simulation works with. */
export interface Market {
  database: Database;
  company: DemoCompany;
  random: Random;
  timeZone: string;
  keys: KeyRing;
  shelfOf(store: DemoStore): Shelf;
  /** A unit of work that is done at this instant, epoch milliseconds. */
  at(instant: number): UnitOfWork;
  /** Two IMEIs of a device that nobody has had before. */
  newNumbers(tac: string): string;
}

/** A morning before the stores open. */
export interface Morning {
  market: Market;
  uow: UnitOfWork;
  date: BusinessDate;
  /** The beginning of the day, epoch milliseconds. */
  midnight: number;
  /** From 0. */
  day: number;
  /** 0 on the last day. */
  daysLeft: number;
}

/** What happens of one kind over the months; called every morning. */
export type Story = (morning: Morning) => Promise<void>;

export function openMarket({
  database,
  company,
  random,
  timeZone,
  keys,
}: Pick<Market, 'database' | 'company' | 'random' | 'timeZone' | 'keys'>): Market {
  const serials = new Map<string, number>();
  const shelves = new Map<number, Shelf>(
    company.stores.map(({ id }) => [
      id,
      { random: createRandom(random.int(0, 2 ** 31)), devices: new Map(), goods: new Map() },
    ]),
  );
  return {
    database,
    company,
    random,
    timeZone,
    keys,
    at: (instant) => createUnitOfWork(database, { timeZone, clock: () => instant }),
    shelfOf: ({ id }) => shelves.get(id) as Shelf,
    newNumbers(tac) {
      const serial = (serials.get(tac) ?? 0) + 2;
      serials.set(tac, serial);
      const imei = (n: number): string => completeImei(`${tac}${String(n).padStart(6, '0')}`);
      return `${imei(serial)} ${imei(serial + 1)}`;
    },
  };
}

/** What the books have on the shelves and may be sold on this day. */
export async function readShelves({ database, company, shelfOf }: Market, date: BusinessDate): Promise<void> {
  for (const store of company.stores) await readShelf(database.read, store, shelfOf(store), date);
}

async function readShelf(read: Reader, { locationId }: DemoStore, shelf: Shelf, date: BusinessDate): Promise<void> {
  const devices = await read.all<{ id: number; skuId: number; priceFen: number | null }>(
    sql`SELECT id, sku_id, price_fen FROM device
      WHERE location_id = ${locationId} AND state = 'in_stock' AND bucket = 'sellable' ORDER BY id`,
  );
  shelf.devices.clear();
  for (const { id, skuId, priceFen } of devices)
    shelf.devices.set(skuId, [...(shelf.devices.get(skuId) ?? []), { id, priceFen }]);
  const goods = await read.all<{ skuId: number; quantity: number }>(
    sql`SELECT b.sku_id, SUM(b.quantity) AS quantity FROM stock_balance b LEFT JOIN batch t ON t.id = b.batch_key
      WHERE b.location_id = ${locationId} AND b.bucket = 'sellable' AND b.by_device = 0 AND b.quantity > 0
        AND (t.expires_on IS NULL OR t.expires_on >= ${date})
      GROUP BY b.sku_id ORDER BY b.sku_id`,
  );
  shelf.goods.clear();
  for (const { skuId, quantity } of goods) shelf.goods.set(skuId, Number(quantity));
}
