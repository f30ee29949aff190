import { type AnyTable, type Database, openDatabase } from '../../src/platform/database';
import { createUnitOfWork, type UnitOfWork, type UnitOfWorkOptions } from '../../src/platform/unit-of-work';
import type { FreshDatabase } from './database-kinds/fresh-database';
import { freshMssql } from './database-kinds/mssql';
import { mysqlLikeDatabases } from './database-kinds/mysql-like';
import { freshOracle } from './database-kinds/oracle';

import { freshSqlite } from './database-kinds/sqlite';
import { mariadbInstalled, mariadbServer } from './mariadb-server';
import { skipUnless } from './skip';

export { freshSqlite } from './database-kinds/sqlite';
export type DatabaseKind = 'sqlite' | 'mariadb' | 'mysql' | 'mssql' | 'oracle';

export interface DatabaseContext {
  kind: DatabaseKind;
  /** A fresh migrated database, closed after the test. */
  open(options?: { tables?: readonly AnyTable[] }): Promise<Database>;
  /** The same with a unit of work over it. */
  openUow(options?: Partial<UnitOfWorkOptions>): Promise<{ database: Database; uow: UnitOfWork }>;
  /** The connection URL of a fresh migrated database, for tests that open it themselves or in another process. */
  freshUrl(): Promise<string>;
}

/** The vendors' servers, reached when their variable says where (docs/databases.md); `servers.spec.ts` names those that are not. */
export const SERVERS = [
  { kind: 'mysql', variables: ['ERP_TEST_MYSQL_URL'] },
  { kind: 'mssql', variables: ['ERP_TEST_MSSQL_URL'] },
  { kind: 'oracle', variables: ['ERP_TEST_ORACLE_URL', 'ERP_TEST_ORACLE_DRIVER'] },
] as const;

const given = SERVERS.filter(({ variables }) => variables.some((name) => process.env[name])).map(({ kind }) => kind);
// For the time one cares about one kind only: ERP_TEST_DATABASES=oracle
const wanted = process.env.ERP_TEST_DATABASES?.split(',');

/** Runs the same tests on every kind of database this machine has; a missing one is skipped by name. */
export function forEachDatabase(define: (context: DatabaseContext) => void): void {
  for (const kind of (['sqlite', 'mariadb', ...given] as const).filter((each) => wanted?.includes(each) ?? true))
    describe(`on ${kind}`, () => {
      before(function (this: Mocha.Context) {
        if (kind === 'sqlite') return undefined;
        // A busy machine may need minutes for this; the tests' own time is for the tests.
        this.timeout(300_000);
        if (kind !== 'mariadb') return undefined;
        skipUnless(this, mariadbInstalled(), 'mariadbd is not installed (tests on MariaDB)');
        return warmMariadb();
      });
      if (kind !== 'sqlite' && kind !== 'mariadb') patience();
      define(databaseContext(kind));
    });
}

/** Another machine's server, or a stand-in that reads each statement twice: what takes a second here takes many there. */
function patience(): void {
  beforeEach(function (this: Mocha.Context) {
    this.timeout(300_000);
    this.currentTest?.timeout(300_000);
  });
}

const freshDatabase: Readonly<Record<DatabaseKind, () => Promise<FreshDatabase>>> = {
  sqlite: freshSqlite,
  mariadb: async () => mariadbDatabases((await mariadbServer()).url),
  mysql: () => mysqlDatabases(mysqlUrl),
  mssql: freshMssql,
  oracle: freshOracle,
};

/** Starts the server and migrates a database and its twin, before the first test is timed. */
async function warmMariadb(): Promise<void> {
  const { release } = await freshDatabase.mariadb();
  await release();
}

const mariadbDatabases = once(mysqlLikeDatabases);
const mysqlDatabases = once(mysqlLikeDatabases);

function once<A, R>(make: (argument: A) => () => R): (argument: A) => R {
  let made: (() => R) | undefined;
  return (argument) => (made ??= make(argument))();
}

function mysqlUrl(database: string): string {
  const url = new URL(process.env.ERP_TEST_MYSQL_URL ?? '');
  url.pathname = `/${database}`;
  return url.href;
}

/** One kind only; registers an afterEach that closes what was opened. */
export function databaseContext(kind: DatabaseKind): DatabaseContext {
  const opened: Database[] = [];
  const releases: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const database of opened.splice(0)) await database.close();
    for (const release of releases.splice(0)) await release();
  });
  const freshUrl = async (): Promise<string> => {
    const { url, release } = await freshDatabase[kind]();
    releases.push(release);
    return url;
  };
  const open: DatabaseContext['open'] = async (options = {}) => {
    const database = await openDatabase(await freshUrl(), options);
    opened.push(database);
    return database;
  };
  return {
    kind,
    open,
    freshUrl,
    openUow: async (options = {}) => {
      const database = await open();
      return { database, uow: createUnitOfWork(database, { timeZone: 'Asia/Shanghai', ...options }) };
    },
  };
}
