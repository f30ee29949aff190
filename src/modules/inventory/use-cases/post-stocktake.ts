import { businessDate, DomainError } from '../../../kernel';
import {
  balancesFor,
  deviceEvent,
  type DeviceOnBooks,
  devicesFor,
  post,
  shownNumbers,
  stockEntry,
  stockKeyText,
  thawStock,
} from '../../../ledger';
import { chunked, type Reader, sql } from '../../../platform/database';
import { type Actor, authorise, can } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { skusByIds } from '../../catalog';
import { type GoodsDifference, stocktakePosting } from '../domain/stocktake-posting';
import { isTakeable, type Verdict, verdictOf } from '../domain/stocktake-verdict';
import { averageCosts } from '../queries/average-costs';
import { lockStocktake, stateAfter } from '../store/stocktake.store';
import {
  stocktake,
  stocktakeDevice,
  type StocktakeDeviceRow,
  stocktakeGoods,
  type StocktakeGoodsRow,
  type StocktakeRow,
} from '../store/stocktake.table';
import { requireLevels } from './pass-levels';

export interface PostStocktake {
  id: number;
  version: number;
  /** What the page showed: devices to write off, devices to take over, goods with a difference. */
  seen: { missing: number; taken: number; goods: number };
}

export interface StocktakePosted {
  number: string;
  missing: number;
  taken: number;
  goods: number;
}

/**
 * Puts the differences into the books: missing devices are written off, devices that the books have elsewhere come here, goods
 * get their counted quantity. Everything is looked at again under lock: what was sold a moment ago is not missing, and if
 * the figures differ from those that were seen, nothing is posted (409).
 */
export function postStocktake(
  uow: UnitOfWork,
  actor: Actor,
  command: PostStocktake,
  options?: RunOptions,
): Promise<StocktakePosted> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockStocktake(unit, command.id);
      authorise(actor, 'inventory.stocktake.post', row.storeId);
      const state = stateAfter(row, 'post', command.version);
      const differing = await differingDevices(unit, row.id);
      unit.needIds(deviceEvent, differing.length);
      const now = await devicesFor(
        unit,
        differing.map(({ deviceId }) => deviceId),
      );
      const verdicts = new Map(differing.map((one) => [one.id, verdictNow(one, now.get(one.deviceId), row)]));
      const of = (verdict: Verdict): { counted: StocktakeDeviceRow; onBooks: DeviceOnBooks }[] =>
        differing.flatMap((counted) => {
          const onBooks = now.get(counted.deviceId);
          return verdicts.get(counted.id) === verdict && !counted.kept && onBooks ? [{ counted, onBooks }] : [];
        });
      const missing = of('missing');
      const taken = of('unexpected').filter(({ onBooks }) => isTakeable(onBooks.state));
      const goods = await goodsDifferences(unit, row);
      const { seen } = command;
      if (missing.length !== seen.missing || taken.length !== seen.taken || goods.length !== seen.goods)
        throw new DomainError('inventory:error.stocktake_changed', { status: 409, details: { number: row.number } });
      await requireStores(
        unit,
        actor,
        row,
        taken.map(({ onBooks }) => onBooks),
      );
      unit.needIds(stockEntry, goods.length);
      const date = businessDate(unit.today);
      const document = {
        type: 'inventory.stocktake',
        id: row.id,
        number: row.number,
        businessDate: date,
        storeId: row.storeId,
      };
      const { lossFen, gainFen, goodsFen, ...posting } = stocktakePosting(document, {
        locationId: row.locationId,
        missing: missing.map(({ onBooks }) => onBooks),
        found: taken.map(({ onBooks }) => onBooks),
        goods: goods.map(({ difference }) => difference),
      });
      const amountFen = lossFen + gainFen;
      const approvedFen = row.state === 'approved' ? (row.amountFen ?? 0) : null;
      if (amountFen > 0) await requireLevels(unit, { approvedFen, amountFen });
      // A count without a difference leaves no trace in the books.
      if (missing.length + taken.length + goods.length > 0) await post(unit, posting);
      if (row.frozen) await thawStock(unit, document);
      await writeVerdicts(unit, row.id, verdicts);
      for (const [index, { counted, difference }] of goods.entries())
        await unit.update(
          stocktakeGoods,
          counted.id,
          { postedPieces: difference.pieces, postedFen: goodsFen[index] ?? 0 },
          counted.version,
        );
      const pieces = goods.map(({ difference }) => difference.pieces);
      const result = { missing: missing.length, taken: taken.length, goods: goods.length };
      await unit.update(
        stocktake,
        row.id,
        {
          state,
          businessDate: date,
          missingDevices: missing.length,
          takenDevices: taken.length,
          shortPieces: -pieces.reduce((sum, one) => sum + Math.min(one, 0), 0),
          surplusPieces: pieces.reduce((sum, one) => sum + Math.max(one, 0), 0),
          lossFen,
          gainFen,
          amountFen,
          endedAt: unit.now,
        },
        command.version,
      );
      await unit.audit({
        action: 'inventory.stocktake.post',
        subjectType: 'inventory.stocktake',
        subjectId: row.id,
        storeId: row.storeId,
        detail: { number: row.number, ...result },
      });
      return { number: row.number, ...result };
    },
    options,
  );
}

