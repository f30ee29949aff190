import type mssql from 'mssql';
import { drivers } from '../drivers';
import {
  atLeastVersion,
  type FactRow,
  type ProbeSession,
  quoted,
  SCRATCH_TABLE,
  type ServerFacts,
} from './server-facts';
import type { ServerTarget } from './target';

/** SQL Server 2017. */
const LEAST = [14];

async function connect(
  { host, port, instance, user, password, tls }: ServerTarget,
  database: string,
): Promise<ProbeSession> {
  const driver = (await drivers.mssql()) as typeof mssql;
  const pool = await new driver.ConnectionPool({
    server: host,
    ...(instance ? {} : { port }),
    user,
    password,
    database,
    pool: { max: 1, min: 0 },
    connectionTimeout: 10_000,
    options: {
      encrypt: tls !== 'off',
      trustServerCertificate: tls !== 'required',
      useUTC: true,
      ...(instance ? { instanceName: instance } : {}),
    },
  }).connect();
  return {
    query: async (text) => {
      const { recordset } = await pool.request().query<FactRow>(text);
      // A statement without rows has no recordset, whatever the type says.
      return ((recordset ?? []) as FactRow[]).map((row) =>
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value])),
      );
    },
    close: () => pool.close(),
  };
}

const one = async (session: ProbeSession, text: string): Promise<FactRow> => (await session.query(text))[0] ?? {};

export const mssqlFacts: ServerFacts = {
  open: (target) => connect(target, target.database),
  openServer: (target) => connect(target, 'master'),
  version: async (session) => {
    const found = String(
      (await one(session, "SELECT CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(40)) AS version"))['version'],
    );
    return { ok: atLeastVersion(found, LEAST), found: `SQL Server ${found}`, required: 'SQL Server 2017 (14.0)' };
  },
  encryption: async (session) => {
    const row = await one(
      session,
      'SELECT encrypt_option AS encryption FROM sys.dm_exec_connections WHERE session_id = @@SPID',
    ).catch(
      // Without the right VIEW SERVER STATE nobody is told.
      (): FactRow => ({}),
    );
    return row['encryption'] === 'TRUE' ? 'TLS' : undefined;
  },
  charset: async (session) => {
    const found = String(
      (await one(session, "SELECT CAST(DATABASEPROPERTYEX(DB_NAME(), 'Collation') AS nvarchar(100)) AS collation"))[
        'collation'
      ],
    );
    // Texts are nvarchar, so every collation holds Chinese; a case-sensitive one would change what searches find.
    return { ok: /_CI_/.test(`${found}_`), found, required: 'Chinese_PRC_CI_AS (…_CI_…)' };
  },
  nowMs: async (session) =>
    Number(
      (await one(session, "SELECT DATEDIFF_BIG(millisecond, '1970-01-01', SYSUTCDATETIME()) AS now_ms"))['now_ms'],
    ),
  isolation: async (session) => {
    const row = await one(
      session,
      'SELECT is_read_committed_snapshot_on AS rcsi FROM sys.databases WHERE database_id = DB_ID()',
    );
    const on = Number(row['rcsi']) === 1;
    return { ok: on, found: `READ_COMMITTED_SNAPSHOT ${on ? 'ON' : 'OFF'}`, required: 'READ_COMMITTED_SNAPSHOT ON' };
  },
  packetBytes: () => Promise.resolve(undefined),
  freeBytes: async (session) => {
    const row = await one(
      session,
      'SELECT MIN(v.available_bytes) AS bytes FROM sys.database_files f CROSS APPLY sys.dm_os_volume_stats(DB_ID(), f.file_id) v',
    ).catch((): FactRow => ({}));
    return row['bytes'] === undefined || row['bytes'] === null ? undefined : Number(row['bytes']);
  },
  tables: async (session) =>
    (await session.query('SELECT name FROM sys.tables WHERE is_ms_shipped = 0')).map((row) =>
      String(row['name']).toLowerCase(),
    ),
  privileges: [
    {
      name: 'CREATE TABLE',
      text: `CREATE TABLE ${SCRATCH_TABLE} (id bigint NOT NULL PRIMARY KEY, note nvarchar(20) NULL)`,
    },
    { name: 'ALTER', text: `ALTER TABLE ${SCRATCH_TABLE} ADD amount bigint NULL` },
    { name: 'CREATE INDEX', text: `CREATE INDEX ix_erp_probe ON ${SCRATCH_TABLE} (note)` },
    { name: 'INSERT', text: `INSERT INTO ${SCRATCH_TABLE} (id, note) VALUES (1, N'手机')` },
    { name: 'UPDATE', text: `UPDATE ${SCRATCH_TABLE} SET amount = 2 WHERE id = 1` },
    { name: 'SELECT', text: `SELECT id FROM ${SCRATCH_TABLE} WITH (UPDLOCK)` },
    { name: 'DELETE', text: `DELETE FROM ${SCRATCH_TABLE} WHERE id = 1` },
    { name: 'DROP', text: `DROP TABLE ${SCRATCH_TABLE}` },
  ],
  dropScratch: `DROP TABLE IF EXISTS ${SCRATCH_TABLE}`,
  ping: 'SELECT 1 AS one',
  load: "SELECT REPLICATE(CAST('x' AS varchar(max)), 1048576) AS piece",
  scratch: {
    list: 'SELECT name FROM sys.databases',
    create: (name) => [
      `CREATE DATABASE [${name}] COLLATE Chinese_PRC_CI_AS`,
      `ALTER DATABASE [${name}] SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE`,
    ],
    drop: (name) => [
      `IF DB_ID(${quoted(name)}) IS NOT NULL ALTER DATABASE [${name}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE`,
      `DROP DATABASE IF EXISTS [${name}]`,
    ],
  },
  createStatements: ({ database, user, password }) => [
    `IF DB_ID(${quoted(database)}) IS NULL CREATE DATABASE [${database}] COLLATE Chinese_PRC_CI_AS`,
    `ALTER DATABASE [${database}] SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE`,
    `ALTER DATABASE [${database}] SET ALLOW_SNAPSHOT_ISOLATION ON`,
    `IF SUSER_ID(${quoted(user)}) IS NULL CREATE LOGIN [${user}] WITH PASSWORD = N${quoted(password)}, DEFAULT_DATABASE = [${database}]`,
  ],
  afterCreate: ({ user }) => [
    `IF USER_ID(${quoted(user)}) IS NULL CREATE USER [${user}] FOR LOGIN [${user}]`,
    `ALTER ROLE db_datareader ADD MEMBER [${user}]`,
    `ALTER ROLE db_datawriter ADD MEMBER [${user}]`,
    `ALTER ROLE db_ddladmin ADD MEMBER [${user}]`,
  ],
};
