import { DataSource, type DataSourceOptions } from 'typeorm';
import { assemble } from './assemble';
import { parseConnectionUrl } from './connection-url';
import type { Dialect } from './dialect';
import type { IdSource } from './id-source';
import { openMssql } from './mssql';
import { openMysql } from './mysql';
import { NodeSqliteDatabase } from './node-sqlite-driver';
import { openOracle } from './oracle';
import { type SqliteConnection, sqliteConnection } from './sqlite-connection';
import { SqliteWriter } from './sqlite-writer';
import { createStatementWatch, type PoolUse, type StatementWatch } from './statement-watch';
import { type AnyTable, toEntitySchema } from './table';
import { TableWrites } from './table-writes';
import { type Reader, RunnerReader, type TransactionRunner } from './transaction';

export interface Database extends TransactionRunner {
  readonly dialect: Dialect;
  /** Reads outside a transaction: on SQLite a read-only connection of its own, which never sees unfinished work. */
  readonly read: Reader;
  readonly ids: IdSource;
  readonly writes: TableWrites;
  /** Where migrations and schema comparison run (on SQLite: the writer). */
  readonly dataSource: DataSource;
  /** How long statements take. */
  readonly watch: StatementWatch;
  pool(): PoolUse;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Server connections; SQLite has one writer and one reader. */
  poolSize?: number;
  /** Tables for the comparison of definitions and schema. */
  tables?: readonly AnyTable[];
  /**
   * For who only looks: nothing can be written, no transaction begun, a missing file is not made. The embedded database and
   * MySQL refuse by themselves as well; SQL Server and Oracle have no such switch for a session.
   */
  readOnly?: boolean;
}

/** Opens (SQLite: creates) the database of a connection URL. Errors of the driver pass through. */
export async function openDatabase(url: string, options: OpenOptions = {}): Promise<Database> {
  const database = await open(url, options);
  const writes = new TableWrites();
  const transaction = options.readOnly ? refuseToWrite : noting(database, writes);
  return { ...database, writes, transaction };
}

/** What one kind of database brings. */
export type OpenedDatabase = Omit<Database, 'writes'>;

/** Notes the tables that a transaction changed when it has ended: whether it was kept may be unknown. */
const noting =
  (database: OpenedDatabase, writes: TableWrites): Database['transaction'] =>
  async (work, last) => {
    let written: ReadonlySet<string> = new Set();
    try {
      return await database.transaction((tx) => {
        written = tx.written;
        return work(tx);
      }, last);
    } finally {
      writes.note(written);
    }
  };

const refuseToWrite = (): Promise<never> => Promise.reject(new Error('this database was opened for reading only'));

async function open(url: string, options: OpenOptions): Promise<OpenedDatabase> {
  const target = parseConnectionUrl(url);
  switch (target.kind) {
    case 'sqlite':
      return openSqlite(target.path, options);
    case 'mysql':
      return openMysql(target, options);
    case 'mssql':
      return openMssql(target, options);
    case 'oracle':
      return openOracle(target, options);
  }
}

function entities(options: OpenOptions, dialect: Dialect): DataSourceOptions['entities'] {
  return (options.tables ?? []).map((table) => toEntitySchema(table, dialect));
}

/**
 * KiB, for the writer and for the reader. What does not fit is read from the system's own cache: more here, or the file mapped
 * into memory, was no quicker with a million devices but counted as the server's memory.
 */
const CACHE = 'cache_size = -16384';

async function openSqlite(path: string, options: OpenOptions): Promise<OpenedDatabase> {
  const common = {
    type: 'better-sqlite3',
    database: path,
    driver: NodeSqliteDatabase,
    statementCacheSize: 500,
  } as const;
  const { readOnly: onlyLooks = false } = options;
  const pragmas = [...(onlyLooks ? [] : ['journal_mode = WAL', 'synchronous = FULL']), CACHE, 'temp_store = MEMORY'];
  const prepare = (database: NodeSqliteDatabase): void => {
    for (const pragma of pragmas) database.pragma(pragma);
  };
  const dataSource = await new DataSource({
    ...common,
    entities: entities(options, 'sqlite'),
    readonly: onlyLooks,
    // A writer tries again by itself; who only looks waits for one.
    timeout: onlyLooks ? 2000 : 100,
    prepareDatabase: prepare as (database: unknown) => void,
  }).initialize();
  const readOnly = await new DataSource({
    ...common,
    readonly: true,
    timeout: 2000,
    prepareDatabase: ((database: NodeSqliteDatabase) => database.pragma(CACHE)) as (database: unknown) => void,
  }).initialize();
  const watch = createStatementWatch();
  const reads = directConnection(readOnly);
  watch.explain = (text, values) =>
    reads.rows(`EXPLAIN QUERY PLAN ${text}`, values).map(({ detail }) => String(detail));
  const { runner, ids } = assemble('sqlite', (make) => new SqliteWriter(directConnection(dataSource), make), watch);
  return {
    dialect: 'sqlite',
    read: new RunnerReader('sqlite', reads, watch),
    ids,
    dataSource,
    watch,
    pool: () => runner.use(),
    transaction: (work, last) => runner.transaction(work, last),
    close: async () => {
      await runner.close();
      await readOnly.destroy();
      await dataSource.destroy();
    },
  };
}

/** TypeORM has opened it; migrations and the comparison of schemas go through its runner, everything else straight. */
function directConnection({ driver }: DataSource): SqliteConnection {
  return sqliteConnection((driver as unknown as { databaseConnection: NodeSqliteDatabase }).databaseConnection);
}
