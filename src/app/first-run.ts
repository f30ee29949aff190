import { sql } from '../platform/database';
import type { Services } from '../platform/services';

/** Whether nobody has worked with this database yet: no store and no user. */
export async function isEmptyCompany({ database }: Pick<Services, 'database'>): Promise<boolean> {
  const stores = await database.read.one<{ count: number }>(sql`SELECT COUNT(*) AS count FROM store`);
  const users = await database.read.one<{ count: number }>(sql`SELECT COUNT(*) AS count FROM user_account`);
  return Number(stores?.count) === 0 && Number(users?.count) === 0;
}
