import {
  addReceiptLines,
  createReceipt,
  pasteIntoReceipt,
  postReceipt,
  readPaste,
  receipt,
} from '../src/modules/purchasing';
import { systemActor } from '../src/platform/permissions';
import type { Services } from '../src/platform/services';
import { below, type Bench, type BenchContext, type Figure, median, spreadOf } from './measurement';
import { foundShop, imeiOf, type Shop, withProduct } from './shop';
import { countOf, marksOf, rowsSince, writeAgain, type WrittenRows } from './written-rows';

const DEVICES = { tiny: 20, small: 1000, full: 1000 };
const ROUNDS = { tiny: 1, small: 3, full: 7 };
const TARGET_MS = { sqlite: 1000, mariadb: 2000 };

/** A draft of 1,000 scanned handsets is put into the books: devices, numbers, events, stock, journal, payable. */
export const receiptBench: Bench = {
  id: 'B1',
  title: 'receipt of 1,000 IMEIs posted',
  databases: ['sqlite', 'mariadb'],
  run,
};

async function run(context: BenchContext): Promise<Figure[]> {
  const { kind, scale, folder } = context;
  const url = await context.freshUrl();
  const samples: { checkMs: number; postMs: number; written: WrittenRows[] }[] = [];
  await withProduct(url, folder, async ({ services }) => {
    const shop = await foundShop(services);
    const driver = await context.bareDriver(url);
    const shapes = await driver.tables();
    for (let round = 0; round < ROUNDS[scale]; round++) {
      const draft = await draftOf(services, shop, DEVICES[scale], round);
      const marks = await marksOf(driver, shapes);
      const startedAt = performance.now();
      await postReceipt(services.uow, systemActor('bench'), { receiptId: draft.id, version: draft.version });
      const postMs = performance.now() - startedAt;
      samples.push({ checkMs: draft.checkMs, postMs, written: await rowsSince(driver, shapes, marks) });
    }
    await driver.close();
  });
  const ceiling = await writeBare(context, samples);
  const posted = samples.map(({ postMs }) => postMs);
  const checked = samples.map(({ checkMs }) => checkMs);
  return [
    {
      name: 'B1 receipt of 1,000 IMEIs: post',
      database: kind,
      value: median(posted),
      unit: 'ms',
      better: 'less',
      spread: spreadOf(posted),
      ceiling: { name: `bare driver, the same ${countOf(samples[0]?.written ?? [])} rows`, value: ceiling },
      share: ceiling / median(posted),
      target: below(median(posted), TARGET_MS[kind], 'ms'),
    },
    {
      name: 'B1 receipt of 1,000 IMEIs: paste and check',
      database: kind,
      value: median(checked),
      unit: 'ms',
      better: 'less',
      spread: spreadOf(checked),
    },
  ];
}

async function draftOf({ uow, clock, database }: Services, shop: Shop, devices: number, round: number) {
  const actor = systemActor('bench');
  const [store] = shop.stores;
  const created = await createReceipt(uow, actor, {
    supplierId: shop.supplierId,
    storeId: store?.id ?? 0,
    locationId: store?.locationId ?? 0,
    businessDate: new Date(clock()).toISOString().slice(0, 10),
    deliveryNote: 'HS-2211-087',
    withInvoice: false,
    note: null,
  });
  await addReceiptLines(uow, actor, {
    receiptId: created.id,
    lines: [{ skuId: shop.phoneSkuId, quantity: devices, unitPriceFen: 390_000 }],
  });
  const numbers = Array.from({ length: devices }, (_, n) => imeiOf(round * devices + n)).join('\n');
  const startedAt = performance.now();
  await pasteIntoReceipt(uow, actor, {
    receiptId: created.id,
    scans: readPaste(numbers, { lineId: null, imeisPerDevice: 1, overrides: new Set() }),
    keep: 'all',
  });
  const checkMs = performance.now() - startedAt;
  const row = await database.read.get(receipt, created.id);
  return { id: created.id, version: row?.version ?? 1, checkMs };
}

/** The rows that the receipts wrote, written again by the driver alone into tables with the same keys and indexes. */
async function writeBare(context: BenchContext, samples: readonly { written: WrittenRows[] }[]): Promise<number> {
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
