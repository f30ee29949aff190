import { closeSync, fsyncSync, openSync } from 'node:fs';
import type mysql from 'mysql2';
import type { QueryRunner } from 'typeorm';
import { parseConnectionUrl } from './connection-url';
import { openDatabase } from './database';
import { insertStatement } from './insert';
import { mysqlTuples } from './mysql-tuples';
import { render, sql, type SqlValue } from './sql';
import { SqliteThread } from './sqlite-thread';
import type { AnyTable } from './table';

/**
 * Writes many rows into a database that nobody else works with. References between rows are not checked while it lasts where the
 * database can leave that out: the rows come from a database in which they were right. Nothing is durable before `finish`.
 */
export type BulkLoad = LineLoad | RowLoad;

interface LineLoad extends AnyLoad {
  /** Lines of a backup, values in the order of `table.specs`. Takes the memory over: the lines are empty afterwards. */
  insertLines(table: AnyTable, lines: Buffer): Promise<void>;
}

interface RowLoad extends AnyLoad {
  /** A row must come after those it refers to. */
  readonly checksReferences: boolean;
  /** Values in the order of `table.specs`, as the database holds them. */
  insert(table: AnyTable, rows: readonly (readonly SqlValue[])[]): Promise<void>;
}

interface AnyLoad {
  /** Removes all rows, of what migrations have put in. */
  empty(table: AnyTable): Promise<void>;
  /** Keeps what was written. */
  finish(): Promise<void>;
  /** Leaves at once; what was written may be there or not. */
  abandon(): Promise<void>;
}

export async function openBulkLoad(url: string): Promise<BulkLoad> {
  const target = parseConnectionUrl(url);
  return target.kind === 'sqlite' ? loadSqlite(target.path) : loadServer(url);
}

/** Pieces that wait for the thread while the next are unpacked. */
const MOST_WAITING = 2;

async function loadSqlite(file: string): Promise<LineLoad> {
  const thread = new SqliteThread(file, { readOnly: false, gentle: false });
  const sent: Promise<void>[] = [];
  const send = async (work: Promise<void>): Promise<void> => {
    // Whoever waits next is told.
    work.catch(() => undefined);
    sent.push(work);
    if (sent.length > MOST_WAITING) await sent.shift();
  };
  try {
    // A failed load is thrown away whole, so nothing is kept for going back.
    await thread.exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA cache_size = -32768');
    await thread.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    await thread.close();
    throw error;
  }
  return {
    empty: (table) => send(thread.exec(`DELETE FROM ${table.name}`)),
    insertLines: (table, lines) => {
      const bytesAt = table.specs.flatMap(({ kind }, at) => (kind === 'bytes' ? [at] : []));
      return send(thread.load(insertStatement(table, 1, 'sqlite'), lines, bytesAt));
    },
    finish: async () => {
      await Promise.all(sent);
      await thread.exec('COMMIT; PRAGMA journal_mode = WAL');
      await thread.close();
      const handle = openSync(file, 'r+');
      fsyncSync(handle);
      closeSync(handle);
    },
    abandon: () => thread.close(),
  };
}

async function loadServer(url: string): Promise<RowLoad> {
  const database = await openDatabase(url, { poolSize: 1 });
  const { dialect, dataSource } = database;
  if (dialect === 'mysql') return loadMysql(dataSource.createQueryRunner(), () => database.close());
  return {
    checksReferences: true,
    empty: async (table) => {
      await database.transaction((tx) => tx.execute(sql`DELETE FROM ${sql.identifier(table.name)}`));
    },
    insert: (table, rows) => database.transaction((tx) => tx.insertValues(table, rows)),
    finish: () => database.close(),
    abandon: () => database.close(),
  };
}

/** What is kept for going back grows with a transaction and makes it slower; each end waits for the disk. */
const COMMIT_CHARACTERS = 1024 * 1024;

/**
 * Statements are sent before the ones ahead are answered, so that the server works while the next rows are unpacked. A failed one
 * is told by the next call.
 */
async function loadMysql(runner: QueryRunner, close: () => Promise<void>): Promise<RowLoad> {
  const connection = (await runner.connect()) as mysql.PoolConnection;
  const ask = (text: string): Promise<unknown> =>
    new Promise((resolve, reject) =>
      connection.query(text, (error, result) => (error ? reject(error) : resolve(result))),
    );
  await ask('SET SESSION foreign_key_checks = 0, SESSION unique_checks = 0');
  await ask('START TRANSACTION');
  let sent: Promise<unknown> = Promise.resolve();
  let uncommitted = 0;
  const send = async (works: () => Promise<unknown>[]): Promise<void> => {
    await sent;
    sent = Promise.all(works());
    // Whoever waits next is told.
    sent.catch(() => undefined);
  };
  return {
    checksReferences: false,
    empty: (table) => send(() => [ask(render(sql`DELETE FROM ${sql.identifier(table.name)}`, 'mysql').text)]),
    insert: (table, rows) =>
      send(() => {
        const tuples = mysqlTuples(rows);
        const works = tuples.map((text) => ask(`INSERT INTO ${table.name} (${columnsOf(table)}) VALUES ${text}`));
        uncommitted += tuples.reduce((sum, { length }) => sum + length, 0);
        if (uncommitted < COMMIT_CHARACTERS) return works;
        uncommitted = 0;
        return [...works, ask('COMMIT'), ask('START TRANSACTION')];
      }),
    finish: async () => {
      await sent;
      await ask('COMMIT');
      await ask('SET SESSION foreign_key_checks = 1, SESSION unique_checks = 1');
      await runner.release();
      await close();
    },
    abandon: async () => {
      connection.destroy();
      await close();
    },
  };
}

const columnsOf = (table: AnyTable): string => table.specs.map(({ column }) => column).join(', ');
