import { mysqlLikeDatabases } from '../database-kinds/mysql-like';
import type { FreshDatabase } from '../database-kinds/fresh-database';
import { mariadbServer } from '../mariadb-server';

/** An empty database on the tests' own server. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const server = await mariadbServer();
  return mysqlLikeDatabases((name) => server.url(name))();
}
