import mysql from 'mysql2';
import { DataSource } from 'typeorm';
import { assemble } from './assemble';
import { camelRows } from './connection';
import { type ConnectionTarget, mysqlSsl } from './connection-url';
import type { OpenedDatabase, OpenOptions } from './database';
import { MysqlRunner } from './mysql-runner';
import { createStatementWatch, type PoolUse } from './statement-watch';
import { toEntitySchema } from './table';
import { RunnerReader } from './transaction';

type MysqlTarget = Extract<ConnectionTarget, { kind: 'mysql' }>;

/** What both ways of connecting take: the server's address, or its socket. */
export function mysqlAddress(target: MysqlTarget) {
  const { host, port, user, password, database, socketPath } = target;
  const ssl = mysqlSsl(target);
  const login = { user, password, database, ...(ssl ? { ssl } : {}) };
  return socketPath ? { socketPath, ...login } : { host, port, ...login };
}

/**
 * MySQL 8 and MariaDB. TypeORM opens the pool; migrations and the comparison of schemas go through its runner, everything else
 * straight to the driver's callbacks: its runner, promises and stacks cost a short statement as much again.
 */
export async function openMysql(target: MysqlTarget, options: OpenOptions): Promise<OpenedDatabase> {
  let pool: mysql.Pool | undefined;
  const driver = {
    ...mysql,
    createPool: (config: mysql.PoolOptions) => {
      pool = mysql.createPool(config);
      pool.on('connection', (connection) => {
        connection.query(
          `SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'`,
        );
        if (options.readOnly) connection.query('SET SESSION TRANSACTION READ ONLY');
      });
      return pool;
    },
  };
  const dataSource = await new DataSource({
    type: await serverKind(target),
    driver,
    ...mysqlAddress(target),
    username: target.user,
    poolSize: options.poolSize ?? 10,
    charset: 'utf8mb4_unicode_520_ci',
    timezone: 'Z',
    supportBigNumbers: true,
    bigNumberStrings: false,
    // Several statements travel in one packet. Values never reach the text but through the driver's own escaping.
    multipleStatements: true,
    entities: (options.tables ?? []).map((table) => toEntitySchema(table, 'mysql')),
    extra: { decimalNumbers: true, connectTimeout: 10_000, idleTimeout: 60_000, maxIdle: options.poolSize ?? 10 },
  }).initialize();
  const opened = pool;
  if (!opened) throw new Error('no pool was made');
  const watch = createStatementWatch();
  watch.explain = async (text, values) => (await readRows(opened, `EXPLAIN ${text}`, values)).map(planLine);
  const { runner, ids } = assemble('mysql', (make) => new MysqlRunner(opened, make), watch);
  return {
    dialect: 'mysql',
    read: new RunnerReader('mysql', { rows: (text, values) => readRows(opened, text, values) }, watch),
    ids,
    dataSource,
    watch,
    pool: () => useOf(opened),
    transaction: (work, last) => runner.transaction(work, last),
    close: () => dataSource.destroy(),
  };
}

function readRows(pool: mysql.Pool, text: string, values: readonly unknown[]): Promise<Record<string, unknown>[]> {
  return new Promise((resolve, reject) => {
    pool.query(text, values as unknown[], (error, result) =>
      error ? reject(error) : resolve(Array.isArray(result) ? camelRows(result as Record<string, unknown>[]) : []),
    );
  });
}

/** `sale: ref ix_sale_store, 120 rows, Using where`. What it was asked with is in none of these columns. */
function planLine(row: Record<string, unknown>): string {
  const { table, type, rows, extra } = Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name.toLowerCase(), value]),
  );
  // Nothing is read: a condition that cannot hold, a row that is not there.
  if (table === null) return String(extra);
  const key = row['key'] ?? '-';
  return [`${String(table)}: ${String(type)} ${String(key)}`, `${String(rows)} rows`, extra].filter(Boolean).join(', ');
}

/** The driver keeps its lists to itself. */
function useOf(pool: mysql.Pool): PoolUse {
  const lists = pool as unknown as Partial<
    Record<'_allConnections' | '_freeConnections' | '_connectionQueue', { length: number }>
  >;
  const idle = lists._freeConnections?.length ?? 0;
  return {
    busy: Math.max(0, (lists._allConnections?.length ?? 0) - idle),
    idle,
    waiting: lists._connectionQueue?.length ?? 0,
  };
}

/** TypeORM tells the two apart (MariaDB shows the default of a nullable column as the word NULL). */
async function serverKind(target: MysqlTarget): Promise<'mysql' | 'mariadb'> {
  const connection = mysql.createConnection({ ...mysqlAddress(target), connectTimeout: 10_000 }).promise();
  try {
    const [rows] = await connection.query<mysql.RowDataPacket[]>('SELECT VERSION() AS version');
    return /mariadb/i.test(String(rows[0]?.['version'])) ? 'mariadb' : 'mysql';
  } finally {
    connection.destroy();
  }
}
