import { invalid } from '../../kernel';
import { type Reader, type Row, sql } from '../database';
import type { KeyRing } from '../crypto';
import type { Actor } from '../permissions';
import type { SealedColumn } from '../sealing';
import type { Unit } from '../unit-of-work';
import type { AuthServices } from './auth-services';
import { verifyPassword } from './password';
import { endSessions } from './sessions';
import { recoveryCode, userAccount } from './tables';
import { newRecoveryCodes, newTotpSecret, normaliseRecoveryCode, totpAddress, totpStep } from './totp';

type User = Row<typeof userAccount>;

/** The page on which a second factor is set up. */
export const ENROLMENT_PATH = '/account/second-factor/new';

const SECRET = 'auth.totp';

export const totpSecret: SealedColumn = { table: userAccount, cipher: 'totpSecret', purpose: SECRET };
const RECOVERY = 'auth.recovery';

export interface Enrolment {
  /** The new secret, sealed for this user: travels through the form and is stored only when a code proves it was scanned. */
  sealed: string;
  secret: string;
  address: string;
}

export function beginEnrolment(keys: KeyRing, user: { id: number; login: string }): Enrolment {
  const secret = newTotpSecret();
  return {
    sealed: keys.encrypt(secret, `${SECRET}.enrol.${user.id}`),
    secret,
    address: totpAddress(secret, user.login),
  };
}

/** Opens what `beginEnrolment` sealed, to show the page again; throws errors:form when it is somebody else's or changed. */
export function resumeEnrolment(keys: KeyRing, user: { id: number; login: string }, sealed: string): Enrolment {
  try {
    const secret = keys.decrypt(sealed, `${SECRET}.enrol.${user.id}`);
    return { sealed, secret, address: totpAddress(secret, user.login) };
  } catch {
    throw invalid('auth:totp.enrolment_lost');
  }
}

/** Turns the second factor on and returns the recovery codes, which are shown this once. Other sessions end. */
export async function confirmEnrolment(
  services: AuthServices,
  actor: Actor,
  command: { sealed: string; code: string; sid?: string },
): Promise<string[]> {
  const { uow, keys, database } = services;
  const user = await ownAccount(database.read, actor);
  const { secret } = resumeEnrolment(keys, user, command.sealed);
  const step = totpStep(secret, command.code, services.clock(), null);
  if (step === null) throw wrongCode();
  const codes = newRecoveryCodes();
  await uow.run(actor, async (unit) => {
    await unit.update(userAccount, user.id, { totpSecret: keys.encrypt(secret, SECRET), totpLastStep: step });
    await replaceRecoveryCodes(unit, keys, user.id, codes);
    await endSessions(unit, user.id, command.sid);
    await unit.audit({ action: 'auth.totp.enable', subjectType: 'auth.user', subjectId: user.id });
  });
  return codes;
}

/** Needs the password, so that a session left open is not enough. */
export async function disableTotp(services: AuthServices, actor: Actor, command: { password: string }): Promise<void> {
  const user = await ownAccount(services.database.read, actor);
  if (!(await verifyPassword(command.password, user.passwordHash)))
    throw invalid('errors:form', {}, [{ path: 'password', code: 'auth:password.wrong' }]);
  if (await needsSecondFactor(services.database.read, user.id))
    throw invalid('errors:form', {}, [{ path: 'password', code: 'auth:totp.required' }]);
  await services.uow.run(actor, async (unit) => {
    await removeSecondFactor(unit, user.id);
    await unit.audit({ action: 'auth.totp.disable', subjectType: 'auth.user', subjectId: user.id });
  });
}

export async function removeSecondFactor(unit: Unit, userId: number): Promise<void> {
  await unit.update(userAccount, userId, { totpSecret: null, totpLastStep: null });
  await unit.execute(sql`DELETE FROM recovery_code WHERE user_id = ${userId}`);
}

/** Whether a code from the app or a recovery code is right; uses it up within the unit. */
export async function useCode(
  unit: Unit,
  keys: KeyRing,
  user: User,
  typed: string,
): Promise<'app' | 'recovery' | null> {
  if (user.totpSecret === null) return null;
  const step = totpStep(keys.decrypt(user.totpSecret, SECRET), typed, unit.now, user.totpLastStep);
  if (step !== null) {
    const used = await unit.execute(
      sql`UPDATE user_account SET totp_last_step = ${step}
          WHERE id = ${user.id} AND (totp_last_step IS NULL OR totp_last_step < ${step})`,
    );
    return used === 1 ? 'app' : null;
  }
  const recovery = normaliseRecoveryCode(typed);
  if (recovery === null) return null;
  const used = await unit.execute(
    sql`UPDATE recovery_code SET used_at = ${unit.now}
        WHERE user_id = ${user.id} AND code_hash = ${keys.hash(recovery, RECOVERY)} AND used_at IS NULL`,
  );
  return used === 1 ? 'recovery' : null;
}

export async function recoveryCodesLeft(read: Reader, userId: number): Promise<number> {
  const row = await read.one<{ unused: number }>(
    sql`SELECT COUNT(*) AS unused FROM recovery_code WHERE user_id = ${userId} AND used_at IS NULL`,
  );
  return Number(row?.unused ?? 0);
}

/** Whether one of the user's roles asks for a second factor. */
export async function needsSecondFactor(read: Reader, userId: number): Promise<boolean> {
  const row = await read.one<{ roles: number }>(
    sql`SELECT COUNT(*) AS roles FROM user_role ur INNER JOIN role r ON r.id = ur.role_id
        WHERE ur.user_id = ${userId} AND r.needs_second_factor = ${1}`,
  );
  return Number(row?.roles ?? 0) > 0;
}

async function replaceRecoveryCodes(
  unit: Unit,
  keys: KeyRing,
  userId: number,
  codes: readonly string[],
): Promise<void> {
  await unit.execute(sql`DELETE FROM recovery_code WHERE user_id = ${userId}`);
  const first = unit.takeIds(recoveryCode, codes.length);
  await unit.insert(
    recoveryCode,
    codes.map((code, index) => ({ id: first + index, userId, codeHash: keys.hash(code, RECOVERY) })),
  );
}

/** The account of the signed-in actor. */
export async function ownAccount(read: Reader, actor: Actor): Promise<User> {
  const user = actor.userId === null ? undefined : await read.get(userAccount, actor.userId);
  if (!user) throw invalid('auth:account.gone');
  return user;
}

const wrongCode = () => invalid('errors:form', {}, [{ path: 'code', code: 'auth:totp.wrong' }]);
