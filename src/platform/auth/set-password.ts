import { DomainError, invalid } from '../../kernel';
import { sql } from '../database';
import type { RequestOrigin } from '../http';
import type { Actor } from '../permissions';
import { type AuthServices, visitor } from './auth-services';
import { clearAttempts } from './lockout';
import { openLink, tokenHash } from './one-time-link';
import { checkPassword, hashPassword, verifyPassword } from './password';
import { ownAccount } from './second-factor';
import { refuseUsedPassword, rememberPassword } from './password-history';
import { endSessions } from './sessions';
import { signInRules } from './sign-in-rules';
import { loginSubject } from './sign-in';
import { userAccount } from './tables';

/** Sets the password of a link's user and uses the link up. All sessions end, a lock on the login is lifted. */
export async function setPasswordByLink(
  services: AuthServices,
  origin: RequestOrigin,
  command: { token: string; password: string },
): Promise<{ login: string }> {
  const { userId, login, name } = await openLink(services.database.read, command.token, services.clock());
  const rules = await signInRules(services);
  checkPassword(command.password, { login, minLength: rules.passwordMinLength });
  const user = await services.database.read.get(userAccount, userId);
  const known = { id: userId, passwordHash: user?.passwordHash ?? null };
  await refuseUsedPassword(services.database.read, known, command.password, rules.passwordsRemembered);
  const passwordHash = await hashPassword(command.password);
  await services.uow.run(visitor(origin, { id: userId, name }), async (unit) => {
    const used = await unit.execute(
      sql`UPDATE one_time_link SET used_at = ${unit.now}
          WHERE token_hash = ${tokenHash(command.token)} AND used_at IS NULL AND expires_at > ${unit.now}`,
    );
    if (used === 0) throw new DomainError('auth:link.not_valid');
    await rememberPassword(unit, known, rules.passwordsRemembered);
    await unit.update(userAccount, userId, { passwordHash, passwordSetAt: unit.now, mustSetPassword: false });
    await endSessions(unit, userId);
    await clearAttempts(unit, loginSubject(services, login));
    await unit.audit({
      action: 'auth.password.set',
      subjectType: 'auth.user',
      subjectId: userId,
      detail: { way: 'link' },
    });
  });
  return { login };
}

/** Changes the own password; the other sessions end. Throws errors:form with the field `current` or `password`. */
export async function changePassword(
  services: AuthServices,
  actor: Actor,
  command: { current: string; password: string; sid?: string },
): Promise<void> {
  const user = await ownAccount(services.database.read, actor);
  if (!(await verifyPassword(command.current, user.passwordHash)))
    throw invalid('errors:form', {}, [{ path: 'current', code: 'auth:password.wrong' }]);
  const rules = await signInRules(services);
  checkPassword(command.password, { login: user.login, minLength: rules.passwordMinLength });
  await refuseUsedPassword(services.database.read, user, command.password, rules.passwordsRemembered);
  const passwordHash = await hashPassword(command.password);
  await services.uow.run(actor, async (unit) => {
    await rememberPassword(unit, user, rules.passwordsRemembered);
    await unit.update(userAccount, user.id, { passwordHash, passwordSetAt: unit.now, mustSetPassword: false });
    await endSessions(unit, user.id, command.sid);
    await unit.audit({
      action: 'auth.password.set',
      subjectType: 'auth.user',
      subjectId: user.id,
      detail: { way: 'own' },
    });
  });
}
