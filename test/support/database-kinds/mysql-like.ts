import mysql from 'mysql2/promise';
import { migrations } from '../../../migrations';
import { migrate, openDatabase } from '../../../src/platform/database';
import { atEnd } from '../at-end';
import type { FreshDatabase } from './fresh-database';

/**
 * Migrated databases of one MySQL or MariaDB server, of which `url` gives the address by name, with the rights to create them.
 * They are used again: emptied, and what the migrations put in is put in again from an untouched twin.
 */
export function mysqlLikeDatabases(url: (database: string) => string): () => Promise<FreshDatabase> {
  const prefix = `erp_${process.pid}_${Date.now().toString(36)}`;
  const twin = `${prefix}_twin`;
  const made: string[] = [];
  const idle: string[] = [];
  const create = async (name: string): Promise<void> => {
    made.push(name);
    await run(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci`);
    const database = await openDatabase(url(name));
    await migrate(database, migrations);
    await database.close();
  };
  const run = async (statement: string): Promise<void> => {
    const admin = await mysql.createConnection(toOptions(url('mysql')));
    await admin.query(statement);
    await admin.end();
  };
  return async () => {
    if (made.length === 0) {
      atEnd(async () => {
        for (const name of made) await run(`DROP DATABASE IF EXISTS ${name}`).catch(() => undefined);
      });
      await create(twin);
    }
    const used = idle.pop();
    const name = used ?? `${prefix}_${made.length}`;
    if (!used) await create(name);
    return {
      url: url(name),
      release: async () => {
        if (await reset(url('mysql'), name, twin)) idle.push(name);
      },
    };
  };
}

/** Empties a database and fills in the twin's rows; one whose tables or triggers were changed by a test is dropped instead. */
async function reset(adminUrl: string, name: string, twin: string): Promise<boolean> {
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
    const tables = await tablesOf(twin);
    const same =
      String(await tablesOf(name)) === String(tables) &&
      String(await triggersOf(name)) === String(await triggersOf(twin));
    if (!same) {
      await admin.query(`DROP DATABASE ${name}`);
      return false;
    }
    await admin.query('SET FOREIGN_KEY_CHECKS = 0');
    for (const table of tables.filter((candidate) => candidate !== 'schema_step')) {
      const [[any]] = await admin.query<mysql.RowDataPacket[]>(`SELECT 1 AS one FROM ${name}.${table} LIMIT 1`);
      if (any) await admin.query(`TRUNCATE ${name}.${table}`);
      const [[seed]] = await admin.query<mysql.RowDataPacket[]>(`SELECT 1 AS one FROM ${twin}.${table} LIMIT 1`);
      if (seed) await admin.query(`INSERT INTO ${name}.${table} SELECT * FROM ${twin}.${table}`);
    }
    return true;
  } finally {
    await admin.end();
  }
}

/** Of a URL with a socket or a host; as the login it names. */
function toOptions(url: string): mysql.ConnectionOptions {
  const parsed = new URL(url);
  const socketPath = parsed.searchParams.get('socketPath');
  const at = socketPath ? { socketPath } : { host: parsed.hostname, port: Number(parsed.port || 3306) };
  return { ...at, user: parsed.username || 'root', password: decodeURIComponent(parsed.password) };
}
