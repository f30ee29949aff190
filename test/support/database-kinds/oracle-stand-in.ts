import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { drivers } from '../../../src/platform/database/drivers';
import { atEnd } from '../at-end';
import { freePort } from '../free-port';
import { grammarProblem } from '../sql-grammar';
import { makeScratch } from '../scratch-folder';

/**
 * A stand-in for Oracle where there is none: a driver module (ERP_TEST_ORACLE_DRIVER) that answers as `oracledb` does and
 * forwards to PostgreSQL with orafce. This wraps it so that it is as strict as Oracle where it is not: the PL/SQL grammar in
 * front (each text is checked once), names without quotes in upper case, triggers in PL/SQL.
 */
interface StandInModule {
  makeOracleShim(options: {
    host: string;
    port: number;
    database: string;
    flavor: 'pg';
    gate: boolean;
  }): OracleModule<StandInPool>;
}
interface OracleModule<Pool> {
  createPool(config: Record<string, unknown>, done: (error: unknown, pool?: Pool) => void): void;
  getConnection(config: Record<string, unknown>): Promise<OracleConnection>;
  [constant: string]: unknown;
}
interface StandInPool {
  getConnection(): Promise<OracleConnection>;
  close(done: (error?: unknown) => void): void;
}
interface OraclePool {
  getConnection(got?: (error: unknown, connection?: OracleConnection) => void): Promise<OracleConnection> | undefined;
  close(done: (error?: unknown) => void): void;
}
interface OracleConnection {
  execute(text: string, binds: unknown, options?: object): Promise<OracleResult>;
  executeMany(text: string, rows: unknown[], options?: object): Promise<OracleResult>;
  close(): Promise<void>;
}
interface OracleResult {
  rows?: Record<string, unknown>[];
  rowsAffected?: number;
}

export interface StandInServer {
  /** Runs one statement of PostgreSQL as its administrator. */
  admin(statement: string, database?: string): Promise<void>;
  /** A database that is a copy of another; without one, an empty one with what Oracle's dictionary is made of. */
  copy(name: string, from?: string): Promise<void>;
  drop(name: string): Promise<void>;
  /** Connection URL of a database, in the form of Oracle's. */
  url(database: string): string;
}

const LOGIN = { user: 'erp', password: 'erp' };
let running: Promise<StandInServer> | undefined;

export const standInDriver = (): string | undefined => process.env.ERP_TEST_ORACLE_DRIVER || undefined;

/** One private server for this test process, or the one of ERP_TEST_ORACLE_URL. */
export function oracleStandIn(driver: string): Promise<StandInServer> {
  running ??= start(path.resolve(driver));
  return running;
}

