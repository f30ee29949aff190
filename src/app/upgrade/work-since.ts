import { type Reader, sql } from '../../platform/database';

/** Signing in and looking after the system are no work that anybody misses. */
const NO_WORK = /^(auth\.(session|permission)|system\.(maintenance|upgrade|backup|database))\./;

/** What people have done since a moment, by the actions of the audit log. */
export async function workSince(read: Reader, since: number): Promise<{ action: string; count: number }[]> {
  const rows = await read.all<{ action: string; total: number }>(
    sql`SELECT action, COUNT(*) AS total FROM audit_log WHERE at >= ${since} GROUP BY action ORDER BY action`,
  );
  return rows
    .filter(({ action }) => !NO_WORK.test(action))
    .map(({ action, total }) => ({ action, count: Number(total) }));
}
