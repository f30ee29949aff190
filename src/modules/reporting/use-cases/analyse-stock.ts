import { type BusinessDate, fromInstant } from '../../../kernel';
import { chunked, type Reader, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { Services } from '../../../platform/services';
import { type StartedUpkeep, startUpkeep, type UpkeepProgress } from '../../../platform/upkeep';
import { abcOf, variationBpOf, xyzOf, type ClassLimits } from '../domain/classes';
import { adviseIdle, DEMAND_WEEKS, IDLE_FROM_DAYS, idleDaysOf } from '../domain/idle-goods';
import {
  calendarOf,
  type Calendar,
  figuresOf,
  type PairSpan,
  SPANS,
  turnDaysOf,
  withAllStores,
} from '../domain/turnover';
import { boughtLast, movedByDay, netOf, type PairDay, stockedSkus } from '../queries/analysis-facts';
import { readParameters } from '../queries/parameters';
import { idleStock, type IdleStockRow, stockAnalysis, type StockAnalysisRow } from '../store/analysis.table';

export const ANALYSE = 'reporting.analysis.compute';

/** So many products are read at once: memory stays flat however many there are. */
const SKUS_AT_ONCE = 100;
const WRITE_AT_ONCE = 4000;
const LONGEST = Math.max(...SPANS);

type Analysed = Omit<StockAnalysisRow, 'id' | 'runId'>;
type Idle = Omit<IdleStockRow, 'id' | 'runId'>;

/** Computes turnover, classes and idle goods anew in the background; 409 upkeep:error.running while it is at work. */
export async function startAnalysis(services: Services, actor: Actor): Promise<StartedUpkeep> {
  authorise(actor, ANALYSE);
  return startUpkeep(services, actor, 'analyse', async (progress, signal) => {
    const { uow, database, clock, timeZone } = services;
    const today = fromInstant(clock(), timeZone);
    const runId = await newestRun(database.read);
    let done = 0;
    for (const weeks of SPANS) {
      const { analysed, idle } = await analyse(database.read, weeks, today, (part, all) =>
        progress(SPANS.indexOf(weeks) * all + part, SPANS.length * all),
      );
      signal.throwIfAborted();
      for (const part of chunked(analysed, WRITE_AT_ONCE)) {
        signal.throwIfAborted();
        await uow.run(actor, async (unit) => {
          const id = unit.takeIds(stockAnalysis, part.length);
          await unit.insert(
            stockAnalysis,
            part.map((row, index) => ({ ...row, id: id + index, runId })),
          );
        });
        await progress((done += part.length), 0);
      }
      for (const part of chunked(idle, WRITE_AT_ONCE))
        await uow.run(actor, async (unit) => {
          const id = unit.takeIds(idleStock, part.length);
          await unit.insert(
            idleStock,
            part.map((row, index) => ({ ...row, id: id + index, runId })),
          );
        });
    }
    // The old ones go last: whoever looks meanwhile sees them, for this run is not over.
    await uow.run(actor, async (unit) => {
      await unit.execute(sql`DELETE FROM stock_analysis WHERE run_id <> ${runId}`);
      await unit.execute(sql`DELETE FROM idle_stock WHERE run_id <> ${runId}`);
    });
    return { done, today };
  });
}

async function newestRun(read: Reader): Promise<number> {
  const row = await read.one<{ id: number }>(
    sql`SELECT MAX(id) AS id FROM upkeep_run WHERE kind = 'analyse' AND state IN ('running', 'stopping')`,
  );
  return Number(row?.id ?? 0);
}

/** Every product in every store and in all of them, over the weeks before `today`; idle goods with the longest span only. */
export async function analyse(
  read: Reader,
  weeks: number,
  today: BusinessDate,
  progress?: UpkeepProgress,
): Promise<{ analysed: Analysed[]; idle: Idle[] }> {
  const calendar = calendarOf(weeks, today);
  const parameters = await readParameters(read);
  const limits: ClassLimits = {
    aPercent: parameters.abcAPercent,
    bPercent: parameters.abcBPercent,
    xPercent: parameters.xyzXPercent,
    yPercent: parameters.xyzYPercent,
  };
  const analysed: Analysed[] = [];
  const idle: Idle[] = [];
  const skuIds = await stockedSkus(read);
  for (const [part, some] of chunked(skuIds, SKUS_AT_ONCE).entries()) {
    await progress?.(part * SKUS_AT_ONCE, skuIds.length);
    const pairs = pairsOf(await movedByDay(read, some, calendar.from, today), calendar);
    const net = new Map(
      (await netOf(read, some, calendar.from, today)).map((row) => [`${row.storeId}/${row.skuId}`, row.netFen]),
    );
    for (const pair of pairs) pair.netFen = net.get(`${pair.storeKey}/${pair.skuId}`) ?? 0;
    if (weeks === LONGEST) idle.push(...(await idleOf(read, some, pairs, today)));
    for (const { skuId, ...pair } of withAllStores(pairs)) {
      if (pair.sold === 0 && pair.quantity === 0 && pair.averageFen === 0) continue;
      const { weekly, knownWeeks, heldSince: _, lastSoldOn: __, ...figures } = pair;
      const variationBp = variationBpOf(knownWeeks > 0 ? weekly.slice(-knownWeeks) : []);
      const turnDays = turnDaysOf(figures.averageFen, figures.costFen, calendar.days);
      analysed.push({ ...figures, skuId, weeks, turnDays, abc: 'C', xyz: xyzOf(variationBp, limits), variationBp });
    }
  }
  rank(analysed, limits);
  return { analysed, idle };
}

function pairsOf(days: readonly PairDay[], calendar: Calendar): PairSpan[] {
  const byPair = new Map<string, PairDay[]>();
  for (const day of days) {
    const name = `${day.storeId}/${day.skuId}`;
    const known = byPair.get(name);
    if (known) known.push(day);
    else byPair.set(name, [day]);
  }
  return [...byPair.values()].flatMap((sums) => {
    const [first] = sums;
    return first ? [{ ...figuresOf(sums, calendar), storeKey: first.storeId, skuId: first.skuId, netFen: 0 }] : [];
  });
}

/** The class of each product among those of its store. */
function rank(analysed: Analysed[], limits: ClassLimits): void {
  const byStore = Map.groupBy(analysed, ({ storeKey }) => storeKey);
  for (const rows of byStore.values()) {
    const classes = abcOf(
      rows.map(({ netFen }) => netFen),
      limits,
    );
    for (const [place, row] of rows.entries()) row.abc = classes[place] ?? 'C';
  }
}

async function idleOf(
  read: Reader,
  skuIds: readonly number[],
  pairs: readonly PairSpan[],
  today: BusinessDate,
): Promise<Idle[]> {
  const bought = new Map((await boughtLast(read, skuIds)).map((row) => [`${row.storeId}/${row.skuId}`, row.boughtOn]));
  const bySku = Map.groupBy(pairs, ({ skuId }) => skuId);
  return pairs.flatMap((pair) => {
    const { storeKey: storeId, skuId, quantity, closingFen, heldSince, lastSoldOn } = pair;
    if (quantity <= 0 || heldSince === null) return [];
    const idleDays = idleDaysOf(heldSince, lastSoldOn, today);
    if (idleDays < IDLE_FROM_DAYS) return [];
    const elsewhere = (bySku.get(skuId) ?? []).map((other) => ({
      storeId: other.storeKey,
      sold: other.weekly.slice(-DEMAND_WEEKS).reduce((sum, pieces) => sum + pieces, 0),
      quantity: other.quantity,
    }));
    const advice = adviseIdle(storeId, elsewhere, bought.get(`${storeId}/${skuId}`) ?? null, today);
    return [{ storeId, skuId, quantity, valueFen: closingFen, heldSince, lastSoldOn, idleDays, ...advice }];
  });
}
