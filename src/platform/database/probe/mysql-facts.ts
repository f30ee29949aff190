import { mysqlSsl } from '../connection-url';
import {
  atLeastVersion,
  type FactRow,
  type ProbeSession,
  quoted,
  SCRATCH_TABLE,
  type ServerFacts,
} from './server-facts';
import type { ServerTarget } from './target';

const LEAST_MARIADB = [10, 6];
const LEAST_MYSQL = [8, 0];

async function connect(target: ServerTarget, database: string | undefined): Promise<ProbeSession> {
  const mysql = await import('mysql2/promise');
  const { host, port, user, password, socketPath } = target;
  const ssl = mysqlSsl(target);
  const connection = await mysql.createConnection({
    ...(socketPath ? { socketPath } : { host, port }),
    user,
    password,
    ...(database === undefined ? {} : { database }),
    ...(ssl ? { ssl } : {}),
    connectTimeout: 10_000,
    timezone: 'Z',
  });
  return {
    query: async (text) => {
      const [rows] = await connection.query(text);
      return Array.isArray(rows) ? (rows as FactRow[]).map(lowerCase) : [];
    },
    close: () => connection.end(),
  };
}

const lowerCase = (row: FactRow): FactRow =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value]));

const one = async (session: ProbeSession, text: string): Promise<FactRow> => (await session.query(text))[0] ?? {};

/** A text with a backslash would be read as an escape: doubled, then quoted. */
const literal = (value: string): string => quoted(value.replace(/\\/g, '\\\\'));

/** MySQL 8 and MariaDB. */
export const mysqlFacts: ServerFacts = {
  open: (target) => connect(target, target.database),
  openServer: (target) => connect(target, undefined),
  version: async (session) => {
    const found = String((await one(session, 'SELECT VERSION() AS version'))['version']);
    const mariadb = /mariadb/i.test(found);
    return {
      ok: atLeastVersion(found, mariadb ? LEAST_MARIADB : LEAST_MYSQL),
      found: mariadb ? `MariaDB ${found.replace(/-mariadb.*/i, '')}` : `MySQL ${found}`,
      required: `MariaDB ≥ ${LEAST_MARIADB.join('.')}, MySQL ≥ ${LEAST_MYSQL.join('.')}`,
    };
  },
  encryption: async (session) => {
    const cipher = (await one(session, "SHOW SESSION STATUS LIKE 'Ssl_cipher'"))['value'];
    return typeof cipher === 'string' && cipher !== '' ? cipher : undefined;
  },
  charset: async (session) => {
    const row = await one(session, 'SELECT @@character_set_database AS charset, @@collation_database AS collation');
    const found = String(row['charset']);
    return { ok: found === 'utf8mb4', found: `${found}, ${String(row['collation'])}`, required: 'utf8mb4' };
  },
  nowMs: async (session) =>
    Number((await one(session, 'SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED) AS now_ms'))['now_ms']),
  isolation: async (session) => {
    await session.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
    const engine = String((await one(session, 'SELECT @@default_storage_engine AS engine'))['engine']);
    return { ok: engine === 'InnoDB', found: `READ COMMITTED, ${engine}`, required: 'READ COMMITTED, InnoDB' };
  },
  packetBytes: async (session) => Number((await one(session, 'SELECT @@max_allowed_packet AS bytes'))['bytes']),
  freeBytes: () => Promise.resolve(undefined),
  tables: async (session) =>
    (
      await session.query('SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()')
    ).map((row) => String(row['name']).toLowerCase()),
  privileges: [
    {
      name: 'CREATE',
      text: `CREATE TABLE ${SCRATCH_TABLE} (id BIGINT PRIMARY KEY, note VARCHAR(20) CHARACTER SET utf8mb4)`,
    },
    { name: 'ALTER', text: `ALTER TABLE ${SCRATCH_TABLE} ADD amount BIGINT` },
    { name: 'INDEX', text: `CREATE INDEX ix_erp_probe ON ${SCRATCH_TABLE} (note)` },
    { name: 'INSERT', text: `INSERT INTO ${SCRATCH_TABLE} (id, note) VALUES (1, '手机')` },
    { name: 'UPDATE', text: `UPDATE ${SCRATCH_TABLE} SET amount = 2 WHERE id = 1` },
    { name: 'SELECT', text: `SELECT id FROM ${SCRATCH_TABLE} FOR UPDATE` },
    { name: 'DELETE', text: `DELETE FROM ${SCRATCH_TABLE} WHERE id = 1` },
    {
      name: 'REFERENCES',
      text: `ALTER TABLE ${SCRATCH_TABLE} ADD CONSTRAINT fk_erp_probe FOREIGN KEY (amount) REFERENCES ${SCRATCH_TABLE} (id)`,
    },
    { name: 'DROP', text: `DROP TABLE ${SCRATCH_TABLE}` },
  ],
  dropScratch: `DROP TABLE IF EXISTS ${SCRATCH_TABLE}`,
  ping: 'SELECT 1 AS one',
  load: "SELECT REPEAT('x', 1048576) AS piece",
  scratch: {
    list: 'SELECT schema_name AS name FROM information_schema.schemata',
    create: (name) => [`CREATE DATABASE \`${name}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci`],
    drop: (name) => [`DROP DATABASE IF EXISTS \`${name}\``],
  },
  createStatements: ({ database, user, password, clientHost = '%' }) => {
    const account = `${literal(user)}@${literal(clientHost)}`;
    return [
      `CREATE DATABASE IF NOT EXISTS \`${database}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci`,
      `CREATE USER IF NOT EXISTS ${account} IDENTIFIED BY ${literal(password)}`,
      `GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES, TRIGGER, CREATE TEMPORARY TABLES ON \`${database}\`.* TO ${account}`,
    ];
  },
};
