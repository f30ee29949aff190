import mysql from 'mysql2/promise';
import { DatabaseSync } from 'node:sqlite';

/**
 * The ceiling of "post one sale": 3 reads and 12 row writes in one transaction through the plain driver, nothing else
 * (no product code, no HTTP). What the product reaches through HTTP is given as a share of this, measured in the same run.
 */
const TABLES = [
  'CREATE TABLE c_device (id BIGINT PRIMARY KEY, sku_id BIGINT, state VARCHAR(20), location_id BIGINT, cost_fen BIGINT, version INT)',
  'CREATE TABLE c_balance (id BIGINT PRIMARY KEY, location_id BIGINT, sku_id BIGINT, quantity BIGINT, value_fen BIGINT)',
  'CREATE TABLE c_event (id BIGINT PRIMARY KEY, device_id BIGINT, at BIGINT, event VARCHAR(20), detail VARCHAR(200))',
  'CREATE TABLE c_sale (id BIGINT PRIMARY KEY, number VARCHAR(40), store_id BIGINT, total_fen BIGINT, at BIGINT)',
  'CREATE TABLE c_line (id BIGINT PRIMARY KEY, sale_id BIGINT, sku_id BIGINT, quantity BIGINT, amount_fen BIGINT, cost_fen BIGINT)',
  'CREATE TABLE c_journal (id BIGINT PRIMARY KEY, entry_id BIGINT, account VARCHAR(20), debit_fen BIGINT, credit_fen BIGINT)',
];
const DEVICES = 20_000;

interface Statements {
  read(text: string, values: number[]): Promise<unknown> | unknown;
  write(text: string, values: (number | string)[]): Promise<unknown> | unknown;
}

async function oneSale(run: Statements, n: number): Promise<void> {
  const device = 1 + (n % DEVICES);
  const balance = 1 + (n % 50);
  await run.read('SELECT id, state, location_id, cost_fen FROM c_device WHERE id = ?', [device]);
  await run.read('SELECT id, quantity, value_fen FROM c_balance WHERE id = ?', [balance]);
  await run.read('SELECT id, quantity, value_fen FROM c_balance WHERE id = ?', [51 + (n % 50)]);
  await run.write('UPDATE c_device SET state = ?, version = version + 1 WHERE id = ?', ['sold', device]);
  await run.write('UPDATE c_balance SET quantity = quantity - 1, value_fen = value_fen - 10 WHERE id = ?', [balance]);
  await run.write('UPDATE c_balance SET quantity = quantity - 1, value_fen = value_fen - 10 WHERE id = ?', [
    51 + (n % 50),
  ]);
  await run.write('INSERT INTO c_sale VALUES (?, ?, ?, ?, ?)', [n, `XS261122-NJ01-${n}`, 1, 479_700, n]);
  for (let line = 0; line < 3; line++)
    await run.write('INSERT INTO c_line VALUES (?, ?, ?, ?, ?, ?)', [n * 3 + line, n, 7, 1, 9900, 5000]);
  await run.write('INSERT INTO c_event VALUES (?, ?, ?, ?, ?)', [n, device, n, 'sold', 'XS261122-NJ01']);
  for (let line = 0; line < 4; line++)
    await run.write('INSERT INTO c_journal VALUES (?, ?, ?, ?, ?)', [n * 4 + line, n, '5001', 0, 9900]);
}

async function prepare(run: Statements): Promise<void> {
  for (const table of TABLES) await run.write(table, []);
  await run.write('BEGIN', []);
  for (let id = 1; id <= DEVICES; id++)
    await run.write('INSERT INTO c_device VALUES (?, 7, ?, 1, 100, 1)', [id, 'in_stock']);
  for (let id = 1; id <= 100; id++) await run.write('INSERT INTO c_balance VALUES (?, 1, 7, 1000000, 100000000)', [id]);
  await run.write('COMMIT', []);
}

/** Sales per second with `perCommit` sales sharing each commit; synchronous=FULL. */
export async function sqliteCeiling(file: string, perCommit: number, seconds: number): Promise<number> {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536');
  const cache = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  const statement = (text: string) => {
    let found = cache.get(text);
    if (!found) cache.set(text, (found = database.prepare(text)));
    return found;
  };
  const run: Statements = {
    read: (text, values) => statement(text).all(...values),
    write: (text, values) => statement(text).run(...values),
  };
  await prepare(run);
  const startedAt = performance.now();
  let sales = 0;
  while (performance.now() - startedAt < seconds * 1000) {
    statement('BEGIN IMMEDIATE').run();
    for (let n = 0; n < perCommit; n++) await oneSale(run, ++sales);
    statement('COMMIT').run();
  }
  const rate = (sales / (performance.now() - startedAt)) * 1000;
  database.close();
  return rate;
}

/** Sales per second over `connections` connections, one commit each. */
export async function mariadbCeiling(
  options: mysql.ConnectionOptions,
  connections: number,
  seconds: number,
): Promise<number> {
  const open = await Promise.all(Array.from({ length: connections }, () => mysql.createConnection(options)));
  const first = open[0] as mysql.Connection;
  const statements = (connection: mysql.Connection): Statements => ({
    read: (text, values) => connection.query(text, values),
    write: (text, values) => connection.query(text, values),
  });
  for (const name of ['c_device', 'c_balance', 'c_event', 'c_sale', 'c_line', 'c_journal'])
    await first.query(`DROP TABLE IF EXISTS ${name}`);
  await prepare(statements(first));
  const startedAt = performance.now();
  let sales = 0;
  await Promise.all(
    open.map(async (connection) => {
      while (performance.now() - startedAt < seconds * 1000) {
        const n = ++sales;
        await connection.query('START TRANSACTION');
        await oneSale(statements(connection), n);
        await connection.query('COMMIT');
      }
    }),
  );
  const rate = (sales / (performance.now() - startedAt)) * 1000;
  await Promise.all(open.map((connection) => connection.end()));
  return rate;
}
