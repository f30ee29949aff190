import { normaliseCode } from '../../kernel';
import type { Row } from '../database';
import type { RequestOrigin } from '../http';
import type { Unit } from '../unit-of-work';
import { type AuthServices, lockoutRule, visitor } from './auth-services';
import { clearAttempts, failAttempt, giveBackAttempt, type LockoutRule, takeAttempt } from './lockout';
import { newToken, writeLink } from './one-time-link';
import { hashPassword, needsRehash, verifyPassword } from './password';
import { useCode } from './second-factor';
import { endOldestSessions } from './sessions';
import { signInRules } from './sign-in-rules';
import { userAccount } from './tables';

export type SignInOutcome =
  | { kind: 'signed-in'; userId: number }
  /** The password was right; `signInWithCode` follows. */
  | { kind: 'code-needed'; userId: number }
  /** The password was right and must be replaced first, through this link. */
  | { kind: 'password-change'; token: string }
  | { kind: 'wrong'; triesLeft: number }
  | { kind: 'locked'; until: number };

/** Tries from one address count for all logins together: a shop of many people shares one. */
const ADDRESS_FACTOR = 10;
const DAY_MS = 24 * 3_600_000;
const FORCED_LINK_LASTS_MS = 15 * 60_000;

type User = Row<typeof userAccount>;

/** The key under which the tries of a login are counted, the same whether it exists or not. */
export const loginSubject = ({ keys }: Pick<AuthServices, 'keys'>, login: string): string =>
  `login:${keys.hash(login, 'auth.login')}`;

/**
 * First step of signing in. Every outcome is audited; wrong ones are counted by login and by address. Answers for logins
 * that do not exist take as long and look the same as for those that do.
 */
export async function signIn(
  services: AuthServices,
  origin: RequestOrigin,
  command: { login: string; password: string },
): Promise<SignInOutcome> {
  const login = normaliseCode(command.login).slice(0, 40);
  const rules = await signInRules(services);
  const rule = await lockoutRule(services);
  const byLogin = loginSubject(services, login);
  const byAddress = `address:${origin.address}`;
  const subjects = [
    { subject: byLogin, rule },
    { subject: byAddress, rule: { ...rule, attempts: rule.attempts * ADDRESS_FACTOR } },
  ];
  const user = await findUser(services, login);
  const refusedUntil = await takeAttempts(services, origin, subjects, user);
  if (refusedUntil !== null) return { kind: 'locked', until: refusedUntil };
  const right = (await verifyPassword(command.password, user?.passwordHash ?? null)) && user?.active === true;
  if (!right || !user) return fail(services, origin, subjects, user);
  const rehashed =
    user.passwordHash && needsRehash(user.passwordHash) ? await hashPassword(command.password) : undefined;
  const token = newToken();
  return services.uow.run(visitor(origin, user), async (unit): Promise<SignInOutcome> => {
    await clearAttempts(unit, byLogin);
    await giveBackAttempt(unit, byAddress);
    if (rehashed) await unit.update(userAccount, user.id, { passwordHash: rehashed });
    if (user.mustSetPassword || isTooOld(user, rules.passwordMaxAgeDays, unit.now)) {
      await writeLink(unit, user.id, token, FORCED_LINK_LASTS_MS);
      return { kind: 'password-change', token };
    }
    if (user.totpSecret !== null) return { kind: 'code-needed', userId: user.id };
    await welcome(unit, user, 'password', rules.sessionsPerUser);
    return { kind: 'signed-in', userId: user.id };
  });
}

/** Second step: a code of the authenticator app, or a recovery code. */
export async function signInWithCode(
  services: AuthServices,
  origin: RequestOrigin,
  command: { userId: number; code: string },
): Promise<SignInOutcome> {
  const user = await services.database.read.get(userAccount, command.userId);
  const subjects = [{ subject: `code:${command.userId}`, rule: await lockoutRule(services) }];
  const refusedUntil = await takeAttempts(services, origin, subjects, user);
  if (refusedUntil !== null) return { kind: 'locked', until: refusedUntil };
  const { sessionsPerUser } = await signInRules(services);
  const done = await services.uow.run(visitor(origin, user), async (unit) => {
    const fresh = await unit.get(userAccount, command.userId);
    const way = fresh?.active ? await useCode(unit, services.keys, fresh, command.code) : null;
    if (!fresh || way === null) return false;
    for (const { subject } of subjects) await clearAttempts(unit, subject);
    await welcome(unit, fresh, way, sessionsPerUser);
    return true;
  });
  return done ? { kind: 'signed-in', userId: command.userId } : fail(services, origin, subjects, user);
}

type Counted = { subject: string; rule: LockoutRule }[];

async function findUser({ database }: AuthServices, login: string): Promise<User | undefined> {
  return login === '' ? undefined : (await database.read.find(userAccount, { login }))[0];
}

/** Until when the try is refused, or null when it may be made. */
async function takeAttempts(
  services: AuthServices,
  origin: RequestOrigin,
  subjects: Counted,
  user: User | undefined,
): Promise<number | null> {
  return services.uow.run(visitor(origin, user), async (unit) => {
    let until: number | null = null;
    for (const { subject, rule } of subjects) {
      const attempt = await takeAttempt(unit, subject, rule);
      if (!attempt.allowed) until = Math.max(until ?? 0, attempt.until);
    }
    return until;
  });
}

async function fail(
  services: AuthServices,
  origin: RequestOrigin,
  subjects: Counted,
  user: User | undefined,
): Promise<SignInOutcome> {
  // Nobody has shown to be that user: the entry names the account as what was tried, not as who tried.
  return services.uow.run(visitor(origin), async (unit): Promise<SignInOutcome> => {
    let until: number | null = null;
    let triesLeft = Number.POSITIVE_INFINITY;
    for (const { subject, rule } of subjects) {
      const failed = await failAttempt(unit, subject, rule);
      triesLeft = Math.min(triesLeft, failed.left);
      if (failed.until !== null) until = Math.max(until ?? 0, failed.until);
    }
    await unit.audit({
      action: 'auth.session.refuse',
      ...(user ? { subjectType: 'auth.user', subjectId: user.id } : {}),
      detail: { known: user !== undefined, ...(until === null ? {} : { lockedUntil: until }) },
    });
    return until === null ? { kind: 'wrong', triesLeft } : { kind: 'locked', until };
  });
}

const isTooOld = ({ passwordSetAt }: User, maxAgeDays: number, now: number): boolean =>
  maxAgeDays > 0 && (passwordSetAt ?? 0) < now - maxAgeDays * DAY_MS;

async function welcome(
  unit: Unit,
  user: User,
  way: 'password' | 'app' | 'recovery',
  sessionsPerUser: number,
): Promise<void> {
  // The new session is written afterwards: one place is left for it.
  if (sessionsPerUser > 0) await endOldestSessions(unit, user.id, sessionsPerUser - 1);
  await unit.update(userAccount, user.id, { lastSignInAt: unit.now });
  await unit.audit({ action: 'auth.session.begin', subjectType: 'auth.user', subjectId: user.id, detail: { way } });
}
