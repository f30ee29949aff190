import { chunked, type Reader, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { type CheckedScans, checkCountScans, type CountAnswer, type CountScan } from '../domain/check-count-scans';
import { bookedPieces, goodsCards, goodsKnown, goodsOf, scannedDevices } from '../queries/count-knowledge';
import { assertCounting, devicesOfStocktake, getStocktake, lockStocktake } from '../store/stocktake.store';
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
      movedPieces: own && own.counted !== null ? own.movedPieces + Math.abs(bookPieces - (own.bookPieces ?? 0)) : 0,
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
