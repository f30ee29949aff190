import { closeSync, fsyncSync, openSync } from 'node:fs';
import type mysql from 'mysql2';
import type { QueryRunner } from 'typeorm';
import { parseConnectionUrl } from './connection-url';
import { openDatabase } from './database';
import { insertStatement, rowsPerInsert } from './insert';
import { NodeSqliteDatabase, type RowStatement } from './node-sqlite-driver';
import { chunked, render, sql, type SqlValue } from './sql';
import type { AnyTable } from './table';

/**
 * Writes many rows into a database that nobody else works with. References between rows are not checked while it lasts where the
 * database can leave that out: the rows come from a database in which they were right. Nothing is durable before `finish`.
 */
export interface BulkLoad {
  /** A row must come after those it refers to. */
  readonly checksReferences: boolean;
  /** Removes all rows, of what migrations have put in. */
  empty(table: AnyTable): Promise<void>;
  /** Values in the order of `table.specs`, as the database holds them. */
  insert(table: AnyTable, rows: readonly (readonly SqlValue[])[]): Promise<void>;
  /** Keeps what was written. */
  finish(): Promise<void>;
  /** Leaves at once; what was written may be there or not. */
  abandon(): Promise<void>;
}

export async function openBulkLoad(url: string): Promise<BulkLoad> {
  const target = parseConnectionUrl(url);
  return target.kind === 'sqlite' ? loadSqlite(target.path) : loadServer(url);
}

function loadSqlite(file: string): BulkLoad {
  const database = new NodeSqliteDatabase(file, { timeout: 5000 });
  const statements = new Map<string, RowStatement>();
  const prepared = (text: string): RowStatement => {
    const statement = statements.get(text) ?? database.prepareRows(text);
    statements.set(text, statement);
    return statement;
  };
  // A failed load is thrown away whole, so nothing is kept for going back.
  for (const pragma of ['foreign_keys = OFF', 'synchronous = OFF', 'journal_mode = OFF', 'cache_size = -65536'])
    database.pragma(pragma);
  database.exec('BEGIN EXCLUSIVE');
  return {
    checksReferences: false,
    empty: (table) => Promise.resolve(void prepared(`DELETE FROM ${table.name}`).run([])),
    insert: (table, rows) => {
      for (const chunk of chunked(rows, rowsPerInsert(table.specs.length)))
        prepared(insertStatement(table, chunk.length, 'sqlite')).run(chunk.flat());
      return Promise.resolve();
    },
    finish: () => {
      database.exec('COMMIT');
      database.pragma('journal_mode = WAL');
      database.close();
      const handle = openSync(file, 'r+');
      fsyncSync(handle);
      closeSync(handle);
      return Promise.resolve();
    },
    abandon: () => {
      database.close();
      return Promise.resolve();
    },
  };
}

async function loadServer(url: string): Promise<BulkLoad> {
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

/** Values in one statement: far below what any server takes in one packet. */
const MOST_VALUES = 16_000;

/**
 * Statements are sent before the ones ahead are answered, so that the server works while the next rows are unpacked. A failed one
 * is told by the next call.
 */
async function loadMysql(runner: QueryRunner, close: () => Promise<void>): Promise<BulkLoad> {
  const connection = (await runner.connect()) as mysql.PoolConnection;
  const ask = (text: string, values: readonly SqlValue[] = []): Promise<unknown> =>
    new Promise((resolve, reject) =>
      connection.query(text, values as unknown[], (error, result) => (error ? reject(error) : resolve(result))),
    );
  await ask('SET SESSION foreign_key_checks = 0, SESSION unique_checks = 0');
  await ask('START TRANSACTION');
  let sent: Promise<unknown> = Promise.resolve();
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
      send(() => [
        ...chunked(rows, Math.max(1, Math.floor(MOST_VALUES / table.specs.length))).map((chunk) =>
          ask(insertStatement(table, chunk.length, 'mysql'), chunk.flat()),
        ),
        ask('COMMIT'),
        ask('START TRANSACTION'),
      ]),
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
