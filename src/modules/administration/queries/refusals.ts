import { REFUSED } from '../../../platform/audit';
import { type Reader, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import { USER_VIEW } from './user-list';

const DAYS_MS = 7 * 24 * 3_600_000;
/** Entries read, the newest first; there is at most one a minute for a person and a permission. */
const MOST_ENTRIES = 20_000;

export interface RefusalCount {
  userId: number;
  name: string;
  permission: string;
  times: number;
  /** Epoch milliseconds. */
  lastAt: number;
  lastRoute: string;
}

/** How often each person was refused for lack of each permission in the seven days before `now`, the most often first. */
export async function refusalCounts(read: Reader, actor: Actor, now: number): Promise<RefusalCount[]> {
  authorise(actor, USER_VIEW);
  const rows = await read.all<{ at: number; actorId: number; actorName: string; detail: string }>(
    sql`SELECT at, actor_id, actor_name, detail FROM audit_log
        WHERE at >= ${now - DAYS_MS} AND action = ${REFUSED} ORDER BY at DESC, id DESC ${sql.limit(MOST_ENTRIES)}`,
  );
  const counts = new Map<string, RefusalCount>();
  for (const { at, actorId, actorName, detail } of rows) {
    const { permission, times, route } = JSON.parse(detail) as { permission: string; times: number; route: string };
    const key = `${actorId}/${permission}`;
    const found = counts.get(key);
    if (found) found.times += times;
    else
      counts.set(key, {
        userId: Number(actorId),
        name: actorName,
        permission,
        times,
        lastAt: Number(at),
        lastRoute: route,
      });
  }
  return [...counts.values()].sort((a, b) => b.times - a.times || b.lastAt - a.lastAt);
}
