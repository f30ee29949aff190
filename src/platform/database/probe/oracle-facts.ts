import type oracledb from 'oracledb';
import { drivers } from '../drivers';
import { atLeastVersion, type FactRow, type ProbeSession, SCRATCH_TABLE, type ServerFacts } from './server-facts';
import type { ServerTarget } from './target';

const LEAST = [19];

async function connect({ host, port, user, password, database, tls }: ServerTarget): Promise<ProbeSession> {
  const driver = (await drivers.oracledb()) as typeof oracledb;
  const connection = await driver.getConnection({
    user,
    password,
    connectString: `${tls === 'required' ? 'tcps' : 'tcp'}://${host}:${port}/${database}?connect_timeout=10`,
  });
  return {
    query: async (text) => {
      const { rows = [] } = await connection.execute<FactRow>(text, [], {
        outFormat: driver.OUT_FORMAT_OBJECT,
        autoCommit: true,
      });
      return rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value])),
      );
    },
    close: () => connection.close(),
  };
}

const one = async (session: ProbeSession, text: string): Promise<FactRow> => (await session.query(text))[0] ?? {};

/** A name in Oracle's quotes: as written, so that scripts and the data dictionary agree in upper case. */
const account = (name: string): string => name.toUpperCase();

export const oracleFacts: ServerFacts = {
  open: connect,
  openServer: connect,
  version: async (session) => {
    const found = String(
      (
        await one(
          session,
          "SELECT version FROM product_component_version WHERE product LIKE 'Oracle%' FETCH NEXT 1 ROWS ONLY",
        )
      )['version'],
    );
    return { ok: atLeastVersion(found, LEAST), found: `Oracle ${found}`, required: 'Oracle 19c' };
  },
  encryption: async (session) => {
    const protocol = (await one(session, "SELECT SYS_CONTEXT('USERENV', 'NETWORK_PROTOCOL') AS protocol FROM dual"))[
      'protocol'
    ];
    return protocol === 'tcps' ? 'TLS' : undefined;
  },
  charset: async (session) => {
    const found = String(
      (await one(session, "SELECT value FROM nls_database_parameters WHERE parameter = 'NLS_CHARACTERSET'"))['value'],
    );
    return { ok: found === 'AL32UTF8', found, required: 'AL32UTF8' };
  },
  nowMs: async (session) =>
    Number(
      (
        await one(
          session,
          "SELECT ROUND((CAST(SYS_EXTRACT_UTC(SYSTIMESTAMP) AS DATE) - DATE '1970-01-01') * 86400000) AS now_ms FROM dual",
        )
      )['now_ms'],
    ),
  isolation: () => Promise.resolve({ ok: true, found: 'READ COMMITTED', required: 'READ COMMITTED' }),
  packetBytes: () => Promise.resolve(undefined),
  freeBytes: async (session) => {
    const row = await one(
      session,
      'SELECT SUM(CASE WHEN max_bytes < 0 THEN 1099511627776 ELSE max_bytes - bytes END) AS bytes FROM user_ts_quotas',
    ).catch((): FactRow => ({}));
    return row['bytes'] === undefined || row['bytes'] === null ? undefined : Number(row['bytes']);
  },
  tables: async (session) =>
    (await session.query('SELECT table_name AS name FROM user_tables')).map((row) => String(row['name']).toLowerCase()),
  privileges: [
    { name: 'CREATE TABLE', text: `CREATE TABLE ${SCRATCH_TABLE} (id NUMBER(19) PRIMARY KEY, note NVARCHAR2(20))` },
    { name: 'ALTER', text: `ALTER TABLE ${SCRATCH_TABLE} ADD (amount NUMBER(19))` },
    { name: 'CREATE INDEX', text: `CREATE INDEX ix_erp_probe ON ${SCRATCH_TABLE} (note)` },
    { name: 'INSERT', text: `INSERT INTO ${SCRATCH_TABLE} (id, note) VALUES (1, N'手机')` },
    { name: 'UPDATE', text: `UPDATE ${SCRATCH_TABLE} SET amount = 2 WHERE id = 1` },
    { name: 'SELECT', text: `SELECT id FROM ${SCRATCH_TABLE} FOR UPDATE` },
    { name: 'DELETE', text: `DELETE FROM ${SCRATCH_TABLE} WHERE id = 1` },
    { name: 'DROP', text: `DROP TABLE ${SCRATCH_TABLE}` },
  ],
  dropScratch: `BEGIN EXECUTE IMMEDIATE 'DROP TABLE ${SCRATCH_TABLE}'; EXCEPTION WHEN OTHERS THEN IF SQLCODE != -942 THEN RAISE; END IF; END;`,
  ping: 'SELECT 1 AS one FROM dual',
  load: "SELECT RPAD('x', 4000, 'x') AS piece FROM dual CONNECT BY LEVEL <= 262",
  scratch: {
    list: 'SELECT username AS name FROM all_users',
    create: (name, password) => [
      `CREATE USER ${account(name)} IDENTIFIED BY "${password}"`,
      `GRANT CREATE SESSION, CREATE TABLE, CREATE TRIGGER, UNLIMITED TABLESPACE TO ${account(name)}`,
    ],
    drop: (name) => [`DROP USER ${account(name)} CASCADE`],
  },
  // On Oracle an account is the schema; the "database" is the service, which is there already.
  createStatements: ({ user, password }) => [
    `CREATE USER ${account(user)} IDENTIFIED BY "${password.replace(/"/g, '')}" QUOTA UNLIMITED ON USERS`,
    `GRANT CREATE SESSION, CREATE TABLE, CREATE SEQUENCE, CREATE TRIGGER TO ${account(user)}`,
  ],
};
