import type { Request } from 'express';
import { type Session, type SessionData, Store } from 'express-session';
import { decodeRow, type Row, sql } from '../database';
import { systemActor } from '../permissions';
import type { Services } from '../services';
import { type AssignmentRow, assignmentColumns, assignmentsAt } from './load-actor';
import { sidHashOf } from './sessions';
import { type SignInRules, signInRules } from './sign-in-rules';
import { session } from './tables';

type StoreServices = Pick<Services, 'uow' | 'database' | 'config' | 'clock'>;

/** Before anybody is signed in a session only carries the steps of the sign-in page. */
const VISITOR_LASTS_MS = 15 * 60_000;
/** "Last seen" is written at most this often, so that reading pages does not write to the database each time. */
const TOUCH_EVERY_MS = 60_000;
const MOST_REMEMBERED = 5000;

/** Whose session it is and what they may do, as it was read with the session: each request would ask for it next. */
export interface Owner {
  userId: number;
  assignments: readonly AssignmentRow[];
}
const owners = new WeakMap<object, Owner>();

/** The owner of the session of a request that began just now; told once, as what they may do can change. */
export function takeOwner(of: object): Owner | undefined {
  const owner = owners.get(of);
  owners.delete(of);
  return owner;
}

/**
 * Sessions in the database, for all nodes: they end after `idleMinutes` without a request and after
 * `absoluteHours` in any case (see sign-in-rules). A session that was revoked while one of its requests ran stays revoked.
 */
export class DatabaseSessionStore extends Store {
  private readonly loaded = new WeakSet();
  private readonly touchedAt = new Map<string, number>();
  private readonly actor = systemActor('session');

  constructor(private readonly services: StoreServices) {
    super();
  }

  override createSession(request: Request, data: SessionData): Session & SessionData {
    const made = super.createSession(request, data);
    this.loaded.add(made);
    const owner = takeOwner(data);
    if (owner) owners.set(made, owner);
    return made;
  }

  override get(sid: string, done: (error: unknown, data?: SessionData | null) => void): void {
    this.read(sid).then(
      (data) => done(null, data),
      (error: unknown) => done(error),
    );
  }

  override set(sid: string, data: SessionData, done?: (error?: unknown) => void): void {
    settle(this.write(sid, data), done);
  }

  override destroy(sid: string, done?: (error?: unknown) => void): void {
    settle(this.remove(sid), done);
  }

  private async read(sid: string): Promise<SessionData | null> {
    const now = this.services.clock();
    const rows = await this.services.database.read.all<AssignmentRow & Record<string, unknown>>(
      sql`SELECT s.*, ${assignmentColumns}
          FROM session s LEFT JOIN user_account u ON u.id = s.user_id ${assignmentsAt(now)}
          WHERE s.sid_hash = ${sidHashOf(sid)}`,
    );
    const row = rows[0] && decodeRow(session, rows[0]);
    if (!row || row.expiresAt <= now) return null;
    await this.see(row);
    const data = row.data as unknown as SessionData;
    if (row.userId !== null) owners.set(data, { userId: row.userId, assignments: rows });
    return data;
  }

  private async write(sid: string, data: SessionData): Promise<void> {
    const sidHash = sidHashOf(sid);
    const userId = data.userId ?? null;
    const known = this.loaded.has(data);
    const json = JSON.stringify(data);
    const rules = await signInRules(this.services);
    await this.services.uow.run(this.actor, async (unit) => {
      const [row] = await unit.find(session, { sidHash });
      if (row) {
        const expiresAt = expiry(rules, row.createdAt, unit.now, userId);
        await unit.execute(
          sql`UPDATE session SET data = ${json}, user_id = ${userId}, seen_at = ${unit.now}, expires_at = ${expiresAt}
              WHERE sid_hash = ${sidHash}`,
        );
      } else if (!known)
        await unit.insert(session, [
          {
            sidHash,
            userId,
            createdAt: unit.now,
            seenAt: unit.now,
            expiresAt: expiry(rules, unit.now, unit.now, userId),
            ...origin(data),
            data: JSON.parse(json) as Record<string, unknown>,
          },
        ]);
    });
    this.remember(sidHash);
  }

  /**
   * Notes that the session is in use, while it is read: as express-session's own `touch` at the end of a request it would
   * hold every answer back and cut it in two.
   */
  private async see({ sidHash, userId, createdAt }: Row<typeof session>): Promise<void> {
    const now = this.services.clock();
    if (now - (this.touchedAt.get(sidHash) ?? 0) < TOUCH_EVERY_MS) return;
    this.remember(sidHash);
    const expiresAt = expiry(await signInRules(this.services), createdAt, now, userId);
    await this.services.uow.run(this.actor, (unit) =>
      unit.execute(sql`UPDATE session SET seen_at = ${now}, expires_at = ${expiresAt} WHERE sid_hash = ${sidHash}`),
    );
  }

  private async remove(sid: string): Promise<void> {
    const sidHash = sidHashOf(sid);
    this.touchedAt.delete(sidHash);
    await this.services.uow.run(this.actor, (unit) =>
      unit.execute(sql`DELETE FROM session WHERE sid_hash = ${sidHash}`),
    );
  }

  private remember(sidHash: string): void {
    if (this.touchedAt.size >= MOST_REMEMBERED) this.touchedAt.clear();
    this.touchedAt.set(sidHash, this.services.clock());
  }
}

function expiry(
  { idleMinutes, absoluteHours }: SignInRules,
  createdAt: number,
  now: number,
  userId: number | null,
): number {
  if (userId === null) return createdAt + VISITOR_LASTS_MS;
  return Math.min(now + idleMinutes * 60_000, createdAt + absoluteHours * 3_600_000);
}

/** express-session keeps the request in its session object. */
function origin(data: SessionData): { address: string | null; userAgent: string | null } {
  const request = (data as SessionData & { req?: Request }).req;
  return { address: request?.ip ?? null, userAgent: request?.get('user-agent')?.slice(0, 200) ?? null };
}

function settle(work: Promise<void>, done: ((error?: unknown) => void) | undefined): void {
  work.then(
    () => done?.(),
    (error: unknown) => done?.(error),
  );
}
