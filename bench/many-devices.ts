import { DatabaseSync } from 'node:sqlite';
import { completeImei } from '../src/kernel';
import { postSale } from '../src/modules/sales';
import { systemActor } from '../src/platform/permissions';
import { bareSqlite, type TableShape } from './bare-driver';
import {
  ACCESSORY_FEN,
  foundShop,
  PHONE_FEN,
  receiveDevices,
  saleOf,
  sellableDevices,
  type Shop,
  withProduct,
} from './shop';
import { marksOf, type Marks } from './written-rows';

const PER_STORE = 200;
const PER_SALE = 5;
const SALES_PER_STORE = 4;
/** Sale lines of each thousand devices when all that lie in stores with tills are sold. */
export const LINES_PER_THOUSAND = PER_STORE * 4 * 3;
/** What the product writes at first, in all stores. */
export const PATTERN_DEVICES = PER_STORE * 5;
/** Between the ids of one copy and the next. */
const STEP = 100_000;
/** Columns that name rows which are copied too; all others name what is shared: stores, SKUs, balances, accounts, tills. */
const COPIED = new Set(
  'id posting_id source_posting_id device_id document_id sale_id receipt_id line_id entry_id'.split(' '),
);
/** What belongs to no book and would only take time. */
const LEFT_OUT = new Set(['audit_log', 'outbox_event', 'operation', 'receipt_scan', 'counter']);

/**
 * Fills a fresh SQLite database with this many devices (whole thousands) in seconds. The first thousand is received and
 * partly sold through the use cases; all others are copies of the rows that these wrote, with other ids and IMEIs, so that
 * the books hold as if each had been received and sold by itself. `sold`: a few together, or all but those of the hall one by
 * one, each with two accessories.
 */
export async function fillDevices(
  url: string,
  dataDir: string,
  count: number,
  sold: 'few' | 'all' = 'few',
): Promise<Shop> {
  const file = url.slice('sqlite:'.length);
  const driver = bareSqlite(file);
  const shapes = await driver.tables();
  let marks: Marks = new Map();
  let before: [number, number, number][] = [];
  const balances = async () =>
    (await driver.query('SELECT id, quantity, value_fen FROM stock_balance')) as [number, number, number][];
  const shop = await withProduct(url, dataDir, async ({ services }) => {
    const made = await foundShop(services);
    marks = await marksOf(driver, shapes);
    before = await balances();
    await receiveDevices(services, made, PER_STORE);
    for (const seller of made.sellers.slice(0, made.stores.length)) {
      const devices = await sellableDevices(services, seller.storeId);
      if (sold === 'all') {
        for (const [n, deviceId] of devices.entries()) {
          const accessories: [number, number] = [n % 20, (n + 7) % 20];
          await postSale(services.uow, systemActor('bench'), saleOf(made, seller.registerId, deviceId, accessories));
        }
        continue;
      }
      for (let n = 0; n < SALES_PER_STORE; n++)
        await postSale(services.uow, systemActor('bench'), {
          registerId: seller.registerId,
          lines: [
            ...devices
              .slice(n * PER_SALE, (n + 1) * PER_SALE)
              .map((deviceId) => ({ skuId: made.phoneSkuId, deviceId, quantity: 1, discountFen: 0 })),
            { skuId: made.accessorySkuIds[n] ?? 0, quantity: 1, discountFen: 0 },
          ],
          tenders: [{ kind: 'card', amountFen: PER_SALE * PHONE_FEN + ACCESSORY_FEN }],
        });
    }
    return made;
  });
  const after = await balances();
  await driver.close();
  copy(file, shapes, marks, Math.max(0, count / PATTERN_DEVICES - 1), { before, after });
  return shop;
}

type Balances = readonly (readonly [id: number, quantity: number, valueFen: number])[];

function copy(
  file: string,
  shapes: readonly TableShape[],
  marks: Marks,
  copies: number,
  balances: { before: Balances; after: Balances },
): void {
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -400000');
  const imei = (value: string, n: number): string => {
    const serial =
      (Number(value.slice(0, 8)) - 86_742_106) * 1_000_000 + Number(value.slice(8, 14)) + n * PATTERN_DEVICES;
    return completeImei(`${86_742_106 + Math.floor(serial / 1_000_000)}${String(serial % 1_000_000).padStart(6, '0')}`);
  };
  database.function('other_imei', { deterministic: true }, (value, n) =>
    typeof value === 'string' ? imei(value, Number(n)) : null,
  );
  database.function('tail_of', { deterministic: true }, (value, n) =>
    [...imei(String(value), Number(n))].reverse().slice(0, 8).join(''),
  );
  const tables = shapes.filter(
    ({ name }) => marks.has(name) && !LEFT_OUT.has(name) && name !== 'stock_balance' && hasNew(database, name, marks),
  );
  const names = tables.map(({ name }) => `'${name}'`).join(', ');
  const indexes = database
    .prepare(`SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (${names})`)
    .all() as { name: string; sql: string }[];
  database.exec('BEGIN');
  for (const { name } of indexes) database.exec(`DROP INDEX ${name}`);
  for (const { name, columns, unique } of tables) {
    const mark = marks.get(name) ?? 0;
    const made = columns.map((column) => valueOf(name, column, unique.includes(column))).join(', ');
    database.exec(
      `INSERT INTO ${name} (${columns.join(', ')})
       WITH RECURSIVE k(n) AS (SELECT 1 WHERE ${copies} > 0 UNION ALL SELECT n + 1 FROM k WHERE n < ${copies})
       SELECT ${made} FROM k CROSS JOIN (SELECT * FROM ${name} WHERE id > ${mark} ORDER BY id) t`,
    );
    database.exec(`UPDATE counter SET next_value = next_value + ${(copies + 1) * STEP} WHERE name = '${name}'`);
  }
  const update = database.prepare('UPDATE stock_balance SET quantity = ?, value_fen = ? WHERE id = ?');
  for (const [id, quantity, valueFen] of balances.after) {
    const [, quantityBefore, valueBefore] = balances.before.find(([known]) => known === id) ?? [id, 0, 0];
    update.run(quantity + copies * (quantity - quantityBefore), valueFen + copies * (valueFen - valueBefore), id);
  }
  for (const { sql } of indexes) database.exec(sql);
  database.exec(
    `UPDATE shift SET (sale_count, sale_gross_fen) =
       (SELECT COUNT(*), COALESCE(SUM(gross_fen), 0) FROM sale s WHERE s.shift_id = shift.id AND s.state = 'posted')`,
  );
  database.exec('COMMIT');
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
}

function hasNew(database: DatabaseSync, table: string, marks: Marks): boolean {
  return database.prepare(`SELECT 1 FROM ${table} WHERE id > ? LIMIT 1`).get(marks.get(table) ?? 0) !== undefined;
}

function valueOf(table: string, column: string, unique: boolean): string {
  if (table === 'device_identifier' && column === 'tail') return 'tail_of(t.value, k.n)';
  if (/^(value|active_key|main_number|imei1)$/.test(column)) return `other_imei(t.${column}, k.n)`;
  if (COPIED.has(column)) return `t.${column} + k.n * ${STEP}`;
  if (column.endsWith('number') && (unique || table === 'posting')) return `t.${column} || '-' || k.n`;
  return `t.${column}`;
}
