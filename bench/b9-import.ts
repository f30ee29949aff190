import { modules } from '../src/app/modules';
import { applyImport, checkImport, importRun, startImport } from '../src/platform/imports';
import { systemActor } from '../src/platform/permissions';
import type { Bench, BenchContext, Figure } from './measurement';
import { foundShop, imeiOf, withProduct } from './shop';
import { verifyBooks } from './books';
import { countOf, marksOf, rowsSince, writeAgain } from './written-rows';

const ROWS = { tiny: 20, small: 10_000, full: 100_000 };
const IMPORTER = 'inventory.opening';

/** Opening stock, a handset with its IMEI per row of a CSV file: read, checked against the books, written, all or nothing. */
export const importBench: Bench = { id: 'B9', title: 'import of opening stock', databases: ['sqlite', 'mariadb'], run };

async function run(context: BenchContext): Promise<Figure[]> {
  const { kind, scale, folder } = context;
  const count = ROWS[scale];
  const url = await context.freshUrl();
  const driver = await context.bareDriver(url);
  const measured = await withProduct(url, folder, async ({ services }) => {
    const { database } = services;
    const shop = await foundShop(services);
    const [code] = (await driver.query('SELECT code FROM sku WHERE id = ?', [shop.phoneSkuId]))[0] ?? [];
    const stores = await driver.query('SELECT code FROM store ORDER BY id');
    const lines = Array.from(
      { length: count },
      (_, n) => `${code},${stores[n % stores.length]?.[0]},${imeiOf(n)},${3900 + (n % 50)}.00,2026-10-${10 + (n % 20)}`,
    );
    const content = Buffer.from(`商品编码,门店,串号,成本,入库日期\n${lines.join('\n')}\n`);
    const importer = modules.flatMap(({ imports }) => imports ?? []).find(({ id }) => id === IMPORTER);
    if (!importer) throw new Error(`no importer ${IMPORTER}`);
    const actor = systemActor('bench');
    const shapes = await driver.tables();
    const marks = await marksOf(driver, shapes);
    const readRun = async (id: number) => {
      const row = await database.read.get(importRun, id);
      if (!row || row.state === 'failed' || row.problemCount > 0)
        throw new Error(`the import has problems: ${JSON.stringify(row?.failure ?? row?.problems?.slice(0, 3))}`);
      return row;
    };
    const startedAt = performance.now();
    const id = await startImport(services, actor, importer, { name: 'stock.csv', content, storeId: null });
    const { mapping, sheet, headerRow, across, version } = await readRun(id);
    await (
      await checkImport(services, actor, importer, { id, version, mapping, sheet, headerRow, across })
    ).ended;
    const checkedAt = performance.now();
    const checked = await readRun(id);
    await (
      await applyImport(services, actor, importer, { id, version: checked.version })
    ).ended;
    const appliedAt = performance.now();
    if ((await readRun(id)).state !== 'done') throw new Error('the import is not done');
    return {
      checkMs: checkedAt - startedAt,
      applyMs: appliedAt - checkedAt,
      written: await rowsSince(driver, shapes, marks),
    };
  });
  await driver.close();
  await verifyBooks(url);
  const bare = await context.bareDriver(await context.freshUrl());
  const startedAt = performance.now();
  await bare.begin();
  await writeAgain(bare, measured.written, 0);
  await bare.commit();
  const bareMs = performance.now() - startedAt;
  await bare.close();
  const rate = (ms: number): number => (count / ms) * 1000;
  const figure = { database: kind, unit: 'rows/s', better: 'more' as const, spread: 0 };
  const name = `B9 opening stock of ${count.toLocaleString('en')} rows`;
  return [
    { ...figure, name: `${name}: read and check`, value: rate(measured.checkMs) },
    {
      ...figure,
      name: `${name}: check again and write`,
      value: rate(measured.applyMs),
      ceiling: { name: `bare driver, the same ${countOf(measured.written)} rows`, value: rate(bareMs) },
      share: bareMs / measured.applyMs,
    },
  ];
}
