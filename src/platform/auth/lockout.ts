import { duplicateKey, sql } from '../database';
import type { Unit } from '../unit-of-work';
import { signInAttempt } from './tables';

export interface LockoutRule {
  /** Wrong tries before a lock. */
  attempts: number;
  /** Length of the first lock; each further one is twice as long, at most a day. */
  lockMs: number;
}

export type Attempt = { allowed: true; failures: number } | { allowed: false; until: number };

const LONGEST_LOCK_MS = 24 * 3_600_000;
/** Failures older than this are forgotten. */
const FORGET_AFTER_MS = 24 * 3_600_000;

/**
 * Counts a try before it is made, so that many at once cannot slip through between check and count; a success takes it
 * back with `clearAttempts`.
 */
export async function takeAttempt(unit: Unit, subject: string, rule: LockoutRule): Promise<Attempt> {
  const { now } = unit;
  // The update comes first: it holds the row until the end of the unit, so that tries are counted one after the other.
  if (!(await count(unit, subject))) {
    await start(unit, subject);
    await count(unit, subject);
  }
  const [row] = await unit.find(signInAttempt, { subject });
  if (!row) return { allowed: true, failures: 1 };
  const { failures, lockedUntil, lastFailedAt } = row;
  if (lockedUntil !== null && lockedUntil > now) {
    await giveBackAttempt(unit, subject);
    return { allowed: false, until: lockedUntil };
  }
  const counted = lastFailedAt < now - FORGET_AFTER_MS ? 1 : failures;
  // A try beyond the limit while the one that reached it is still being checked; after an expired lock a new round begins.
  const before = counted - 1;
  if (before > 0 && before % rule.attempts === 0 && lockedUntil === null)
    return { allowed: false, until: await lock(unit, subject, before, rule) };
  await unit.execute(
    sql`UPDATE sign_in_attempt SET failures = ${counted}, last_failed_at = ${now}, locked_until = NULL WHERE subject = ${subject}`,
  );
  return { allowed: true, failures: counted };
}

const count = async (unit: Unit, subject: string): Promise<boolean> =>
  (await unit.execute(sql`UPDATE sign_in_attempt SET failures = failures + 1 WHERE subject = ${subject}`)) > 0;

/** After a wrong try: locks when the limit is reached. Returns how many tries are left, or until when it is locked. */
export async function failAttempt(
  unit: Unit,
  subject: string,
  rule: LockoutRule,
): Promise<{ left: number; until: number | null }> {
  const [row] = await unit.find(signInAttempt, { subject });
  const failures = row?.failures ?? 1;
  if (failures % rule.attempts !== 0) return { left: rule.attempts - (failures % rule.attempts), until: null };
  return { left: 0, until: await lock(unit, subject, failures, rule) };
}

export async function clearAttempts(unit: Unit, subject: string): Promise<void> {
  await unit.execute(sql`DELETE FROM sign_in_attempt WHERE subject = ${subject}`);
}

/** A try that succeeded does not count; the failures before it do, so that an own account is no way to start afresh. */
export async function giveBackAttempt(unit: Unit, subject: string): Promise<void> {
  await unit.execute(
    sql`UPDATE sign_in_attempt SET failures = failures - 1 WHERE subject = ${subject} AND failures > 0`,
  );
}

async function start(unit: Unit, subject: string): Promise<void> {
  try {
    await unit.insert(signInAttempt, [{ subject, failures: 0, lastFailedAt: unit.now }]);
  } catch (error) {
    // Somebody else tried the same at the same moment.
    if (!duplicateKey(error)) throw error;
  }
}

async function lock(unit: Unit, subject: string, failures: number, rule: LockoutRule): Promise<number> {
  const round = Math.max(1, Math.floor(failures / rule.attempts));
  const until = unit.now + Math.min(LONGEST_LOCK_MS, rule.lockMs * 2 ** Math.min(round - 1, 20));
  await unit.execute(sql`UPDATE sign_in_attempt SET locked_until = ${until} WHERE subject = ${subject}`);
  return until;
}
