import { DomainError, parseScanLine } from '../../../kernel';
import {
  approveStocktake,
  countGoods,
  finishCounting,
  planStocktake,
  postStocktake,
  scanIntoStocktake,
  startStocktake,
  stocktake,
  stocktakeGoods,
  submitStocktake,
} from '../../../modules/inventory';
import { chunked, type Reader, sql } from '../../../platform/database';
import type { Actor } from '../../../platform/permissions';
import type { UnitOfWork } from '../../../platform/unit-of-work';
import type { DemoStore } from '../company';
import type { Story } from '../shelf';
import { numbersOf } from './devices';

const HOUR = 3_600_000;
const COUNTED_EVERY = 14;
const SCANS_AT_ONCE = 200;
/** Counted in turn, with what is missing of them. */
const BRANDS: readonly { brand: string; missing: number }[] = [
  { brand: '小米', missing: 0 },
  { brand: '华为', missing: 1 },
  { brand: 'Apple', missing: 0 },
  { brand: 'OPPO', missing: 0 },
  { brand: '荣耀', missing: 1 },
];

/** When a count begins, when the goods are scanned, and when it ends. */
type Hours = Record<'began' | 'scanned' | 'over', UnitOfWork>;

interface Count {
  store: DemoStore;
  scope: { categoryIds: readonly number[]; brandIds: readonly number[]; skuIds: readonly number[] };
  blind: boolean;
  note: string;
  /** Devices that nobody finds, and whether a product's pieces are not what they should be. */
  missing: number;
  goodsDiffer: boolean;
  upTo: 'counting' | 'submitted' | 'posted';
}

/** Every two weeks a store counts a brand. At the end one count waits for the owner, and one is under way while people sell. */
export const countedStock =
  (): Story =>
  async ({ market: { company, at }, midnight, day, daysLeft }) => {
    const hours = {
      began: at(midnight + 9 * HOUR),
      scanned: at(midnight + 9.1 * HOUR),
      over: at(midnight + 9.3 * HOUR),
    };
    const turn = Math.floor(daysLeft / COUNTED_EVERY);
    const place = (n: number): DemoStore | undefined => company.stores[n % company.stores.length];
    const store = place(turn);
    const { brand, missing } = BRANDS[turn % BRANDS.length] ?? { brand: '', missing: 0 };
    const brandId = company.brandIds.get(brand);
    if (daysLeft % COUNTED_EVERY === 10 && day > 0 && store && brandId !== undefined)
      await count(hours, company.owner, {
        store,
        scope: { categoryIds: [], brandIds: [brandId], skuIds: [] },
        blind: turn % 2 === 0,
        note: `${brand} 循环盘点`,
        missing,
        goodsDiffer: true,
        upTo: 'posted',
      });
    const ofPhones = { categoryIds: [company.phoneCategoryId], brandIds: [], skuIds: [] };
    const [second, third] = [place(1), place(2)];
    if (daysLeft === 1 && second && day > 0)
      await count(hours, company.owner, {
        store: second,
        scope: ofPhones,
        blind: true,
        note: '月末手机盘点',
        missing: 2,
        goodsDiffer: false,
        upTo: 'submitted',
      });
    if (daysLeft === 1 && third && day > 0)
      await count(hours, company.owner, {
        store: third,
        scope: ofPhones,
        blind: false,
        note: '月末手机盘点',
        missing: 0,
        goodsDiffer: false,
        upTo: 'counting',
      });
  };

async function count(
  { began, scanned, over }: Hours,
  owner: Actor,
  { store, scope, blind, note, missing, goodsDiffer, upTo }: Count,
): Promise<void> {
  const { read } = began.database;
  const actor = store.manager;
  const { id } = await planStocktake(began, actor, { locationId: store.locationId, scope, blind, note });
  const version = async (): Promise<number> => (await read.get(stocktake, id))?.version ?? 0;
  await startStocktake(began, actor, { id, version: await version() });
  const devices = await expectedDevices(read, id);
  // Of a count that is under way half is done.
  const found = upTo === 'counting' ? devices.slice(0, Math.ceil(devices.length / 2)) : devices.slice(missing);
  const numbers = await numbersOf(read, found);
  const scans = numbers.map((text, n) => ({ key: `${id}-${n}`, text, ...parseScanLine(text) }));
  for (const part of chunked(scans, SCANS_AT_ONCE)) await scanIntoStocktake(scanned, actor, { id, scans: part });
  const goods = (await read.find(stocktakeGoods, { stocktakeId: id })).toSorted((a, b) => a.id - b.id);
  const short = goodsDiffer ? goods.findIndex(({ expected }) => expected > 1) : -1;
  const counts = goods.map((row, place) => ({
    goodsId: row.id,
    pieces: row.expected - Number(place === short),
    version: row.version,
  }));
  if (upTo !== 'counting' && counts.length > 0) await countGoods(scanned, actor, { id, counts });
  if (upTo === 'counting') return;
  await finishCounting(over, actor, { id, version: await version() });
  const waits = await submitIfNeeded(over, actor, { id, version: await version() });
  if (waits && upTo === 'submitted') return;
  if (waits) await approveStocktake(over, owner, { id, version: await version() });
  const seen = { missing: devices.length - found.length, taken: 0, goods: Number(short >= 0) };
  await postStocktake(over, actor, { id, version: await version(), seen });
}

/** Whether the differences come to an amount that somebody approves. */
async function submitIfNeeded(uow: UnitOfWork, actor: Actor, step: { id: number; version: number }): Promise<boolean> {
  try {
    await submitStocktake(uow, actor, step);
    return true;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'inventory:error.stocktake_no_level') return false;
    throw error;
  }
}

const expectedDevices = (read: Reader, stocktakeId: number) =>
  read.all<{ id: number }>(
    sql`SELECT device_id AS id FROM stocktake_device WHERE stocktake_id = ${stocktakeId} ORDER BY device_id`,
  );
