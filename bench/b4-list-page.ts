import path from 'node:path';
import { type Load, startLoad } from './load';
import type { Outcome, PageJob } from './load-process';
import { fillDevices } from './many-devices';
import { atLeast, type Bench, type BenchContext, type Figure, median, spreadOf } from './measurement';
import { type ProductServer, startProductServer, startServer } from './product-server';

const SIZES = { tiny: { rounds: 1, ms: 200 }, small: { rounds: 3, ms: 1500 }, full: { rounds: 7, ms: 4000 } };
const CLIENTS = 8;
const WARM_UP = { tiny: 20, small: 1000, full: 3000 };
const TARGET = 0.3;
const PAGES = [
  { name: 'devices', path: '/inventory/devices' },
  { name: 'stock', path: '/inventory/stock' },
];

/** Pages a second of a list of 50 rows, beside a bare Express + EJS page of as many bytes; plain, and packed as browsers ask for. */
export const listPageBench: Bench = { id: 'B4', title: 'list page of 50 rows', databases: ['sqlite'], run };

async function run(context: BenchContext): Promise<Figure[]> {
  const url = await context.freshUrl();
  const shop = await fillDevices(url, context.folder, 10_000);
  const server = await startProductServer({ databaseUrl: url, dataDir: context.folder });
  const load = startLoad();
  try {
    const figures: Figure[] = [];
    for (const page of PAGES)
      for (const gzip of [false, true]) {
        const job = { url: server.url, person: shop.manager, paths: [page.path], gzip };
        figures.push(await besideBare(context, load, job, `B4 list of ${page.name}, 50 rows${gzip ? ', gzip' : ''}`));
      }
    return figures;
  } finally {
    await load.stop();
    await server.stop();
  }
}

async function besideBare(
  { scale }: BenchContext,
  load: Load,
  job: Pick<PageJob, 'url' | 'person' | 'paths' | 'gzip'>,
  name: string,
): Promise<Figure> {
  const { rounds, ms } = SIZES[scale];
  const ask = (more: Partial<PageJob>): Promise<Outcome> =>
    load.run({ kind: 'pages', ...job, clients: CLIENTS, ms, most: 1_000_000_000, ...more });
  const { bytes } = await ask({ clients: 1, most: 1, gzip: false });
  const bare: ProductServer = await startServer(
    ['--import', 'tsx', path.join(import.meta.dirname, 'bare-page-server.ts'), String(bytes)],
    '/readyz',
    { NODE_ENV: 'production' },
  );
  try {
    const ceilingJob = { url: bare.url, person: null, paths: ['/list'] };
    // A server that has just started compiles while it answers; what counts is the shop's whole day.
    await ask({ ms: 60_000, most: WARM_UP[scale] });
    await ask({ ...ceilingJob, ms: 60_000, most: WARM_UP[scale] });
    const rates: number[] = [];
    const ceilings: number[] = [];
    for (let round = 0; round < rounds; round++) {
      rates.push(perSecond(await ask({})));
      ceilings.push(perSecond(await ask(ceilingJob)));
    }
    const share = median(rates.map((rate, round) => rate / (ceilings[round] ?? rate)));
    return {
      name,
      database: 'sqlite',
      value: median(rates),
      unit: 'pages/s',
      better: 'more',
      spread: spreadOf(rates),
      ceiling: { name: `bare page of ${Math.round(bytes / 1024)} KB`, value: median(ceilings) },
      share,
      target: atLeast(share, TARGET),
    };
  } finally {
    await bare.stop();
  }
}

const perSecond = ({ done, ms }: Outcome): number => (done / ms) * 1000;
