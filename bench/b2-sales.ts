import type { Product } from '../src/app/product';
import { verifyBooks } from './books';
import { startLoad } from './load';
import type { Outcome } from './load-process';
import { atLeast, type Bench, type BenchContext, type Figure, median, percentile, spreadOf } from './measurement';
import { startProductServer } from './product-server';
import { openSaleCeiling, rowsOfSale, takeTemplates } from './sale-ceiling';
import { saleJob, shareOut } from './sale-job';
import { foundShop, receiveDevices, sellableDevices, TILLS, withProduct } from './shop';

const SIZES = {
  tiny: { rounds: 1, ms: 100, warmUpMs: 0, devicesPerStore: { sqlite: 240, mariadb: 240 }, templates: 1 },
  small: { rounds: 3, ms: 1500, warmUpMs: 4000, templates: 8, devicesPerStore: { sqlite: 7000, mariadb: 2500 } },
  full: { rounds: 7, ms: 4000, warmUpMs: 3000, templates: 8, devicesPerStore: { sqlite: 12000, mariadb: 8000 } },
};
const TARGETS = { sqlite: 0.35, mariadb: 0.5 };

interface Round {
  rate: number;
  ceiling: number;
  /** Processor time of the server for one sale, and of the bare driver. */
  cpuMs: number;
  bareCpuMs: number;
  outcome: Outcome;
}

type Way = { name: string; clients: number; hall: boolean };
const WAYS: readonly Way[] = [
  { name: '1 client', clients: 1, hall: false },
  { name: '8 clients', clients: TILLS, hall: false },
  { name: '8 clients, one store, the same accessories', clients: TILLS, hall: true },
];

/** One handset and two accessories for cash, posted through the till's address by signed-in cashiers. */
export const salesBench: Bench = { id: 'B2', title: 'sales through HTTP', databases: ['sqlite', 'mariadb'], run };

async function run(context: BenchContext): Promise<Figure[]> {
  const { kind, scale, folder } = context;
  const size = SIZES[scale];
  const url = await context.freshUrl();
  const prepare = async ({ services }: Product) => {
    const shop = await foundShop(services);
    await receiveDevices(services, shop, size.devicesPerStore[kind]);
    const source = await context.bareDriver(url);
    const spread = await takeTemplates(services, source, shop, { hall: false, each: size.templates });
    const hall = await takeTemplates(services, source, shop, { hall: true, each: size.templates });
    const ceilings = {
      spread: await openSaleCeiling(context, source, spread),
      hall: await openSaleCeiling(context, source, hall),
    };
    await source.close();
    const devices = new Map<number, number[]>();
    for (const { id } of [...shop.stores, shop.hall]) devices.set(id, await sellableDevices(services, id));
    return { shop, ceilings, devices, rows: rowsOfSale(spread) };
  };
  const prepared = await context.hurried(() => withProduct(url, folder, prepare));
  const { shop, ceilings, rows } = prepared;
  const devices = shareOut(shop, prepared.devices);
  const server = await startProductServer({ databaseUrl: url, dataDir: folder });
  const load = startLoad();
  try {
    // A round that does not count: the run time compiles what is used often.
    await sellFor(WAYS[1] as Way, size.warmUpMs, 0);
    const samples = new Map<Way, Round[]>();
    for (let round = 0; round < size.rounds; round++)
      for (const way of WAYS) {
        const ownBefore = process.cpuUsage();
        const ceiling = await (way.hall ? ceilings.hall : ceilings.spread).perSecond(way.clients, size.ms / 2);
        const own = process.cpuUsage(ownBefore);
        const bareCpuMs = (own.user + own.system) / 1000 / ((ceiling * size.ms) / 2000);
        const cpuBefore = server.cpuMs();
        const outcome = await sellFor(way, size.ms, round);
        const cpuMs = (server.cpuMs() - cpuBefore) / outcome.done;
        const rate = (outcome.done / outcome.ms) * 1000;
        samples.set(way, [...(samples.get(way) ?? []), { rate, ceiling, cpuMs, bareCpuMs, outcome }]);
      }
    const figures = [...samples].flatMap(([way, rounds]) => figuresOf(context, way, rounds, rows));
    return figures;
  } finally {
    await load.stop();
    await server.stop();
    await ceilings.spread.close();
    await ceilings.hall.close();
    await verifyBooks(url);
  }

  /** Another client begins in each round: one alone would soon have sold its devices. */
  async function sellFor(way: Way, ms: number, round: number): Promise<Outcome> {
    const all = way.hall ? devices.hall : devices.stores;
    const turned = <Item>(items: readonly Item[]): Item[] => items.map((_, n) => items[(n + round) % TILLS] as Item);
    const [deviceIds, sellers] = [turned(all), turned(shop.sellers)];
    const job = saleJob(server.url, { ...shop, sellers }, { clients: way.clients, deviceIds, hall: way.hall, ms });
    const outcome = await load.run(job);
    for (const [n, sold] of outcome.sold.entries()) deviceIds[n]?.splice(0, sold);
    return outcome;
  }
}

function figuresOf({ kind }: BenchContext, way: Way, rounds: readonly Round[], rows: number): Figure[] {
  const rates = rounds.map(({ rate }) => rate);
  const ceiling = median(rounds.map((round) => round.ceiling));
  const share = median(rounds.map((round) => round.rate / round.ceiling));
  const grouped = kind === 'sqlite' ? `${way.clients} to a commit` : `${way.clients} connections`;
  const latencies = rounds.flatMap(({ outcome }) => outcome.latenciesMs);
  const cpu = rounds.map(({ cpuMs }) => cpuMs);
  const bareCpu = rounds.map(({ bareCpuMs }) => bareCpuMs);
  const common = { database: kind, better: 'less' as const, unit: 'ms' };
  return [
    {
      name: `B2 sales, ${way.name}`,
      database: kind,
      value: median(rates),
      unit: 'sales/s',
      better: 'more',
      spread: spreadOf(rates),
      ceiling: { name: `bare driver, the same ${rows} rows, ${grouped}`, value: ceiling },
      share,
      ...(way.clients > 1 && !way.hall ? { target: atLeast(share, TARGETS[kind]) } : {}),
    },
    { ...common, name: `B2 sales, ${way.name}: 95 of 100 within`, value: percentile(latencies, 0.95), spread: 0 },
    {
      ...common,
      name: `B2 sales, ${way.name}: server's processor`,
      value: median(cpu),
      spread: spreadOf(cpu),
      // On a server database most of the work is done there, which neither figure sees.
      ...(kind === 'sqlite'
        ? {
            ceiling: { name: "bare driver's processor", value: median(bareCpu) },
            share: median(rounds.map((round) => round.bareCpuMs / round.cpuMs)),
          }
        : {}),
    },
  ];
}
