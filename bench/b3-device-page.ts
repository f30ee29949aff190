import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { BareDriver } from './bare-driver';
import { startLoad } from './load';
import { fillDevices } from './many-devices';
import { below, type Bench, type BenchContext, type Figure, median, spreadOf } from './measurement';
import { type ProductServer, startProductServer } from './product-server';

const SIZES = { tiny: [1000, 2000], small: [10_000, 100_000], full: [10_000, 100_000, 1_000_000] };
const ROUNDS = { tiny: 1, small: 5, full: 9 };
const PAGES_PER_ROUND = 60;
const TARGET_MS = 20;
const TARGET_RATIO = 1.3;

/** One device's page with its whole life, as its request takes from the outside, with ever more devices in the books. */
export const devicePageBench: Bench = { id: 'B3', title: 'device page', databases: ['sqlite'], run };

interface Place {
  devices: number;
  server: ProductServer;
  driver: BareDriver;
  ids: number[];
  person: { login: string; password: string };
  latencies: number[];
  bare: number[];
}

async function run(context: BenchContext): Promise<Figure[]> {
  const { scale, folder } = context;
  const places: Place[] = [];
  const load = startLoad();
  try {
    for (const devices of SIZES[scale]) {
      const url = await context.freshUrl();
      const dataDir = path.join(folder, String(devices));
      mkdirSync(dataDir);
      const startedAt = performance.now();
      const shop = await fillDevices(url, dataDir, devices);
      context.say(`${devices} devices made in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
      const driver = await context.bareDriver(url);
      const ids = await driver.query('SELECT id FROM device ORDER BY random() LIMIT 500');
      const server = await startProductServer({ databaseUrl: url, dataDir });
      places.push({
        devices,
        server,
        driver,
        ids: ids.map(([id]) => Number(id)),
        person: shop.manager,
        latencies: [],
        bare: [],
      });
    }
    // Warm, then in turns, so that whatever else the machine does meets all sizes alike.
    for (let round = -2; round < ROUNDS[scale]; round++)
      for (const place of places) {
        const start = ((round + 2) * PAGES_PER_ROUND) % place.ids.length;
        const ids = place.ids.slice(start, start + PAGES_PER_ROUND);
        const outcome = await load.run({
          kind: 'pages',
          url: place.server.url,
          person: place.person,
          paths: ids.map((id) => `/inventory/devices/${id}`),
          clients: 1,
          ms: 60_000,
          most: PAGES_PER_ROUND,
          gzip: false,
        });
        if (round < 0) continue;
        place.latencies.push(median(outcome.latenciesMs));
        place.bare.push(await readBare(place.driver, ids));
      }
    return figuresOf(places);
  } finally {
    await load.stop();
    for (const { server, driver } of places) {
      await server.stop();
      await driver.close();
    }
  }
}

/** Milliseconds for the rows of one page by the driver alone. */
async function readBare(driver: BareDriver, ids: readonly number[]): Promise<number> {
  const startedAt = performance.now();
  for (const id of ids) {
    await driver.query('SELECT * FROM device WHERE id = ?', [id]);
    await driver.query('SELECT * FROM device_identifier WHERE device_id = ?', [id]);
    await driver.query(
      'SELECT e.*, p.document_type, p.document_id, p.document_number FROM device_event e JOIN posting p ON p.id = e.posting_id WHERE e.device_id = ? ORDER BY e.seq',
      [id],
    );
  }
  return (performance.now() - startedAt) / ids.length;
}

function figuresOf(places: readonly Place[]): Figure[] {
  const [first] = places;
  return places.flatMap((place): Figure[] => {
    const { devices, latencies, bare } = place;
    const value = median(latencies);
    const count = devices.toLocaleString('en');
    const figures: Figure[] = [
      {
        name: `B3 device page, ${count} devices`,
        database: 'sqlite',
        value,
        unit: 'ms',
        better: 'less',
        spread: spreadOf(latencies),
        ceiling: { name: 'bare driver, its three reads', value: median(bare) },
        share: median(bare) / value,
        target: below(value, TARGET_MS, 'ms'),
      },
    ];
    if (first && place !== first) {
      const ratios = latencies.map((latency, round) => latency / (first.latencies[round] ?? latency));
      const ratio = median(ratios);
      figures.push({
        name: `B3 device page, ${count} devices beside ${first.devices.toLocaleString('en')}`,
        database: 'sqlite',
        value: ratio,
        unit: '×',
        better: 'less',
        spread: spreadOf(ratios),
        target: { text: `≤ ${TARGET_RATIO} ×`, met: ratio <= TARGET_RATIO },
      });
    }
    return figures;
  });
}
