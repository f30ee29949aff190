import type { QueryRunner } from 'typeorm';
import type mysql from 'mysql2';
import { camelRows, type Connection, serverReads } from './connection';
import type { Database } from './database';
import { courtesy } from './courtesy';
import { camelCase, type Dialect, placeholder } from './dialect';
import { mssqlValues } from './mssql';
import { oracleNumbers } from './oracle';
import { quoteReserved } from './oracle-words';
import { exactly, lineExpression, type RowLines, summedColumns, wholeSums, writeRows } from './row-lines';
import type { SqlValue } from './sql';
import { SqliteThread } from './sqlite-thread';
import type { AnyTable } from './table';
import { type Reader, RunnerReader } from './transaction';

/** The database as it was at one moment, however long it is looked at and whatever is written meanwhile. Close it. */
export interface Snapshot {
  readonly dialect: Dialect;
  readonly read: Reader;
  /** All rows in ascending order of the key as lines of a backup, some thousands at a time: memory does not grow with the table. */
  lines(table: AnyTable): AsyncGenerator<RowLines>;
  close(): Promise<void>;
}

/** Some rows in the order of the key. */
interface Page extends RowLines {
  /** Key of the last row. */
  last: SqlValue | undefined;
}

type Rows = (text: string, values: readonly SqlValue[]) => Promise<SqlValue[][]>;

interface Source {
  reads: Pick<Connection, 'rows'>;
  /** Rows as arrays in the order of the columns that are asked for. */
  rows: (table: AnyTable) => Rows;
  /** Where the database writes the lines itself: so many rows behind a key (from the start: undefined). */
  written?: (table: AnyTable, line: string) => (after: SqlValue | undefined, most: number) => Promise<Page>;
  close: () => Promise<void>;
}

/** Rows of a page: few at first, since nothing is known of their length, then as many as make about this text. */
const FIRST_PAGE = 100;
const PAGE_BYTES = 256 * 1024;
/** On SQLite so many whole numbers below 2^53 add up to less than 2^63, beyond which it gives up. */
const MOST_ROWS = { sqlite: 1000, mysql: 5000, mssql: 5000, oracle: 5000 } as const;

/**
 * Opens a snapshot on a connection of its own: a read transaction in a thread of its own (SQLite), CONSISTENT SNAPSHOT (MySQL,
 * MariaDB), SNAPSHOT isolation (SQL Server; the installer allows it), SERIALIZABLE (Oracle). Writers go on; nothing is locked.
 * While other statements of this program show that people are at work, it rests for half of the time.
 */
export async function openSnapshot(database: Database): Promise<Snapshot> {
  const { dialect } = database;
  const source = await open[dialect](database);
  const piece = courtesy(database.watch);
  const reads: Source['reads'] = {
    rows: async (text, values) => {
      const done = piece();
      const rows = await source.reads.rows(text, values);
      await done();
      return rows;
    },
  };
  return {
    dialect,
    read: new RunnerReader(dialect, reads),
    lines: (table) => linesOf(table, dialect, source, piece),
    close: source.close,
  };
}

/** The key of every table is one column, its first one. */
export function keyOf(table: AnyTable): AnyTable['specs'][number] {
  const [first, ...others] = table.specs.filter(({ primary }) => primary);
  if (!first || others.length > 0) throw new RangeError(`${table.name} has no key of one column`);
  return first;
}

async function* linesOf(
  table: AnyTable,
  dialect: Dialect,
  source: Source,
  piece: ReturnType<typeof courtesy>,
): AsyncGenerator<RowLines> {
  const line = lineExpression(table, dialect);
  const take =
    line !== undefined && source.written
      ? source.written(table, line)
      : writtenHere(table, dialect, source.rows(table));
  let most = FIRST_PAGE;
  let page = await take(undefined, most);
  for (;;) {
    if (page.rows < most) {
      if (page.rows > 0) yield { ...page, text: exactly(page.text) };
      return;
    }
    const done = piece();
    const fitting = Math.ceil((PAGE_BYTES * page.rows) / Math.max(1, page.text.length));
    most = Math.min(MOST_ROWS[dialect], Math.max(10, fitting));
    // The database works while this page is packed.
    const following = take(page.last, most);
    // Nobody may be waiting when the connection breaks; whoever asks for the page will be told.
    following.catch(() => undefined);
    yield { ...page, text: exactly(page.text) };
    page = await following;
    await done();
  }
}

function writtenHere(table: AnyTable, dialect: Dialect, rows: Rows) {
  const key = keyOf(table);
  const at = table.specs.indexOf(key);
  const columns = table.specs.map(({ column }) => column).join(', ');
  return async (after: SqlValue | undefined, most: number): Promise<Page> => {
    const where = after === undefined ? '' : ` WHERE ${key.column} > ${placeholder(dialect, 0)}`;
    const limit = dialect === 'sqlite' || dialect === 'mysql' ? `LIMIT ${most}` : paged(dialect, most);
    const text = `SELECT ${columns} FROM ${table.name}${where} ORDER BY ${key.column} ${limit}`;
    const found = await rows(dialect === 'oracle' ? quoteReserved(text) : text, after === undefined ? [] : [after]);
    return { ...writeRows(table, found), last: found.at(-1)?.[at] };
  };
}

