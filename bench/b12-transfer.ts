import {
  createTransfer,
  decideTransfer,
  pasteIntoTransfer,
  readTransferPaste,
  receiveTransfer,
  sendTransfer,
  transfer,
} from '../src/modules/inventory';
import { receiveGoods } from '../src/modules/purchasing';
import { systemActor } from '../src/platform/permissions';
import type { Services } from '../src/platform/services';
import { below, type Bench, type BenchContext, type Figure, median, spreadOf } from './measurement';
import { foundShop, imeiOf, type Shop, withProduct } from './shop';
import { countOf, marksOf, rowsSince, writeAgain, type WrittenRows } from './written-rows';

const DEVICES = { tiny: 20, small: 5000, full: 5000 };
const ROUNDS = { tiny: 1, small: 2, full: 5 };
const TARGET_MS = 5000;
const actor = systemActor('bench');

/** 5,000 handsets leave one store and are received in another: each is scanned into a list, posted, and scanned again. */
export const transferBench: Bench = {
  id: 'B12',
  title: 'transfer of 5,000 IMEIs sent and received',
  databases: ['sqlite', 'mariadb'],
  run,
};

interface Sample {
  pickMs: number;
  sendMs: number;
  receiveMs: number;
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
      const { transferId, pickMs } = await pickAll(services, shop, numbers, round);
      const marks = await marksOf(driver, shapes);
      const sendMs = await timed(async () => sendTransfer(services.uow, actor, await versionOf(services, transferId)));
      const written = await rowsSince(driver, shapes, marks);
      await paste(services, transferId, numbers);
      const version = await versionOf(services, transferId);
      const receiveMs = await timed(() => receiveTransfer(services.uow, actor, version));
      samples.push({ pickMs, sendMs, receiveMs, written });
    }
    await driver.close();
  });
  const ceiling = await writeBare(context, samples);
  const rows = countOf(samples[0]?.written ?? []);
  const figure = (name: string, of: 'pickMs' | 'sendMs' | 'receiveMs', more: Partial<Figure> = {}): Figure => ({
    name: `B12 transfer of ${count.toLocaleString('en')} IMEIs: ${name}`,
    database: kind,
    value: median(samples.map((sample) => sample[of])),
    unit: 'ms',
    better: 'less',
    spread: spreadOf(samples.map((sample) => sample[of])),
    ...more,
  });
  const sent = median(samples.map(({ sendMs }) => sendMs));
  const received = median(samples.map(({ receiveMs }) => receiveMs));
  return [
    figure('send', 'sendMs', {
      ceiling: { name: `bare driver, the same ${rows} rows`, value: ceiling },
      share: ceiling / sent,
      target: below(sent, TARGET_MS, 'ms'),
    }),
    figure('receive', 'receiveMs', { target: below(received, TARGET_MS, 'ms') }),
    figure('paste and check', 'pickMs'),
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

/** From the store that has them to the next one and back again, round by round. */
async function pickAll(services: Services, shop: Shop, numbers: readonly string[], round: number) {
  const [one, other] = round % 2 === 0 ? shop.stores : shop.stores.slice(0, 2).reverse();
  const { uow } = services;
  const created = await createTransfer(uow, actor, {
    fromLocationId: one?.locationId ?? 0,
    toLocationId: other?.locationId ?? 0,
  });
  const pickMs = await timed(() => paste(services, created.id, numbers));
  await decideTransfer(uow, actor, { ...(await versionOf(services, created.id)), decision: 'approve' });
  return { transferId: created.id, pickMs };
}

const paste = ({ uow }: Services, transferId: number, numbers: readonly string[]): Promise<unknown> =>
  pasteIntoTransfer(uow, actor, { transferId, scans: readTransferPaste(numbers.join('\n')), keep: 'all' });

const versionOf = async ({ database }: Services, transferId: number) => ({
  transferId,
  version: (await database.read.get(transfer, transferId))?.version ?? 0,
});

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** The rows that the sendings wrote, written again by the driver alone into tables with the same keys and indexes. */
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
