import { parsePaste } from '../src/kernel';
import { receiveGoods } from '../src/modules/purchasing';
import { EVERYTHING } from '../src/modules/inventory/domain/stocktake-scope';
import { stocktake } from '../src/modules/inventory/store/stocktake.table';
import { finishCounting, startStocktake } from '../src/modules/inventory/use-cases/count-stocktake';
import { planStocktake } from '../src/modules/inventory/use-cases/plan-stocktake';
import { postStocktake } from '../src/modules/inventory/use-cases/post-stocktake';
import { reverseStocktake } from '../src/modules/inventory/use-cases/reverse-stocktake';
import { scanIntoStocktake } from '../src/modules/inventory/use-cases/scan-into-stocktake';
import { systemActor } from '../src/platform/permissions';
import type { Services } from '../src/platform/services';
import { below, type Bench, type BenchContext, type Figure, median, spreadOf } from './measurement';
import { foundShop, imeiOf, type Shop, withProduct } from './shop';
import { countOf, marksOf, rowsSince, writeAgain, type WrittenRows } from './written-rows';

const DEVICES = { tiny: 20, small: 5000, full: 5000 };
const ROUNDS = { tiny: 1, small: 2, full: 5 };
/** What a till sends at once. */
const SCANS = 200;
const TARGET_MS = 5000;
const actor = systemActor('bench');

/**
 * A stocktake of 5,000 handsets: half of them are scanned, the other half is written off when it is posted, which is more
 * than any shop loses. Its reversal puts them back for the next round.
 */
export const stocktakeBench: Bench = {
  id: 'B14',
  title: 'stocktake of 5,000 IMEIs counted and posted',
  databases: ['sqlite', 'mariadb'],
  run,
};

interface Sample {
  startMs: number;
  scanMs: number;
  postMs: number;
  written: WrittenRows[];
}

async function run(context: BenchContext): Promise<Figure[]> {
  const { kind, scale, folder } = context;
  const count = DEVICES[scale];
  const url = await context.freshUrl();
  const samples: Sample[] = [];
  await withProduct(url, folder, async ({ services }) => {
    const shop = await foundShop(services);
    const driver = await context.bareDriver(url);
    const shapes = await driver.tables();
    const numbers = Array.from({ length: count }, (_, n) => imeiOf(n));
    await stockUp(services, shop, numbers);
    for (let round = 0; round < ROUNDS[scale]; round++) {
      const { uow } = services;
      const locationId = shop.stores[0]?.locationId ?? 0;
      const { id } = await planStocktake(uow, actor, { locationId, scope: EVERYTHING, blind: false });
      const startMs = await timed(async () => startStocktake(uow, actor, await at(services, id)));
      const half = numbers.slice(0, count / 2);
      const scanMs = await timed(() => scanAll(services, id, half));
      await finishCounting(uow, actor, await at(services, id));
      const seen = { missing: count - half.length, taken: 0, goods: 0 };
      const marks = await marksOf(driver, shapes);
      const postMs = await timed(async () => postStocktake(uow, actor, { ...(await at(services, id)), seen }));
      samples.push({ startMs, scanMs, postMs, written: await rowsSince(driver, shapes, marks) });
      await reverseStocktake(uow, actor, await at(services, id));
    }
    await driver.close();
  });
  const ceiling = await writeBare(context, samples);
  const rows = countOf(samples[0]?.written ?? []);
  const figure = (name: string, of: 'startMs' | 'scanMs' | 'postMs', more: Partial<Figure> = {}): Figure => ({
    name: `B14 stocktake of ${count.toLocaleString('en')} IMEIs: ${name}`,
    database: kind,
    value: median(samples.map((sample) => sample[of])),
    unit: 'ms',
    better: 'less',
    spread: spreadOf(samples.map((sample) => sample[of])),
    ...more,
  });
  const posted = median(samples.map(({ postMs }) => postMs));
  return [
    figure('start', 'startMs'),
    figure('scan half of them', 'scanMs'),
    figure('post, half missing', 'postMs', {
      ceiling: { name: `bare driver, the same ${rows} rows`, value: ceiling },
      share: ceiling / posted,
      target: below(posted, TARGET_MS, 'ms'),
    }),
  ];
}

async function stockUp({ uow, clock }: Services, shop: Shop, numbers: readonly string[]): Promise<void> {
  const [store] = shop.stores;
  await receiveGoods(uow, actor, {
    supplierId: shop.supplierId,
    storeId: store?.id ?? 0,
    locationId: store?.locationId ?? 0,
    businessDate: new Date(clock()).toISOString().slice(0, 10),
    deliveryNote: null,
    withInvoice: false,
    note: null,
    lines: [{ skuId: shop.phoneSkuId, quantity: numbers.length, unitPriceFen: 390_000, devices: [...numbers] }],
  });
}

async function scanAll({ uow }: Services, id: number, numbers: readonly string[]): Promise<void> {
  for (let first = 0; first < numbers.length; first += SCANS) {
    const lines = parsePaste(numbers.slice(first, first + SCANS).join('\n'), { imeisPerDevice: 1 });
    const scans = lines.map(({ text, identifiers, problems }, index) => ({
      key: `s${String(first + index)}`,
      text,
      identifiers,
      problems,
    }));
    await scanIntoStocktake(uow, actor, { id, scans });
  }
}

const at = async ({ database }: Services, id: number) => ({
  id,
  version: (await database.read.get(stocktake, id))?.version ?? 0,
});

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** The rows that the postings wrote, written again by the driver alone into tables with the same keys and indexes. */
async function writeBare(context: BenchContext, samples: readonly Sample[]): Promise<number> {
  const driver = await context.bareDriver(await context.freshUrl());
  const times: number[] = [];
  for (const { written } of samples) {
    const startedAt = performance.now();
    await driver.begin();
    await writeAgain(driver, written, 0);
    await driver.commit();
    times.push(performance.now() - startedAt);
  }
  await driver.close();
  return median(times);
}
