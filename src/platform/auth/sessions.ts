import { hash } from 'node:crypto';
import { notFound } from '../../kernel';
import { chunked, type Reader, sql } from '../database';
import type { Actor } from '../permissions';
import type { Unit, UnitOfWork } from '../unit-of-work';

export const sidHashOf = (sid: string): string => hash('sha256', sid);

export interface SessionView {
  /** Names the session in forms; worth nothing as a cookie. */
  key: string;
  createdAt: number;
  seenAt: number;
  address: string | null;
  userAgent: string | null;
  current: boolean;
}

/** The living sessions of a user, the last used first. */
export async function listSessions(
  read: Reader,
  userId: number,
  { now, sid }: { now: number; sid?: string },
): Promise<SessionView[]> {
  const rows = await read.all<Omit<SessionView, 'current' | 'key'> & { sidHash: string }>(
    sql`SELECT sid_hash, created_at, seen_at, address, user_agent FROM session
        WHERE user_id = ${userId} AND expires_at > ${now} ORDER BY seen_at DESC, sid_hash`,
  );
  const own = sid === undefined ? '' : sidHashOf(sid);
  return rows.map(({ sidHash, ...row }) => ({
    ...row,
    createdAt: Number(row.createdAt),
    seenAt: Number(row.seenAt),
    key: sidHash,
    current: sidHash === own,
  }));
}

/** Ends one session of the actor; throws 404 when it is not theirs. */
export async function revokeOwnSession(uow: UnitOfWork, actor: Actor, key: string): Promise<void> {
  await uow.run(actor, async (unit) => {
    const ended = await unit.execute(
      sql`DELETE FROM session WHERE sid_hash = ${key.slice(0, 64)} AND user_id = ${actor.userId ?? 0}`,
    );
    if (ended === 0) throw notFound('auth.session', key.slice(0, 8));
    await unit.audit({ action: 'auth.session.revoke', subjectType: 'auth.user', subjectId: actor.userId ?? 0 });
  });
}

/** Ends the sessions of a user beyond the `most` used last. */
export async function endOldestSessions(unit: Unit, userId: number, most: number): Promise<void> {
  const rows = await unit.all<{ sidHash: string }>(
    sql`SELECT sid_hash FROM session WHERE user_id = ${userId} ORDER BY seen_at DESC, sid_hash`,
  );
  const over = rows.slice(most).map(({ sidHash }) => sidHash);
  for (const part of chunked(over)) await unit.execute(sql`DELETE FROM session WHERE sid_hash IN (${sql.list(part)})`);
}

/** Ends the sessions of a user, but for one: after a new password, a change of the second factor, or when the user leaves. */
export async function endSessions(unit: Unit, userId: number, exceptSid?: string): Promise<number> {
  const kept = exceptSid === undefined ? sql.empty : sql` AND sid_hash <> ${sidHashOf(exceptSid)}`;
  return unit.execute(sql`DELETE FROM session WHERE user_id = ${userId}${kept}`);
}
