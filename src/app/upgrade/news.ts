import { duplicateKey, type Reader, sql } from '../../platform/database';
import type { Actor } from '../../platform/permissions';
import type { UnitOfWork } from '../../platform/unit-of-work';
import { version } from '../../platform/version';
import { releaseSeen } from '../maintenance';

export interface NewsBoard {
  /** Whether this person has not yet put away what this version brought. No version came by an upgrade: never. */
  isNewTo: (read: Reader, actor: Actor) => Promise<boolean>;
  /** They have. */
  putAway: (uow: UnitOfWork, actor: Actor) => Promise<void>;
}

const MOST_KEPT = 10_000;

/** Asks the database once whether this version came by an upgrade, and once for each person: it stands on every page. */
export function createNewsBoard(): NewsBoard {
  let came: Promise<boolean> | undefined;
  const seen = new Map<number, boolean>();
  const readCame = async (read: Reader): Promise<boolean> =>
    (await read.one(sql`SELECT id FROM program_upgrade WHERE to_version = ${version} ORDER BY id ${sql.limit(1)}`)) !==
    undefined;
  return {
    isNewTo: async (read, { userId }) => {
      if (userId === null) return false;
      came ??= readCame(read).catch(() => {
        came = undefined;
        return false;
      });
      if (!(await came)) return false;
      const known = seen.get(userId);
      if (known !== undefined) return !known;
      const [row] = await read.find(releaseSeen, { userId });
      const has = row?.version === version;
      if (seen.size > MOST_KEPT) seen.clear();
      seen.set(userId, has);
      return !has;
    },
    putAway: async (uow, actor) => {
      const { userId } = actor;
      if (userId === null) return;
      const write = () =>
        uow.run(actor, async (unit) => {
          const changed = await unit.execute(
            sql`UPDATE release_seen SET version = ${version}, seen_at = ${unit.now} WHERE user_id = ${userId}`,
          );
          if (changed === 0) await unit.insert(releaseSeen, [{ userId, version, seenAt: unit.now }]);
        });
      await write().catch((error: unknown) => (duplicateKey(error) ? write() : Promise.reject(error)));
      seen.set(userId, true);
    },
  };
}
