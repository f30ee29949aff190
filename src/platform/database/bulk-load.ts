import { closeSync, fsyncSync, openSync } from 'node:fs';
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

function loadMysql(runner: QueryRunner, close: () => Promise<void>): BulkLoad {
  let begun: Promise<unknown> | undefined;
  const begin = (): Promise<unknown> =>
    (begun ??= (async () => {
      await runner.query('SET SESSION foreign_key_checks = 0, SESSION unique_checks = 0');
      await runner.query('START TRANSACTION');
    })());
  const run = async (text: string, values: SqlValue[] = []): Promise<void> => {
    await begin();
    await runner.query(text, values);
  };
  return {
    checksReferences: false,
    empty: async (table) => {
      const { text, values } = render(sql`DELETE FROM ${sql.identifier(table.name)}`, 'mysql');
      await run(text, values);
    },
    insert: async (table, rows) => {
      for (const chunk of chunked(rows, rowsPerInsert(table.specs.length)))
        await run(insertStatement(table, chunk.length, 'mysql'), chunk.flat());
      await runner.query('COMMIT');
      await runner.query('START TRANSACTION');
    },
    finish: async () => {
      await runner.query('COMMIT');
      await runner.query('SET SESSION foreign_key_checks = 1, SESSION unique_checks = 1');
      await runner.release();
      await close();
    },
    abandon: async () => {
      await runner.release().catch(() => undefined);
      await close();
    },
  };
}
