import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase, sql } from '../src/platform/database';
import { HttpClient } from './http-client';
import { startLoad } from './load';
import { type BenchContext, type Figure, median, spreadOf } from './measurement';
import { startProductServer } from './product-server';
import { saleJob, shareOut } from './sale-job';
import { receiveDevices, type Shop, TILLS, withProduct } from './shop';

const SIZES = {
  tiny: { rounds: 1, ms: 300, warmUpMs: 0, devices: 0 },
  small: { rounds: 3, ms: 3000, warmUpMs: 3000, devices: 30_000 },
  full: { rounds: 3, ms: 8000, warmUpMs: 3000, devices: 30_000 },
};
const STAYS = 0.7;

/** How fast eight tills sell while the same server makes one backup after the other, beside how fast they sell otherwise. */
export async function salesBeside(context: BenchContext, url: string, shop: Shop, recipient: string): Promise<Figure> {
  const { kind, scale, folder } = context;
  const { rounds, ms, warmUpMs, devices: more } = SIZES[scale];
  await withProduct(url, folder, ({ services }) => receiveDevices(services, shop, more, [shop.hall]));
  const config = path.join(folder, 'beside.yaml');
  // A place beside the database is refused: it would go with it.
  const target = `  targets: [{ id: disk, kind: local, path: ${folder}-beside }]`;
  writeFileSync(config, `backup:\n  recipients: [${recipient}]\n${target}\n`);
  const devices = shareOut(shop, new Map([[shop.hall.id, await devicesOf(url, shop.hall.id)]])).hall;
  const server = await startProductServer({ databaseUrl: url, dataDir: folder, config });
  const load = startLoad();
  const administrator = new HttpClient(server.url);
  const sell = async (forMs: number): Promise<number> => {
    const job = saleJob(server.url, shop, { clients: TILLS, deviceIds: devices, hall: true, ms: forMs });
    const outcome = await load.run(job);
    for (const [n, sold] of outcome.sold.entries()) devices[n]?.splice(0, sold);
    return (outcome.done / outcome.ms) * 1000;
  };
  try {
    await administrator.signIn(shop.administrator);
    await sell(warmUpMs);
    const without: number[] = [];
    const beside: number[] = [];
    for (let round = 0; round < rounds; round++) {
      without.push(await sell(ms));
      const busy = { more: true };
      // Answers at once when one is under way already.
      const backups = (async () => {
        while (busy.more) {
          const { status } = await administrator.postForm('/settings/backups/runs', {});
          if (status !== 303) throw new Error(`no backup was begun: ${status}`);
          await pause(20);
        }
      })();
      const selling = sell(ms);
      beside.push(await Promise.race([selling, backups.then(() => selling)]));
      busy.more = false;
      await backups;
      await untilDone(url);
    }
    const share = median(beside) / median(without);
    return {
      name: 'B10 sales while backups are made',
      database: kind,
      value: median(beside),
      unit: 'sales/s',
      better: 'more',
      spread: spreadOf(beside),
      ceiling: { name: 'the same without', value: median(without) },
      share,
      target: { text: `≥ ${STAYS * 100} % of the rate without`, met: share >= STAYS },
    };
  } finally {
    administrator.close();
    await load.stop();
    await server.stop();
    rmSync(`${folder}-beside`, { recursive: true, force: true });
  }
}

async function devicesOf(url: string, storeId: number): Promise<number[]> {
  const database = await openDatabase(url, { poolSize: 1, readOnly: true });
  try {
    const rows = await database.read.all<{ id: number }>(
      sql`SELECT id FROM device WHERE store_id = ${storeId} AND state = 'in_stock' ORDER BY id`,
    );
    return rows.map(({ id }) => id);
  } finally {
    await database.close();
  }
}

async function untilDone(url: string): Promise<void> {
  const database = await openDatabase(url, { poolSize: 1, readOnly: true });
  try {
    for (;;) {
      const rows = await database.read.all<{ state: string; failure: string | null; results: string }>(
        sql`SELECT state, failure, results FROM backup_run ORDER BY id`,
      );
      const bad = rows.find(({ state }) => state !== 'ok' && state !== 'running');
      if (bad) throw new Error(`a backup beside the sales is ${bad.state}: ${bad.failure ?? bad.results}`);
      if (rows.length > 0 && rows.every(({ state }) => state === 'ok')) return;
      await pause(50);
    }
  } finally {
    await database.close();
  }
}