async function start(driver: string): Promise<StandInServer> {
  const given = process.env.ERP_TEST_ORACLE_URL;
  const { host, port } = given
    ? { host: new URL(given).hostname, port: Number(new URL(given).port) }
    : await startServer(path.join(path.dirname(driver), 'start.sh'));
  const run: StandInServer['admin'] = async (statement, database = 'erp') => {
    const client = new pg.Client({ host, port, database, ...LOGIN });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  const server: StandInServer = {
    admin: run,
    copy: async (name, from = 'erp') => {
      await run(`CREATE DATABASE ${name} TEMPLATE ${from}`, 'postgres');
      await run(`ALTER DATABASE ${name} SET search_path TO public, orasys, oracle, pg_catalog`, 'postgres');
      // Names without quotes are upper case on Oracle; the stand-in's catalogue asks this function.
      const upper = 'FUNCTION orasys.ic(n text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT upper(n) $$';
      await run(`CREATE OR REPLACE ${upper}`, name);
    },
    drop: (name) => dropDatabase(run, name),
    url: (database) => `oracle://${LOGIN.user}:${LOGIN.password}@${host}:${port}/${database}`,
  };
  const module = wrap(loadModule(driver), host, port, server);
  drivers.oracledb = () => Promise.resolve(module);
  return server;
}

/** A connection just closed may be there for a moment yet; one cut off by force would fail in its own time. */
async function dropDatabase(run: StandInServer['admin'], name: string): Promise<void> {
  for (let tries = 0; tries < 40; tries++) {
    const dropped = await run(`DROP DATABASE IF EXISTS ${name}`, 'postgres').then(
      () => true,
      () => false,
    );
    if (dropped) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function startServer(script: string): Promise<{ host: string; port: number }> {
  const folder = makeScratch('oracle');
  const port = await freePort();
  // Started detached: its output must not keep this process waiting, so it goes nowhere.
  await promisify(execFile)('bash', ['-c', '"$0" "$1" "$2" >"$1/start.log" 2>&1', script, folder, String(port)]);
  atEnd(async () => {
    await promisify(execFile)('bash', ['-c', '"$0" stop "$1" >/dev/null 2>&1', script, folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  return { host: '127.0.0.1', port };
}

/** The stand-in lives outside the project and takes its packages from the project's folder. */
function loadModule(file: string): StandInModule {
  process.env.NODE_PATH = path.resolve('node_modules');
  (Module as unknown as { _initPaths(): void })._initPaths();
  return createRequire(import.meta.url)(file) as StandInModule;
}

/** Users made through the stand-in: on Oracle each is a schema of its own, here a database. */
const users = new Map<string, string>();

function wrap(standIn: StandInModule, host: string, port: number, server: StandInServer): OracleModule<OraclePool> {
  const base = standIn.makeOracleShim({ host, port, database: 'erp', flavor: 'pg', gate: false });
  const open = (config: Record<string, unknown>, done: (error: unknown, pool?: OraclePool) => void): void => {
    const service = /\/(\w+)(\?.*)?$/.exec(String(config['connectString']))?.[1] ?? '';
    const own = users.get(String(config['user']).toUpperCase());
    const database = own ?? service;
    const module = standIn.makeOracleShim({ host, port, database, flavor: 'pg', gate: false });
    module.createPool({ ...config, ...(own ? { user: LOGIN.user, password: LOGIN.password } : {}) }, (error, pool) => {
      if (!pool) return done(error);
      done(null, {
        getConnection: (got) => {
          const connection = pool.getConnection().then((each) => wrapConnection(each, server, database));
          if (!got) return connection;
          connection.then((each) => got(null, each), got);
          return undefined;
        },
        close: (closed) => pool.close(closed),
      });
    });
  };
  return {
    ...base,
    createPool: open,
    // As the probe does it: a connection without a pool.
    getConnection: (config) =>
      new Promise((resolve, reject) => {
        open(config, (error, pool) => {
          if (!pool) return void reject(error as Error);
          const closed = (): Promise<void> => new Promise((done) => pool.close(() => done()));
          pool.getConnection()?.then(
            (connection) =>
              resolve({
                ...connection,
                execute: (text, binds, options) => connection.execute(text, binds, options),
                close: () => connection.close().then(closed),
              }),
            (failed: unknown) => void closed().then(() => reject(failed as Error)),
          );
        });
      }),
  };
}

const TRIGGER =
  /^CREATE OR REPLACE TRIGGER (\w+) BEFORE (\w+) ON (\w+) FOR EACH ROW BEGIN RAISE_APPLICATION_ERROR\(-20001, '([^']*)'\); END;$/;

function wrapConnection(connection: OracleConnection, server: StandInServer, database: string): OracleConnection {
  const admin = (text: string): Promise<void> => server.admin(text, database);
  return {
    async execute(text, binds, options) {
      if (await administered(text, server)) return {};
      refuseBadGrammar(text);
      const trigger = TRIGGER.exec(text);
      if (trigger) {
        await admin(postgresTrigger(trigger as unknown as [string, string, string, string, string]));
        return {};
      }
      const dropped = /^DROP TRIGGER (\w+)$/.exec(text);
      if (dropped) {
        await admin(`DROP FUNCTION ${dropped[1]}() CASCADE`);
        return {};
      }
      return upperCased(text, await connection.execute(foldNames(text), binds, options));
    },
    executeMany(text, rows, options) {
      refuseBadGrammar(text);
      return connection.executeMany(foldNames(text), rows, options);
    },
    close: () => connection.close(),
  };
}

/** What an administrator says about users, which the grammar knows in part only; true when it was done. */
async function administered(text: string, server: StandInServer): Promise<boolean> {
  const [, created] = /^CREATE USER (\w+) IDENTIFIED BY "/.exec(text) ?? [];
  if (created) {
    await server.copy(created.toLowerCase());
    users.set(created, created.toLowerCase());
    return true;
  }
  const [, dropped = ''] = /^DROP USER (\w+) CASCADE$/.exec(text) ?? [];
  const database = users.get(dropped);
  if (database) await server.drop(database);
  return users.delete(dropped) || /^GRANT [\w, ]+ TO \w+$/.test(text);
}

function refuseBadGrammar(text: string): void {
  const problem = grammarProblem('oracle', text);
  if (problem) throw Object.assign(new Error(`ORA-00900: ${problem}\n${text}`), { errorNum: 900 });
}

const CATALOGUE =
  /\b(USER|ALL)_(TABLES|TAB_COLS|TAB_COLUMNS|CONSTRAINTS|CONS_COLUMNS|INDEXES|IND_COLUMNS|MVIEWS|VIEWS|OBJECTS)\b/;

/** `"DEVICE"` and `device` are one name on Oracle, upper case; here that name is lower case. The catalogue's own views stay. */
function foldNames(text: string): string {
  if (CATALOGUE.test(text)) return text;
  return text
    .split(/('(?:[^']|'')*')/)
    .map((part, index) => (index % 2 ? part : part.replace(/"([A-Z0-9_]+)"/g, (name) => name.toLowerCase())))
    .join('');
}

/** A column without quotes is told in upper case, one in quotes as it stands there. */
function upperCased(text: string, result: OracleResult): OracleResult {
  if (!result.rows) return result;
  return {
    ...result,
    rows: result.rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([key, value]) => [text.includes(`"${key}"`) ? key : key.toUpperCase(), value]),
      ),
    ),
  };
}

const postgresTrigger = ([, name, verb, table, message]: [string, string, string, string, string]): string =>
  `CREATE OR REPLACE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '${message}'; END $$;
   CREATE OR REPLACE TRIGGER ${name} BEFORE ${verb} ON ${table} FOR EACH ROW EXECUTE FUNCTION ${name}()`;
