import { migrations } from '../../../migrations';
import { migrate, openDatabase } from '../../../src/platform/database';
import type { FreshDatabase } from './fresh-database';

let serial = 0;

/** A database of its own for each test, made as the installer does and dropped by the administrator that the URL names. */
export async function freshMssql(): Promise<FreshDatabase> {
  const adminUrl = process.env.ERP_TEST_MSSQL_URL ?? '';
  const name = `erp_${process.pid}_${Date.now().toString(36)}_${++serial}`;
  const admin = async (...statements: string[]): Promise<void> => {
    const database = await openDatabase(adminUrl, { poolSize: 1 });
    try {
      for (const statement of statements) await database.dataSource.query(statement);
    } finally {
      await database.close();
    }
  };
  await admin(
    `CREATE DATABASE ${name} COLLATE Chinese_PRC_CI_AS`,
    `ALTER DATABASE ${name} SET READ_COMMITTED_SNAPSHOT ON`,
  );
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const database = await openDatabase(url.href, { poolSize: 2 });
  try {
    await migrate(database, migrations);
  } finally {
    await database.close();
  }
  return {
    url: url.href,
    release: () => admin(`ALTER DATABASE ${name} SET SINGLE_USER WITH ROLLBACK IMMEDIATE`, `DROP DATABASE ${name}`),
  };
}
