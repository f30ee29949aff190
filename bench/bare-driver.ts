import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import mysql from 'mysql2/promise';
import { parseConnectionUrl } from '../src/platform/database/connection-url';
import { mysqlAddress } from '../src/platform/database/mysql';

export type Value = string | number | null;

/** The database without the product: what the ceilings are measured with. */
export interface BareDriver {
  query(text: string, values?: readonly Value[]): Promise<Value[][]> | Value[][];
  run(text: string, values?: readonly Value[]): Promise<unknown> | unknown;
  begin(): Promise<unknown> | unknown;
  commit(): Promise<unknown> | unknown;
  /** Tables with their columns, and those that take part in a unique key. */
  tables(): Promise<TableShape[]>;
  close(): Promise<void>;
}

export interface TableShape {
  name: string;
  columns: string[];
  unique: string[];
}

/** As the product opens it: WAL, synchronous=FULL, prepared statements kept; no foreign keys, as rows come in any order. */
export function bareSqlite(file: string): BareDriver {
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536');
  const cache = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  const statement = (text: string) => {
    let found = cache.get(text);
    if (!found) cache.set(text, (found = database.prepare(text)));
    return found;
  };
  const query = (text: string, values: readonly Value[] = []): Value[][] =>
    statement(text)
      .all(...(values as SQLInputValue[]))
      .map((row) => Object.values(row) as Value[]);
  const names = (text: string, place = 0): string[] => query(text).map((row) => String(row[place]));
  return {
    query,
    run: (text, values = []) => statement(text).run(...(values as SQLInputValue[])),
    begin: () => statement('BEGIN IMMEDIATE').run(),
    commit: () => statement('COMMIT').run(),
    tables: () =>
      Promise.resolve(
        names("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name").map(
          (name) => ({
            name,
            columns: names(`SELECT name FROM pragma_table_info('${name}') ORDER BY cid`),
            unique: [
              ...names(`SELECT name FROM pragma_table_info('${name}') WHERE pk > 0`),
              ...names(
                `SELECT i.name FROM pragma_index_list('${name}') l, pragma_index_info(l.name) i WHERE l."unique" = 1`,
              ),
            ],
          }),
        ),
      ),
    close: () => Promise.resolve(database.close()),
  };
}

/** One connection with the product's settings. */
/** What the driver needs to reach a MySQL or MariaDB server. */
export function addressOf(url: string): mysql.ConnectionOptions {
  const target = parseConnectionUrl(url);
  if (target.kind !== 'mysql') throw new RangeError(`not the URL of a MySQL or MariaDB server: ${target.kind}`);
  return mysqlAddress(target);
}

export async function bareMariadb(url: string): Promise<BareDriver> {
  const connection = await mysql.createConnection({
    ...addressOf(url),
    supportBigNumbers: true,
    decimalNumbers: true,
    timezone: 'Z',
    rowsAsArray: true,
  });
  await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  await connection.query('SET SESSION foreign_key_checks = 0');
  const query = async (text: string, values: readonly Value[] = []): Promise<Value[][]> =>
    (await connection.query(text, [...values]))[0] as unknown as Value[][];
  const names = async (text: string, table: string): Promise<string[]> =>
    (await query(text, [table])).map((row) => String(row[0]));
  return {
    query,
    run: (text, values = []) => connection.query(text, [...values]),
    begin: () => connection.query('START TRANSACTION'),
    commit: () => connection.query('COMMIT'),
    tables: async () => {
      const tables = await query(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY 1",
      );
      const shapes: TableShape[] = [];
      for (const [name] of tables)
        shapes.push({
          name: String(name),
          columns: await names(
            'SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position',
            String(name),
          ),
          unique: await names(
            'SELECT DISTINCT column_name FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ? AND non_unique = 0',
            String(name),
          ),
        });
      return shapes;
    },
    close: () => connection.end(),
  };
}
