import path from 'node:path';
import { startLoad } from './load';
import { below, type Bench, type BenchContext, type Figure, median, spreadOf } from './measurement';
import { startProductServer, startServer } from './product-server';
import { saleJob, shareOut } from './sale-job';
import { foundShop, receiveDevices, sellableDevices, TILLS, withProduct } from './shop';

const SALES = { tiny: 20, small: 2000, full: 10_000 };
const STARTS = 3;
const TARGET_MB = 250;
const MB = 1024 * 1024;

/** From the start of the process to the first request it answers; memory then, and after a day's sales of a big chain. */
export const memoryBench: Bench = { id: 'B6', title: 'cold start and memory', databases: ['sqlite'], run };

async function run(context: BenchContext): Promise<Figure[]> {
  const { folder, scale } = context;
  const url = await context.freshUrl();
  const sales = SALES[scale];
  const { shop, deviceIds } = await withProduct(url, folder, async ({ services }) => {
    const made = await foundShop(services);
    await receiveDevices(services, made, Math.ceil(sales / made.stores.length));
    const byStore = new Map<number, number[]>();
    for (const { id } of made.stores) byStore.set(id, await sellableDevices(services, id));
    return { shop: made, deviceIds: shareOut(made, byStore).stores };
  });
  const barePage = path.join(import.meta.dirname, 'bare-page-server.ts');
  const starts: number[] = [];
  const bareStarts: number[] = [];
  let bareMb = 0;
  for (let n = 0; n < STARTS; n++) {
    const bare = await startServer(['--import', 'tsx', barePage, '20000'], '/readyz', { NODE_ENV: 'production' });
    bareStarts.push(bare.readyMs);
    bareMb = bare.residentBytes() / MB;
    await bare.stop();
    const cold = await startProductServer({ databaseUrl: url, dataDir: folder });
    starts.push(cold.readyMs);
    await cold.stop();
  }
  const server = await startProductServer({ databaseUrl: url, dataDir: folder });
  const load = startLoad();
  try {
    const atStart = server.residentBytes() / MB;
    await load.run(saleJob(server.url, shop, { clients: TILLS, deviceIds, hall: false, ms: null }));
    const afterwards = server.residentBytes() / MB;
    const memory = (name: string, value: number): Figure => ({
      name: `B6 resident memory ${name}`,
      database: 'sqlite',
      value,
      unit: 'MB',
      better: 'less',
      spread: 0,
      ceiling: { name: 'bare Express + EJS at its start', value: bareMb },
      share: bareMb / value,
      target: below(value, TARGET_MB, 'MB'),
    });
    return [
      {
        name: 'B6 start to ready',
        database: 'sqlite',
        value: median(starts),
        unit: 'ms',
        better: 'less',
        spread: spreadOf(starts),
        ceiling: { name: 'bare Express + EJS', value: median(bareStarts) },
        share: median(bareStarts) / median(starts),
      },
      memory('at start', atStart),
      memory(`after ${sales.toLocaleString('en')} sales`, afterwards),
    ];
  } finally {
    await load.stop();
    await server.stop();
  }
}
