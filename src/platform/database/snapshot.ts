import type { QueryRunner } from 'typeorm';
import type mysql from 'mysql2';
import { camelRows, type Connection, serverReads } from './connection';
import type { Database } from './database';
import { type Dialect, placeholder } from './dialect';
import { mssqlValues } from './mssql';
import { NodeSqliteDatabase } from './node-sqlite-driver';
import { oracleNumbers } from './oracle';
import { quoteReserved } from './oracle-words';
import { type SqlValue } from './sql';
import { sqliteConnection } from './sqlite-connection';
import type { AnyTable } from './table';
import { type Reader, RunnerReader } from './transaction';

/** The database as it was at one moment, however long it is looked at and whatever is written meanwhile. Close it. */
export interface Snapshot {
  readonly dialect: Dialect;
  readonly read: Reader;
  /**
   * All rows in ascending order of the key, some thousands at a time, so that memory does not grow with the table. Values stand
   * in the order of `table.specs` as the database holds them: whole numbers, text (JSON as well), bytes, null.
   */
  pages(table: AnyTable): AsyncGenerator<SqlValue[][]>;
  close(): Promise<void>;
}

type Rows = (text: string, values: readonly SqlValue[]) => SqlValue[][] | Promise<SqlValue[][]>;

interface Source {
  reads: Pick<Connection, 'rows'>;
  /** Rows as arrays in the order of the columns that are asked for. */
  rows: (table: AnyTable) => Rows;
  pageRows: number;
  close: () => Promise<void>;
}

/** A server answers while the last page is worked on. */
const SERVER_PAGE = 5000;
/** The embedded database answers at once and holds up everything else meanwhile: a few milliseconds at a time. */
const EMBEDDED_PAGE = 500;

/**
 * Opens a snapshot on a connection of its own: a read transaction (SQLite), CONSISTENT SNAPSHOT (MySQL, MariaDB), SNAPSHOT
 * isolation (SQL Server; the installer allows it), SERIALIZABLE (Oracle). Writers go on; nothing is locked.
 */
export async function openSnapshot(database: Database): Promise<Snapshot> {
  const { dialect } = database;
  const source = await open[dialect](database);
  return {
    dialect,
    read: new RunnerReader(dialect, source.reads),
    pages: (table) => pagesOf(table, dialect, source),
    close: source.close,
  };
}

/** The key of every table is one column, its first one. */
export function keyOf(table: AnyTable): AnyTable['specs'][number] {
  const [first, ...others] = table.specs.filter(({ primary }) => primary);
  if (!first || others.length > 0) throw new RangeError(`${table.name} has no key of one column`);
  return first;
}

async function* pagesOf(table: AnyTable, dialect: Dialect, source: Source): AsyncGenerator<SqlValue[][]> {
  const rows = source.rows(table);
  const key = keyOf(table);
  const at = table.specs.indexOf(key);
  const columns = table.specs.map(({ column }) => column).join(', ');
  const write = (condition: string): string => {
    const limit = dialect === 'sqlite' || dialect === 'mysql' ? `LIMIT ${source.pageRows}` : paged(dialect, source);
    const text = `SELECT ${columns} FROM ${table.name}${condition} ORDER BY ${key.column} ${limit}`;
    return dialect === 'oracle' ? quoteReserved(text) : text;
  };
  const next = write(` WHERE ${key.column} > ${placeholder(dialect, 0)}`);
  let page = await rows(write(''), []);
  for (;;) {
    const last = page.at(-1)?.[at];
    if (last === undefined || page.length < source.pageRows) {
      if (page.length > 0) yield page;
      return;
    }
    const following = rows(next, [last]);
    // Nobody may be waiting when the connection breaks; whoever asks for the page will be told.
    if (following instanceof Promise) following.catch(() => undefined);
    yield page;
    page = await following;
    if (dialect === 'sqlite') await new Promise((resolve) => setImmediate(resolve));
  }
}

const paged = (dialect: Dialect, { pageRows }: Source): string =>
  `${dialect === 'mssql' ? 'OFFSET 0 ROWS ' : ''}FETCH NEXT ${pageRows} ROWS ONLY`;

const open: Readonly<Record<Dialect, (database: Database) => Promise<Source> | Source>> = {
  sqlite: openSqlite,
  mysql: openMysql,
  mssql: (database) => openServer(database, 'SNAPSHOT'),
  oracle: (database) => openServer(database, 'SERIALIZABLE'),
};

function openSqlite({ dataSource }: Database): Source {
  const connection = new NodeSqliteDatabase(String(dataSource.options.database), { readonly: true, timeout: 5000 });
  connection.exec('BEGIN');
  // The moment is that of the first read, not of BEGIN.
  connection.prepareRows('SELECT COUNT(*) FROM sqlite_master').all([]);
  const plain = sqliteConnection(connection);
  return {
    reads: plain,
    rows: () => {
      const prepared = new Map<string, ReturnType<NodeSqliteDatabase['prepareRows']>>();
      return (text, values) => {
        const statement = prepared.get(text) ?? connection.prepareRows(text);
        prepared.set(text, statement);
        return statement.all(values) as SqlValue[][];
      };
    },
    pageRows: EMBEDDED_PAGE,
    close: () => {
      connection.close();
      return Promise.resolve();
    },
  };
}

async function openMysql({ dataSource }: Database): Promise<Source> {
  const runner = dataSource.createQueryRunner();
  const connection = (await runner.connect()) as mysql.PoolConnection;
  const ask = <T>(options: mysql.QueryOptions): Promise<T> =>
    new Promise((resolve, reject) =>
      connection.query(options, (error, result) => (error ? reject(error) : resolve(result as T))),
    );
  try {
    // For the next transaction only.
    await ask({ sql: 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ' });
    await ask({ sql: 'START TRANSACTION WITH CONSISTENT SNAPSHOT' });
  } catch (error) {
    connection.destroy();
    throw error;
  }
  return {
    reads: {
      rows: async (text, values) => camelRows(await ask({ sql: text, values: values as unknown[] })),
    },
    rows: () => (text, values) => ask({ sql: text, values: values as unknown[], rowsAsArray: true }),
    pageRows: SERVER_PAGE,
    close: async () => {
      try {
        await ask({ sql: 'ROLLBACK' });
        await runner.release();
      } catch {
        connection.destroy();
      }
    },
  };
}

async function openServer({ dataSource, dialect }: Database, isolation: 'SNAPSHOT' | 'SERIALIZABLE'): Promise<Source> {
  const runner: QueryRunner = dataSource.createQueryRunner();
  await runner.startTransaction(isolation);
  const reads = serverReads(runner, dialect === 'mssql' ? mssqlValues : oracleNumbers);
  return {
    reads,
    rows: (table) => {
      const properties = table.specs.map(({ property }) => property);
      return async (text, values) =>
        (await reads.rows(text, values)).map((row) => properties.map((name) => (row[name] ?? null) as SqlValue));
    },
    pageRows: SERVER_PAGE,
    close: async () => {
      await runner.rollbackTransaction().catch(() => undefined);
      await runner.release();
    },
  };
}
