import { DataSource, MssqlParameter, type QueryRunner } from 'typeorm';
import { assemble } from './assemble';
import type { ConnectionTarget } from './connection-url';
import type { OpenedDatabase, OpenOptions } from './database';
import { type Adaptation, safeInteger, serverConnection, serverReads } from './connection';
import { drivers } from './drivers';
import { byDriver, ServerRunner } from './server-runner';
import { type SqlValue } from './sql';
import { toEntitySchema } from './table';
import { createStatementWatch, type PoolUse } from './statement-watch';
import { RunnerReader } from './transaction';

type MssqlTarget = Extract<ConnectionTarget, { kind: 'mssql' }>;

/** Long enough for DDL on a big table; a lost connection is noticed by itself much sooner. */
const REQUEST_TIMEOUT_MS = 600_000;

/** The driver's way to write nvarchar(max). */
const MAX = 65_535;

/** SQL Server 2017 and later. The installer sets READ_COMMITTED_SNAPSHOT, so readers never wait for writers. */
export async function openMssql(target: MssqlTarget, options: OpenOptions): Promise<OpenedDatabase> {
  const { host, port, instance, user, password, database, encrypt, trustCertificate } = target;
  const dataSource = await new DataSource({
    type: 'mssql',
    driver: await drivers.mssql(),
    host,
    ...(instance ? {} : { port }),
    username: user,
    password,
    database,
    connectionTimeout: 10_000,
    requestTimeout: REQUEST_TIMEOUT_MS,
    pool: { max: options.poolSize ?? 10, min: 0, idleTimeoutMillis: 60_000 },
    options: {
      encrypt,
      trustServerCertificate: trustCertificate,
      useUTC: true,
      appName: 'phone-erp',
      ...(instance ? { instanceName: instance } : {}),
    },
    entities: (options.tables ?? []).map((table) => toEntitySchema(table, 'mssql')),
  }).initialize();
  const watch = createStatementWatch();
  const { runner, ids } = assemble(
    'mssql',
    (make) =>
      new ServerRunner(
        dataSource,
        make,
        (queryRunner) => serverConnection(queryRunner, mssqlValues),
        byDriver(discardTransaction),
      ),
    watch,
  );
  return {
    dialect: 'mssql',
    read: new RunnerReader('mssql', serverReads(dataSource, mssqlValues), watch),
    ids,
    dataSource,
    watch,
    pool: () => useOf(dataSource),
    transaction: (work, last) => runner.transaction(work, last),
    close: () => dataSource.destroy(),
  };
}

function useOf({ driver }: DataSource): PoolUse {
  const { master } = driver as unknown as { master?: { borrowed: number; available: number; pending: number } };
  return { busy: master?.borrowed ?? 0, idle: master?.available ?? 0, waiting: master?.pending ?? 0 };
}

/** The driver itself closes a connection whose transaction it could not end; nothing is left to do here. */
async function discardTransaction(runner: QueryRunner): Promise<void> {
  await runner.release();
}

/**
 * Three declarations instead of one for each length of text: the server keeps a plan per declaration. Texts are nvarchar and
 * whole numbers bigint whatever they hold today.
 */
function bindTyped(values: readonly SqlValue[]): unknown[] {
  return values.map((value) => {
    if (typeof value === 'number')
      return Number.isInteger(value) ? new MssqlParameter(value, 'bigint') : new MssqlParameter(value, 'float');
    if (Buffer.isBuffer(value)) return new MssqlParameter(value, 'varbinary', MAX);
    return new MssqlParameter(value, 'nvarchar', value === null || value.length <= 4000 ? 4000 : MAX);
  });
}

interface Recordset extends Array<Record<string, unknown>> {
  columns?: Record<string, { type?: unknown }>;
}

/** The driver gives bigint as text and decimals (SUM of bigint, AVG) as numbers. */
function readBigints(rows: Recordset): void {
  const first = rows[0];
  if (!first) return;
  const bigints = Object.entries(rows.columns ?? {})
    .filter(([, column]) => typeName(column.type) === 'BigInt')
    .map(([name]) => name);
  for (const row of rows) for (const name of bigints) if (row[name] !== null) row[name] = toNumber(row[name], name);
}

const toNumber = (value: unknown, column: string): number => safeInteger(Number(value), column);

function typeName(type: unknown): string {
  if (typeof type === 'function') return type.name;
  return typeof type === 'object' && type !== null && 'type' in type ? typeName(type.type) : '';
}

export const mssqlValues: Adaptation = { bind: bindTyped, read: readBigints };
