import { type DeviceState, findByNumbers } from '../../../ledger';
import { chunked, type Reader, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { skusByCodes, skusByIds } from '../../catalog';
import { locationsByIds, storesByIds } from '../../organization';
import {
  type CheckedScans,
  checkCountScans,
  type CountAnswer,
  type CountScan,
  type ScannedDevice,
  type ScannedGoods,
} from '../domain/check-count-scans';
import type { StocktakeScope } from '../domain/stocktake-scope';
import {
  assertCounting,
  devicesOfStocktake,
  getStocktake,
  lockStocktake,
  scopeCondition,
} from '../store/stocktake.store';
import {
  stocktakeDevice,
  type StocktakeDeviceRow,
  stocktakeGoods,
  type StocktakeGoodsRow,
  type StocktakeRow,
  stocktakeScan,
} from '../store/stocktake.table';

/**
 * Takes scans of one of the people who count. They do not wait for each other: only the rows of what was scanned are locked,
 * and the whole stocktake where something turned up that it did not expect. A scan that is sent again gets its first answer.
 */
export function scanIntoStocktake(
  uow: UnitOfWork,
  actor: Actor,
  command: { id: number; scans: readonly CountScan[] },
  options?: RunOptions,
): Promise<CountAnswer[]> {
  return uow.run(
    actor,
    async (unit) => {
      const seen = await getStocktake(unit, command.id);
      authorise(actor, 'inventory.stocktake.count', seen.storeId);
      assertCounting(seen);
      const answered = await answersGiven(unit, seen.id, command.scans);
      const firsts = new Map(command.scans.toReversed().map((scan) => [scan.key, scan]));
      const fresh = command.scans.filter((scan) => !answered.has(scan.key) && firsts.get(scan.key) === scan);
      for (const answer of await takeFresh(unit, seen, fresh)) answered.set(answer.key, answer);
      return command.scans.flatMap(({ key }) => answered.get(key) ?? []);
    },
    options,
  );
}

async function takeFresh(unit: Unit, row: StocktakeRow, scans: readonly CountScan[]): Promise<CountAnswer[]> {
  if (scans.length === 0) return [];
  const devices = await scannedDevices(unit, row, scans);
  const ids = [...devices.values()].map(({ id }) => id);
  const cards = await goodsCards(unit, row.scope, scans, devices);
  const skuIds = [...cards.values()].map(({ id }) => id);
  const before = await devicesOfStocktake(unit, row.id, ids);
  const present = await goodsOf(unit, row.id, skuIds);
  const isNew =
    [...devices.values()].some(({ id, inScope }) => inScope && !before.has(id)) ||
    skuIds.some((id) => !present.some(({ skuId }) => skuId === id));
  // In this order, and before any row is locked: two who find the same handset meet here, not at a unique index.
  if (isNew) assertCounting(await lockStocktake(unit, row.id));
  const rows = await lockedDevices(unit, row.id, ids, before, isNew);
  const goods = await lockedGoods(unit, row.id, skuIds, present, isNew);
  const checked = checkCountScans(scans, {
    devices,
    goods: goodsKnown(cards, goods),
    rows: new Map(
      [...rows].map(([id, { expected, scannedAt, scannedByName }]) => [
        id,
        { expected, scanned: scannedAt !== null, by: scannedByName, at: scannedAt },
      ]),
    ),
    blind: row.blind,
  });
  await writeFound(unit, row, checked, rows);
  await writePieces(unit, row, checked, goods);
  await writeAnswers(unit, row.id, checked.answers);
  return checked.answers;
}

interface LoggedAnswer {
  scanKey: string;
  text: string;
  number: string | null;
  outcome: CountAnswer['outcome'];
  reason: string;
  details: string;
  deviceId: number | null;
}

async function answersGiven(
  read: Reader,
  stocktakeId: number,
  scans: readonly CountScan[],
): Promise<Map<string, CountAnswer>> {
  const given = new Map<string, CountAnswer>();
  for (const chunk of chunked(scans.map(({ key }) => key)))
    for (const { scanKey, reason, details, ...rest } of await read.all<LoggedAnswer>(
      sql`SELECT scan_key, text, number, outcome, reason, details, device_id FROM stocktake_scan
        WHERE stocktake_id = ${stocktakeId} AND scan_key IN (${sql.list(chunk)})`,
    ))
      given.set(scanKey, {
        ...rest,
        key: scanKey,
        reason: { code: reason, details: JSON.parse(details) as Record<string, unknown> },
      });
  return given;
}

/** The devices of the books that these scans name, by number. */
async function scannedDevices(
  read: Reader,
  { locationId, scope }: StocktakeRow,
  scans: readonly CountScan[],
): Promise<Map<string, ScannedDevice>> {
  const numbers = scans.flatMap(({ identifiers }) => identifiers.map(({ value }) => value));
  const found = (await findByNumbers(read, numbers)).filter(({ active }) => active);
  const ids = [...new Set(found.map(({ deviceId }) => deviceId))];
  const facts = new Map<number, { lastSeq: number; inScope: boolean; skuName: string }>();
  for (const chunk of chunked(ids))
    for (const fact of await read.all<{ id: number; lastSeq: number; inScope: number; skuName: string }>(
      sql`SELECT d.id, d.last_seq, s.name AS sku_name, CASE WHEN ${scopeCondition('d.sku_id', scope)} THEN 1 ELSE 0 END AS in_scope
        FROM device d JOIN sku s ON s.id = d.sku_id WHERE d.id IN (${sql.list(chunk)})`,
    ))
      facts.set(fact.id, { ...fact, inScope: Number(fact.inScope) === 1 });
  const isNumber = (id: number | null): id is number => id !== null;
  const stores = await storesByIds(read, found.map(({ storeId }) => storeId).filter(isNumber));
  const locations = await locationsByIds(read, found.map((one) => one.locationId).filter(isNumber));
  return new Map(
    found.map((one): [string, ScannedDevice] => [
      one.number,
      {
        id: one.deviceId,
        skuId: one.skuId,
        skuName: facts.get(one.deviceId)?.skuName ?? '',
        lastSeq: facts.get(one.deviceId)?.lastSeq ?? 0,
        state: one.state satisfies DeviceState,
        here: one.state === 'in_stock' && one.locationId === locationId,
        inScope: facts.get(one.deviceId)?.inScope ?? false,
        place: [stores.get(one.storeId ?? 0)?.name, locations.get(one.locationId ?? 0)?.name].filter(Boolean).join(' '),
      },
    ]),
  );
}

type SkuCards = Awaited<ReturnType<typeof skusByIds>>;
type GoodsCard = SkuCards extends Map<number, infer Card> ? Card & { inScope: boolean } : never;

/** By text of the scan. What names a device is no product, even where an SN looks like a code. */
async function goodsCards(
  read: Reader,
  scope: StocktakeScope,
  scans: readonly CountScan[],
  devices: ReadonlyMap<string, ScannedDevice>,
): Promise<Map<string, GoodsCard>> {
  const candidates = scans.filter(
    ({ identifiers, text }) =>
      text.length <= 60 && identifiers.every(({ kind, value }) => kind === 'sn' && !devices.has(value)),
  );
  if (candidates.length === 0) return new Map();
  const found = await skusByCodes(
    read,
    candidates.map(({ text }) => text),
  );
  const inScope = new Set<number>();
  for (const chunk of chunked([...found.values()].map(({ id }) => id)))
    for (const { id } of await read.all<{ id: number }>(
      sql`SELECT s.id FROM sku s WHERE s.id IN (${sql.list(chunk)}) AND ${scopeCondition('s.id', scope)}`,
    ))
      inScope.add(id);
  return new Map([...found].map(([text, card]) => [text, { ...card, inScope: inScope.has(card.id) }]));
}

async function goodsOf(read: Reader, stocktakeId: number, skuIds: readonly number[]): Promise<StocktakeGoodsRow[]> {
  const found: StocktakeGoodsRow[] = [];
  for (const chunk of chunked([...new Set(skuIds)]))
    found.push(
      ...(await read.rows(
        stocktakeGoods,
        sql`SELECT * FROM stocktake_goods
          WHERE stocktake_id = ${stocktakeId} AND bucket = 'sellable' AND sku_id IN (${sql.list(chunk)}) ORDER BY id`,
      )),
    );
  return found;
}

async function lockedDevices(
  unit: Unit,
  stocktakeId: number,
  deviceIds: readonly number[],
  before: Map<number, StocktakeDeviceRow>,
  isNew: boolean,
): Promise<Map<number, StocktakeDeviceRow>> {
  const known = isNew ? await devicesOfStocktake(unit, stocktakeId, deviceIds) : before;
  await unit.lock(
    stocktakeDevice,
    [...known.values()].map(({ id }) => id),
  );
  return devicesOfStocktake(unit, stocktakeId, deviceIds);
}

async function lockedGoods(
  unit: Unit,
  stocktakeId: number,
  skuIds: readonly number[],
  before: readonly StocktakeGoodsRow[],
  isNew: boolean,
): Promise<StocktakeGoodsRow[]> {
  if (skuIds.length === 0) return [];
  const known = isNew ? await goodsOf(unit, stocktakeId, skuIds) : before;
  await unit.lock(
    stocktakeGoods,
    known.map(({ id }) => id),
  );
  return goodsOf(unit, stocktakeId, skuIds);
}

function goodsKnown(
  cards: ReadonlyMap<string, GoodsCard>,
  rows: readonly StocktakeGoodsRow[],
): Map<string, ScannedGoods> {
  const way = (card: GoodsCard, own: readonly StocktakeGoodsRow[]): ScannedGoods['way'] => {
    if (card.tracking === 'serial' || card.tracking === 'service') return card.tracking;
    if (own.length > 1 || (own.length === 0 && card.tracking === 'batch')) return 'choose';
    return card.inScope ? 'count' : 'out_of_scope';
  };
  return new Map(
    [...cards].map(([text, card]) => {
      const own = rows.filter(({ skuId }) => skuId === card.id);
      return [text, { skuId: card.id, name: card.name, way: way(card, own), counted: own[0]?.counted ?? 0 }];
    }),
  );
}

async function writeFound(
  unit: Unit,
  { id }: StocktakeRow,
  { found }: CheckedScans,
  rows: ReadonlyMap<number, StocktakeDeviceRow>,
): Promise<void> {
  const scanned = { scannedAt: unit.now, scannedBy: unit.actor.userId, scannedByName: unit.actor.name };
  const known = [...found.keys()].flatMap((deviceId) => rows.get(deviceId)?.id ?? []);
  for (const chunk of chunked(known))
    await unit.execute(
      sql`UPDATE stocktake_device SET scanned_at = ${unit.now}, scanned_by = ${unit.actor.userId},
        scanned_by_name = ${unit.actor.name} WHERE id IN (${sql.list(chunk)})`,
    );
  const fresh = [...found.values()].filter((device) => !rows.has(device.id));
  if (fresh.length === 0) return;
  const firstId = unit.takeIds(stocktakeDevice, fresh.length);
  await unit.insert(
    stocktakeDevice,
    fresh.map((device, index) => ({
      id: firstId + index,
      stocktakeId: id,
      deviceId: device.id,
      skuId: device.skuId,
      expected: false,
      seqSeen: device.lastSeq,
      arrived: device.here,
      kept: false,
      ...scanned,
    })),
  );
}

async function writePieces(
  unit: Unit,
  row: StocktakeRow,
  { pieces }: CheckedScans,
  goods: readonly StocktakeGoodsRow[],
): Promise<void> {
  for (const [skuId, more] of pieces) {
    const own = goods.find((one) => one.skuId === skuId);
    const bookPieces = await bookedPieces(unit, row.locationId, skuId, own?.batchKey ?? 0, 'sellable');
    const counted = {
      counted: (own?.counted ?? 0) + more,
      bookPieces,
      countedAt: unit.now,
      countedBy: unit.actor.userId,
      countedByName: unit.actor.name,
    };
    if (own) await unit.update(stocktakeGoods, own.id, counted, own.version);
    else
      await unit.insert(stocktakeGoods, [
        {
          id: unit.takeIds(stocktakeGoods),
          stocktakeId: row.id,
          skuId,
          batchKey: 0,
          bucket: 'sellable',
          expected: 0,
          kept: false,
          version: 1,
          ...counted,
        },
      ]);
  }
}

/** What the books have of these goods now. */
export async function bookedPieces(
  read: Reader,
  locationId: number,
  skuId: number,
  batchKey: number,
  bucket: string,
): Promise<number> {
  const row = await read.one<{ quantity: number }>(
    sql`SELECT quantity FROM stock_balance
      WHERE location_id = ${locationId} AND sku_id = ${skuId} AND batch_key = ${batchKey} AND bucket = ${bucket}`,
  );
  return Number(row?.quantity ?? 0);
}

async function writeAnswers(unit: Unit, stocktakeId: number, answers: readonly CountAnswer[]): Promise<void> {
  const firstId = unit.takeIds(stocktakeScan, answers.length);
  await unit.insert(
    stocktakeScan,
    answers.map(({ key, text, number, outcome, reason, deviceId }, index) => ({
      id: firstId + index,
      stocktakeId,
      scanKey: key,
      text,
      number,
      outcome,
      reason: reason.code,
      details: reason.details,
      deviceId,
      scannedAt: unit.now,
      scannedBy: unit.actor.userId,
      scannedByName: unit.actor.name,
    })),
  );
}