const paged = (dialect: Dialect, most: number): string =>
  `${dialect === 'mssql' ? 'OFFSET 0 ROWS ' : ''}FETCH NEXT ${most} ROWS ONLY`;

const open: Readonly<Record<Dialect, (database: Database) => Promise<Source> | Source>> = {
  sqlite: openSqlite,
  mysql: openMysql,
  mssql: (database) => openServer(database, 'SNAPSHOT'),
  oracle: (database) => openServer(database, 'SERIALIZABLE'),
};

async function openSqlite({ dataSource }: Database): Promise<Source> {
  const thread = new SqliteThread(String(dataSource.options.database), { readOnly: true, gentle: true });
  try {
    await thread.exec('BEGIN');
    // The moment is that of the first read, not of BEGIN.
    await thread.rows('SELECT COUNT(*) FROM sqlite_master', []);
  } catch (error) {
    await thread.close();
    throw error;
  }
  return {
    reads: {
      rows: async (text, values) => {
        const { columns, rows } = await thread.rows(text, values);
        const names = columns.map(camelCase);
        return rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]])));
      },
    },
    rows: () => async (text, values) => (await thread.rows(text, values)).rows,
    written: (table, line) => {
      const key = keyOf(table).column;
      const columns = table.specs.map(({ column }) => column).join(', ');
      const sums = summedColumns(table).map((column) => `, CAST(SUM(${column}) AS TEXT)`);
      const write = (where: string): string =>
        `SELECT COUNT(*), MAX(${key}), CAST(GROUP_CONCAT(${line}, CHAR(10)) || CHAR(10) AS BLOB)${sums.join('')}
         FROM (SELECT ${columns} FROM ${table.name}${where} ORDER BY ${key} LIMIT ?)`;
      const [first, next] = [write(''), write(` WHERE ${key} > ?`)];
      return async (after, most) => {
        const asked = after === undefined ? thread.rows(first, [most]) : thread.rows(next, [after, most]);
        const [[count, last, text, ...found] = []] = (await asked).rows;
        const rows = Number(count);
        if (rows === 0) return { text: Buffer.alloc(0), rows, sums: [], last: undefined };
        return { text: text as Buffer, rows, sums: wholeSums(table, found), last };
      };
    },
    close: () => thread.close(),
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
  const arrays = (): Rows => (text, values) => ask({ sql: text, values: values as unknown[], rowsAsArray: true });
  return {
    reads: {
      rows: async (text, values) => camelRows(await ask({ sql: text, values: values as unknown[] })),
    },
    rows: arrays,
    written: (table, line) => {
      const here = writtenHere(table, 'mysql', arrays());
      const key = keyOf(table);
      const at = table.specs.indexOf(key);
      const write = (where: string, most: number): string =>
        `SELECT ${line} FROM ${table.name}${where} ORDER BY ${key.column} LIMIT ${most}`;
      let summed = summedColumns(table).length === 0;
      return async (after, most) => {
        const where = after === undefined ? '' : ` WHERE ${key.column} > ?`;
        const lines: (Buffer | null)[] = [];
        await ask({
          sql: write(where, most),
          values: after === undefined ? [] : [after],
          rowsAsArray: true,
          // As bytes, which they become anyway: no text is made of each.
          typeCast: (field) => void lines.push(field.buffer()),
        });
        // Of the whole table, with its first page.
        const added = summed ? [] : await mysqlSums(table, arrays());
        summed = true;
        // What is longer than the server lets a statement be comes out as null.
        if (lines.includes(null)) return { ...(await here(after, most)), sums: added };
        const text = joined(lines as Buffer[]);
        const [last] = lines.slice(-1);
        const values = last ? (JSON.parse(last.toString()) as SqlValue[]) : [];
        return { text, rows: lines.length, sums: added, last: values[at] };
      };
    },
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

const LINE_FEED = Buffer.from('\n');

const joined = (lines: readonly Buffer[]): Buffer => Buffer.concat(lines.flatMap((line) => [line, LINE_FEED]));

/** Whole numbers are added up exactly as floating point as long as even without their signs they come to less. */
const EXACT = Number.MAX_SAFE_INTEGER;

/** Sums of a whole table. As DECIMAL, which is what SUM of whole numbers makes, they take twice as long. */
async function mysqlSums(table: AnyTable, rows: Rows): Promise<string[]> {
  const columns = summedColumns(table);
  const quick = columns.map((column) => `CAST(SUM(${column} * 1E0) AS SIGNED), SUM(ABS(${column} * 1E0))`);
  const [found = []] = await rows(`SELECT ${quick.join(', ')} FROM ${table.name}`, []);
  const isExact = columns.every((_, index) => Number(found[2 * index + 1] ?? 0) <= EXACT);
  if (isExact)
    return wholeSums(
      table,
      columns.map((_, index) => found[2 * index]),
    );
  const slow = columns.map((column) => `CAST(SUM(${column}) AS CHAR)`);
  const [exact = []] = await rows(`SELECT ${slow.join(', ')} FROM ${table.name}`, []);
  return wholeSums(table, exact);
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
    close: async () => {
      await runner.rollbackTransaction().catch(() => undefined);
      await runner.release();
    },
  };
}
