import { DataSource, type QueryRunner } from 'typeorm';
import { assemble } from './assemble';
import type { ConnectionTarget } from './connection-url';
import type { OpenedDatabase, OpenOptions } from './database';
import { type Adaptation, type Connection, safeInteger, serverConnection, serverReads } from './connection';
import { drivers } from './drivers';
import { byDriver, ServerRunner } from './server-runner';
import { chunked } from './sql';
import { toEntitySchema } from './table';
import { createStatementWatch, type PoolUse } from './statement-watch';
import { RunnerReader } from './transaction';

type OracleTarget = Extract<ConnectionTarget, { kind: 'oracle' }>;

interface OracleConnection {
  executeMany(text: string, rows: (readonly unknown[])[], options: { autoCommit: false }): Promise<unknown>;
  close(options?: { drop: boolean }): Promise<void>;
}

/** Values in one executeMany: the driver sends them in one round trip, so this bounds memory, not a limit of the server. */
const MAX_VALUES = 20_000;

/** Oracle 19c and later through the driver's thin mode: no client software on the machine. READ COMMITTED is its default. */
export async function openOracle(target: OracleTarget, options: OpenOptions): Promise<OpenedDatabase> {
  const { host, port, service, tls, user, password } = target;
  const dataSource = await new DataSource({
    type: 'oracle',
    driver: await drivers.oracledb(),
    username: user,
    password,
    connectString: `${tls ? 'tcps://' : ''}${host}:${port}/${service}`,
    poolSize: options.poolSize ?? 10,
    useUTC: true,
    entities: (options.tables ?? []).map((table) => toEntitySchema(table, 'oracle')),
    extra: { poolMin: 1, poolTimeout: 60, queueTimeout: 30_000, stmtCacheSize: 200, expireTime: 1, connectTimeout: 10 },
  }).initialize();
  const watch = createStatementWatch();
  const { runner, ids } = assemble(
    'oracle',
    (make) => new ServerRunner(dataSource, make, oracleConnection, byDriver(dropConnection)),
    watch,
  );
  return {
    dialect: 'oracle',
    read: new RunnerReader('oracle', serverReads(dataSource, oracleNumbers), watch),
    ids,
    dataSource,
    watch,
    pool: () => useOf(dataSource),
    transaction: (work, last) => runner.transaction(work, last),
    close: () => dataSource.destroy(),
  };
}

/** The pool does not tell who waits unless it keeps statistics. */
function useOf({ driver }: DataSource): PoolUse {
  const { master } = driver as unknown as { master?: { connectionsInUse: number; connectionsOpen: number } };
  const busy = master?.connectionsInUse ?? 0;
  return { busy, idle: Math.max(0, (master?.connectionsOpen ?? 0) - busy), waiting: 0 };
}

export const oracleNumbers: Adaptation = {
  bind: (values) => values as unknown[],
  read: (rows) => {
    for (const row of rows)
      for (const column in row) {
        const value = row[column];
        if (typeof value === 'number') safeInteger(value, column);
      }
  },
};

/** Closes the session itself: what is broken or unclear must not come back to the pool. */
async function dropConnection(runner: QueryRunner): Promise<void> {
  const connection = (await runner.connect()) as OracleConnection;
  await connection.close({ drop: true });
}

/**
 * One statement bound to many rows. (`INSERT … SELECT … FROM dual UNION ALL …` would fail where a column is null in one row and a
 * number in the next, and for texts over 4,000 bytes.)
 */
function oracleConnection(runner: QueryRunner): Connection {
  return {
    ...serverConnection(runner, oracleNumbers),
    changeMany: async (text, rows) => {
      const connection = (await runner.connect()) as OracleConnection;
      const perCall = Math.max(1, Math.floor(MAX_VALUES / (rows[0]?.length ?? 1)));
      for (const chunk of chunked(rows, perCall)) await connection.executeMany(text, chunk, { autoCommit: false });
    },
  };
}
