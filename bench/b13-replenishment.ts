import { replenishmentLine } from '../src/modules/purchasing/store/replenishment.table';
import { proposals, startReplenishment } from '../src/modules/purchasing/use-cases/compute-replenishment';
import { matrixTotals, STOCK_MATRIX, stockMatrix } from '../src/modules/reporting/queries/stock-matrix';
import {
  analysedGoods,
  analysisRun,
  classFields,
  CLASS_LIST,
  TURNOVER_LIST,
  turnoverSums,
} from '../src/modules/reporting/queries/analysis-list';
import { IDLE_LIST, idleGoods, idleTotals } from '../src/modules/reporting/queries/idle-list';
import { startAnalysis } from '../src/modules/reporting/use-cases/analyse-stock';
import { addDays, fromInstant } from '../src/kernel';
import { sql } from '../src/platform/database';
import { readListQuery } from '../src/platform/lists';
import { systemActor } from '../src/platform/permissions';
import type { Services } from '../src/platform/services';
import { addProducts, addSkus, skusByIds } from '../src/modules/catalog';
import { addStore } from '../src/modules/organization';
import { fillSales } from './many-sales';
import { below, type Bench, type BenchContext, type Figure, median, spreadOf } from './measurement';
import { foundShop, withProduct } from './shop';

const SIZES = {
  tiny: { stores: 3, goods: 20, lines: 600, rounds: 1 },
  small: { stores: 50, goods: 2000, lines: 1_000_000, rounds: 3 },
  full: { stores: 50, goods: 2000, lines: 1_000_000, rounds: 5 },
};
const ANALYSE_MS = 60_000;
const COMPUTE_MS = 20_000;
const PAGE_MS = 100;
const actor = systemActor('bench');
const noFilter = { scope: 'all', storeId: null, text: '', brandId: null, categoryIds: null, on: null } as const;

/** What 50 stores need of 2,000 products from 1,000,000 lines sold in eight weeks, and a page of their stock side by side. */
export const replenishmentBench: Bench = {
  id: 'B13',
  title: 'replenishment and the table of stores and products',
  databases: ['sqlite', 'mariadb'],
  run,
};

async function run(context: BenchContext): Promise<Figure[]> {
  const { kind, scale, folder } = context;
  const { stores: storeCount, goods, lines, rounds } = SIZES[scale];
  const url = await context.freshUrl();
  const figures: Figure[] = [];
  await withProduct(url, folder, async ({ services }) => {
    const { uow, database, clock, timeZone } = services;
    const shop = await foundShop(services);
    const today = fromInstant(clock(), timeZone);
    const { stores, skuIds } = await makePlaces(services, shop.accessorySkuIds[0] ?? 0, storeCount, goods);
    await fillSales(uow, { stores, skuIds, lines, firstOn: addDays(today, -56), days: 56 });
    const label = `${stores.length} stores × ${skuIds.length} products`;
    const figure = (name: string, samples: readonly number[], targetMs: number): void => {
      figures.push({
        name: `B13 ${name}, ${label}`,
        database: kind,
        value: median(samples),
        unit: 'ms',
        better: 'less',
        spread: spreadOf(samples),
        target: below(median(samples), targetMs, 'ms'),
      });
    };
    const [computed, whole, first, totals, ceiling, turnover, byStore, classes, idle]: number[][] = [
      [],
      [],
      [],
      [],
      [],
      [],
      [],
      [],
      [],
    ];
    const analysed = await timed(async () => (await startAnalysis({ ...services, uow }, actor)).over);
    const analysis = {
      ...noFilter,
      run: await analysisRun(database.read),
      weeks: 13,
      storeKey: 0,
      abc: null,
      xyz: null,
    };
    const filter = {
      ...noFilter,
      measure: 'on_hand',
      allGoods: false,
    } as const;
    for (let round = 0; round < rounds; round++) {
      computed?.push(await timed(() => proposals(database.read, today)));
      whole?.push(await timed(async () => (await startReplenishment({ ...services, uow }, actor)).over));
      const query = readListQuery(STOCK_MATRIX, {});
      first?.push(await timed(() => stockMatrix(database.read, query, filter)));
      totals?.push(await timed(() => matrixTotals(database.read, filter)));
      turnover?.push(
        await timed(async () => {
          await analysedGoods(database.read, readListQuery(TURNOVER_LIST, {}), analysis);
          await turnoverSums(database.read, analysis, 'all');
        }),
      );
      byStore?.push(await timed(() => turnoverSums(database.read, analysis, 'store')));
      classes?.push(
        await timed(async () => {
          await analysedGoods(database.read, readListQuery(CLASS_LIST, {}), analysis);
          await classFields(database.read, analysis);
        }),
      );
      idle?.push(
        await timed(async () => {
          const standing = { ...noFilter, runId: analysis.run?.id ?? 0, days: 30, action: null };
          await idleGoods(database.read, readListQuery(IDLE_LIST, {}), standing);
          await idleTotals(database.read, standing);
        }),
      );
      // As far as one can come down: every sold line read and added up once.
      ceiling?.push(await timed(() => database.read.one(sql`SELECT SUM(quantity) AS n FROM stock_entry`)));
    }
    const written = await database.read.find(replenishmentLine, {});
    figure(`replenishment computed from ${lines.toLocaleString('en')} lines`, computed ?? [], COMPUTE_MS);
    figure(`the same with ${written.length.toLocaleString('en')} proposals written`, whole ?? [], COMPUTE_MS);
    figure('stock by store, first page', first ?? [], PAGE_MS);
    figure('stock by store, totals below it', totals ?? [], PAGE_MS);
    figure('turnover and classes computed', [analysed], ANALYSE_MS);
    figure('turnover by product, first page', turnover ?? [], PAGE_MS);
    figure('turnover by store', byStore ?? [], PAGE_MS);
    figure('classes, first page', classes ?? [], PAGE_MS);
    figure('dead stock, first page', idle ?? [], PAGE_MS);
    const one = figures[0];
    if (one) {
      one.ceiling = { name: 'one sum over all entries', value: median(ceiling ?? []) };
      one.share = median(ceiling ?? []) / one.value;
    }
  });
  return figures;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Goods like this one, and stores beside those of the shop. */
async function makePlaces({ uow, database }: Services, likeSkuId: number, storeCount: number, goods: number) {
  const like = (await skusByIds(database.read, [likeSkuId])).get(likeSkuId);
  return uow.run(actor, async (unit) => {
    const stores: { id: number; locationId: number }[] = [];
    for (let n = 0; n < storeCount; n++) {
      const { id, defaultLocationId } = await addStore(unit, { code: `V${n}`, name: `Store ${n}`, kind: 'store' });
      stores.push({ id, locationId: defaultLocationId });
    }
    const products = await addProducts(
      unit,
      Array.from({ length: goods }, (_, n) => ({
        brandId: like?.brandId ?? 0,
        categoryId: like?.categoryId ?? 0,
        name: `Goods ${n}`,
      })),
    );
    const skuIds = await addSkus(
      unit,
      products.map((productId, n) => ({ productId, code: `V${n}` })),
    );
    return { stores, skuIds };
  });
}