/** What was expected and not found, or found and not expected; the rest is matched whatever happened to it since. */
async function differingDevices(read: Reader, stocktakeId: number): Promise<StocktakeDeviceRow[]> {
  return read.rows(
    stocktakeDevice,
    sql`SELECT * FROM stocktake_device WHERE stocktake_id = ${stocktakeId} AND ((expected = ${true} AND scanned_at IS NULL)
      OR (expected = ${false} AND arrived = ${false})) ORDER BY id`,
  );
}

function verdictNow(
  counted: StocktakeDeviceRow,
  now: DeviceOnBooks | undefined,
  { locationId }: StocktakeRow,
): Verdict {
  const here = now?.state === 'in_stock' && now.locationId === locationId;
  return verdictOf({ ...counted, scanned: counted.scannedAt !== null }, { lastSeq: now?.lastSeq ?? 0, here });
}

/** Counted goods whose count differs from what the books had when they were counted, with their balances, locked. */
async function goodsDifferences(
  unit: Unit,
  { id, locationId }: StocktakeRow,
): Promise<{ counted: StocktakeGoodsRow; difference: GoodsDifference }[]> {
  const rows = await unit.rows(
    stocktakeGoods,
    sql`SELECT * FROM stocktake_goods WHERE stocktake_id = ${id} AND counted IS NOT NULL AND kept = ${false}
      AND counted <> book_pieces ORDER BY id`,
  );
  const keyOf = ({ skuId, batchKey, bucket }: StocktakeGoodsRow) => ({
    locationId,
    skuId,
    batchId: batchKey === 0 ? null : batchKey,
    bucket,
  });
  const balances = await balancesFor(unit, rows.map(keyOf));
  const cards = await skusByIds(
    unit,
    rows.map(({ skuId }) => skuId),
  );
  const averages = await averageCosts(
    unit,
    rows.map(({ skuId }) => skuId),
  );
  return rows.map((counted) => {
    const key = keyOf(counted);
    const balance = balances.get(stockKeyText(key)) ?? { quantity: 0, valueFen: 0 };
    const pieces = (counted.counted ?? 0) - (counted.bookPieces ?? 0);
    if (balance.quantity + pieces < 0)
      throw new DomainError('inventory:error.stocktake_short', {
        status: 409,
        details: { name: cards.get(counted.skuId)?.name ?? '', short: -pieces, left: balance.quantity },
      });
    return { counted, difference: { ...key, pieces, balance, unitCostFen: averages.get(counted.skuId) ?? 0 } };
  });
}

/** Who takes a device out of another store's books must be allowed to count there. */
async function requireStores(
  read: Reader,
  actor: Actor,
  { storeId }: StocktakeRow,
  taken: readonly DeviceOnBooks[],
): Promise<void> {
  const foreign = taken.filter(
    (one) => one.storeId !== null && one.storeId !== storeId && !can(actor, 'inventory.stocktake.post', one.storeId),
  );
  const [first] = foreign;
  if (!first) return;
  const numbers = await shownNumbers(read, [first.id]);
  throw new DomainError('inventory:error.stocktake_foreign', {
    status: 403,
    details: { count: foreign.length, number: numbers.get(first.id) ?? '' },
  });
}

async function writeVerdicts(unit: Unit, stocktakeId: number, verdicts: ReadonlyMap<number, Verdict>): Promise<void> {
  for (const verdict of ['missing', 'unexpected', 'moved'] as const) {
    const ids = [...verdicts].filter(([, one]) => one === verdict).map(([id]) => id);
    for (const chunk of chunked(ids))
      await unit.execute(sql`UPDATE stocktake_device SET verdict = ${verdict} WHERE id IN (${sql.list(chunk)})`);
  }
  await unit.execute(
    sql`UPDATE stocktake_device SET verdict = ${'matched'} WHERE stocktake_id = ${stocktakeId} AND verdict IS NULL`,
  );
}
