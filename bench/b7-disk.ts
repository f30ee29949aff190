import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import { postSale } from '../src/modules/sales';
import { systemActor } from '../src/platform/permissions';
import type { BareDriver } from './bare-driver';
import type { Bench, BenchContext, Figure } from './measurement';
import { foundShop, receiveDevices, saleOf, sellableDevices, withProduct } from './shop';
import { marksOf, rowsSince, type WrittenRows } from './written-rows';

const SALES = 1000;
const AT_ONCE = 8;

/** What 1,000 sales add to the database, indexes included; beside the same rows in one plain table each. */
export const diskBench: Bench = { id: 'B7', title: 'disk per 1,000 sales', databases: ['sqlite', 'mariadb'], run };

async function run(context: BenchContext): Promise<Figure[]> {
  const { kind, folder } = context;
  const url = await context.freshUrl();
  const driver = await context.bareDriver(url);
  const { bytes, rows } = await context.hurried(() =>
    withProduct(url, folder, async ({ services }) => {
      const shop = await foundShop(services);
      await receiveDevices(services, shop, SALES / shop.stores.length);
      const shapes = await driver.tables();
      const marks = await marksOf(driver, shapes);
      const before = await sizeOf(context, driver, url);
      const actor = systemActor('bench');
      const commands = [];
      for (const seller of shop.sellers.slice(0, shop.stores.length))
        for (const [n, deviceId] of (await sellableDevices(services, seller.storeId)).entries())
          commands.push(saleOf(shop, seller.registerId, deviceId, [n % 20, (n + 7) % 20]));
      for (let start = 0; start < commands.length; start += AT_ONCE)
        await Promise.all(
          commands
            .slice(start, start + AT_ONCE)
            .map((command) => postSale(services.uow, actor, command, { operationKey: crypto.randomUUID() })),
        );
      const after = await sizeOf(context, driver, url);
      return { bytes: after - before, rows: await rowsSince(driver, shapes, marks) };
    }),
  );
  await driver.close();
  const plain = plainSize(path.join(folder, 'plain.sqlite'), rows);
  return [
    {
      name: 'B7 disk per 1,000 sales',
      database: kind,
      value: bytes / 1024,
      unit: 'KB',
      better: 'less',
      spread: 0,
      ceiling: { name: 'the rows alone, without any index', value: plain / 1024 },
      share: plain / bytes,
    },
  ];
}

async function sizeOf({ kind }: BenchContext, driver: BareDriver, url: string): Promise<number> {
  if (kind === 'sqlite') {
    await driver.query('PRAGMA wal_checkpoint(TRUNCATE)');
    return statSync(url.slice('sqlite:'.length)).size;
  }
  for (const { name } of await driver.tables()) await driver.query(`ANALYZE TABLE ${name}`);
  const [row] = await driver.query(
    'SELECT SUM(data_length + index_length) FROM information_schema.tables WHERE table_schema = DATABASE()',
  );
  return Number(row?.[0] ?? 0);
}

function plainSize(file: string, written: readonly WrittenRows[]): number {
  const database = new DatabaseSync(file);
  database.exec('BEGIN');
  for (const { table, columns, rows } of written) {
    database.exec(`CREATE TABLE ${table} (${columns.map((name) => `${name} BLOB`).join(', ')})`);
    const insert = database.prepare(`INSERT INTO ${table} VALUES (${columns.map(() => '?').join(', ')})`);
    for (const row of rows) insert.run(...row);
  }
  database.exec('COMMIT');
  database.close();
  return statSync(file).size;
}
