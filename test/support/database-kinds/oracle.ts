import { migrations } from '../../../migrations';
import { migrate, openDatabase } from '../../../src/platform/database';
import { atEnd } from '../at-end';
import type { FreshDatabase } from './fresh-database';
import { oracleStandIn, standInDriver, type StandInServer } from './oracle-stand-in';

/** On a server: a schema (user) of its own for each test, made and dropped by the administrator that the URL names. */
export async function freshOracle(): Promise<FreshDatabase> {
  const driver = standInDriver();
  if (driver) return freshStandIn(await oracleStandIn(driver));
  const adminUrl = process.env.ERP_TEST_ORACLE_URL ?? '';
  const user = `ERP_${process.pid}_${Date.now().toString(36)}_${++serial}`.toUpperCase();
  const admin = async (...statements: string[]): Promise<void> => {
    const database = await openDatabase(adminUrl, { poolSize: 1 });
    try {
      for (const statement of statements) await database.dataSource.query(statement);
    } finally {
      await database.close();
    }
  };
  await admin(
    `CREATE USER ${user} IDENTIFIED BY "erp_Test1"`,
    `GRANT CREATE SESSION, CREATE TABLE, CREATE TRIGGER, UNLIMITED TABLESPACE TO ${user}`,
  );
  const url = new URL(adminUrl);
  url.username = user;
  url.password = 'erp_Test1';
  await migrateNew(url.href);
  return { url: url.href, release: () => admin(`DROP USER ${user} CASCADE`) };
}

let serial = 0;
let template: Promise<string> | undefined;

/** Migrates once per process; each test gets a copy. */
async function freshStandIn(server: StandInServer): Promise<FreshDatabase> {
  template ??= makeTemplate(server);
  const name = `erp_${process.pid}_${++serial}`;
  await server.copy(name, await template);
  return { url: server.url(name), release: () => server.drop(name) };
}

async function makeTemplate(server: StandInServer): Promise<string> {
  const name = `erp_${process.pid}_template`;
  await server.copy(name);
  atEnd(() => server.drop(name));
  await migrateNew(server.url(name));
  return name;
}

async function migrateNew(url: string): Promise<void> {
  const database = await openDatabase(url, { poolSize: 2 });
  try {
    await migrate(database, migrations);
  } finally {
    await database.close();
  }
}
