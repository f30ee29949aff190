import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import mysql from 'mysql2/promise';
import { migrations } from '../../migrations';
import { type AnyTable, type Database, migrate, openDatabase } from '../../src/platform/database';
import { createUnitOfWork, type UnitOfWork } from '../../src/platform/unit-of-work';
import { atEnd } from './at-end';
import { mariadbInstalled, mariadbServer } from './mariadb-server';
import { skipUnless } from './skip';

export type DatabaseKind = 'sqlite' | 'mariadb';

export interface DatabaseContext {
  kind: DatabaseKind;
  /** A fresh migrated database, closed after the test. */
  open(options?: { tables?: readonly AnyTable[] }): Promise<Database>;
  /** The same with a unit of work over it. */
  openUow(options?: { clock?: () => number }): Promise<{ database: Database; uow: UnitOfWork }>;
  /** The connection URL of a fresh migrated database, for tests that open it themselves or in another process. */
  freshUrl(): Promise<string>;
}

/** Runs the same tests on every kind of database this machine has; a missing one is skipped by name. */
export function forEachDatabase(define: (context: DatabaseContext) => void): void {
  for (const kind of ['sqlite', 'mariadb'] as const)
    describe(`on ${kind}`, () => {
      before(function (this: Mocha.Context) {
        if (kind === 'mariadb') {
          // A busy machine may need minutes for this; the tests' own time is for the tests.
          this.timeout(300_000);
          skipUnless(this, mariadbInstalled(), 'mariadbd is not installed (tests on MariaDB)');
          return warmMariadb();
        }
        return undefined;
      });
      define(databaseContext(kind));
    });
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
    const { url, release } = await (kind === 'sqlite' ? freshSqlite() : freshMariadb());
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
    openUow: async ({ clock } = {}) => {
      const database = await open();
      return { database, uow: createUnitOfWork(database, { timeZone: 'Asia/Shanghai', ...(clock ? { clock } : {}) }) };
    },
  };
}

let folder: string | undefined;
let template: Promise<string> | undefined;
let serial = 0;

function workFolder(): string {
  if (!folder) {
    const made = mkdtempSync(path.join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'erp-test-'));
    atEnd(() => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  return folder;
}

/** Migrates once per process; each test gets a copy of the file. */
export async function freshSqlite(): Promise<{ url: string; release: () => void }> {
  template ??= (async () => {
    const file = path.join(workFolder(), 'template.sqlite');
    const database = await openDatabase(`sqlite:${file}`);
    await migrate(database, migrations);
    await database.dataSource.query('PRAGMA wal_checkpoint(TRUNCATE)');
    await database.close();
    return file;
  })();
  const file = path.join(workFolder(), `test-${++serial}.sqlite`);
  copyFileSync(await template, file);
  return {
    url: `sqlite:${file}`,
    release: () => {
      for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
    },
  };
}

const idle: string[] = [];

/** Databases are used again: emptied, and what the migrations put in is put in again from an untouched twin. */
async function freshMariadb(): Promise<{ url: string; release: () => Promise<void> }> {
  const server = await mariadbServer();
  const used = idle.pop();
  const name = used ?? `erp_${process.pid}_${++serial}`;
  if (!used)
    for (const database of serial === 1 || !twinReady ? [name, TWIN] : [name])
      await createMigrated(server.url, database);
  const url = server.url(name);
  return {
    url,
    release: async () => {
      if (await reset(server.url('mysql'), name)) idle.push(name);
    },
  };
}

/** Starts the server and migrates a database and its twin, before the first test is timed. */
async function warmMariadb(): Promise<void> {
  const server = await mariadbServer();
  if (twinReady) return;
  const name = `erp_${process.pid}_${++serial}`;
  for (const database of [name, TWIN]) await createMigrated(server.url, database);
  idle.push(name);
}

const TWIN = `erp_${process.pid}_twin`;
let twinReady = false;

async function createMigrated(url: (database: string) => string, name: string): Promise<void> {
  const admin = await mysql.createConnection(toOptions(url('mysql')));
  await admin.query(`CREATE DATABASE IF NOT EXISTS ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci`);
  await admin.end();
  const database = await openDatabase(url(name));
  await migrate(database, migrations);
  await database.close();
  if (name === TWIN) twinReady = true;
}

/** Empties a database and fills in the twin's rows; one whose tables or triggers were changed by a test is dropped instead. */
async function reset(adminUrl: string, name: string): Promise<boolean> {
  const admin = await mysql.createConnection(toOptions(adminUrl));
  const names = async (query: string, database: string): Promise<string[]> => {
    const [rows] = await admin.query<mysql.RowDataPacket[]>(`${query} ORDER BY 1`, [database]);
    return rows.map((row) => String(Object.values(row)[0]));
  };
  const tablesOf = (database: string) =>
    names(
      "SELECT table_name FROM information_schema.tables WHERE table_schema = ? AND table_type = 'BASE TABLE'",
      database,
    );
  const triggersOf = (database: string) =>
    names('SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = ?', database);
  try {
    const tables = await tablesOf(TWIN);
    const same =
      String(await tablesOf(name)) === String(tables) &&
      String(await triggersOf(name)) === String(await triggersOf(TWIN));
    if (!same) {
      await admin.query(`DROP DATABASE ${name}`);
      return false;
    }
    await admin.query('SET FOREIGN_KEY_CHECKS = 0');
    for (const table of tables.filter((candidate) => candidate !== 'schema_step')) {
      const [[any]] = await admin.query<mysql.RowDataPacket[]>(`SELECT 1 AS one FROM ${name}.${table} LIMIT 1`);
      if (any) await admin.query(`TRUNCATE ${name}.${table}`);
      const [[seed]] = await admin.query<mysql.RowDataPacket[]>(`SELECT 1 AS one FROM ${TWIN}.${table} LIMIT 1`);
      if (seed) await admin.query(`INSERT INTO ${name}.${table} SELECT * FROM ${TWIN}.${table}`);
    }
    return true;
  } finally {
    await admin.end();
  }
}

function toOptions(url: string): mysql.ConnectionOptions {
  const parsed = new URL(url);
  return { socketPath: parsed.searchParams.get('socketPath') ?? '', user: 'root', database: parsed.pathname.slice(1) };
}
