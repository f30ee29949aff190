import { type DomainError, type FieldProblem, invalid, normaliseCode, normaliseName, notFound } from '../../kernel';
import { duplicateKey, type Reader, type Row, sql } from '../database';
import { type Actor, authoriseEverywhere } from '../permissions';
import type { RunOptions, Unit, UnitOfWork } from '../unit-of-work';
import { addedGrants, grantsOf, requireAdministrator, requireGrantable, type RoleGrant, writeGrants } from './grants';
import { newToken, writeLink } from './one-time-link';
import { removeSecondFactor } from './second-factor';
import { endSessions } from './sessions';
import { userAccount } from './tables';

const MANAGE_USERS = 'administration.user.manage';

export interface UserCommand {
  login: string;
  name: string;
  staffId?: number | null;
  locale: 'zh-CN' | 'en';
  grants: readonly RoleGrant[];
}

/** A user without password: give them a link (`issueLink`). Throws errors:form when the login is taken. */
export async function createUser(
  uow: UnitOfWork,
  actor: Actor,
  command: UserCommand,
  options?: RunOptions,
): Promise<{ userId: number }> {
  authoriseEverywhere(actor, MANAGE_USERS);
  return uow.run(actor, (unit) => addUser(unit, command), options);
}

/** The same inside a unit of work, for the sample company and imports. */
export async function addUser(unit: Unit, command: UserCommand): Promise<{ userId: number }> {
  const { login, name } = checkedNames(command);
  await requireGrantable(unit, unit.actor, command.grants, unit.now);
  const id = unit.takeIds(userAccount);
  const { locale, staffId = null } = command;
  try {
    await unit.insert(userAccount, [
      { id, login, name, staffId, locale, active: true, mustSetPassword: false, createdAt: unit.now, version: 1 },
    ]);
  } catch (error) {
    throw duplicateKey(error) ? loginTaken(login) : error;
  }
  await writeGrants(unit, id, command.grants);
  await unit.audit({
    action: 'auth.user.create',
    subjectType: 'auth.user',
    subjectId: id,
    detail: { grants: command.grants },
  });
  return { userId: id };
}

export async function updateUser(
  uow: UnitOfWork,
  actor: Actor,
  command: UserCommand & { userId: number; version: number },
  options?: RunOptions,
): Promise<void> {
  authoriseEverywhere(actor, MANAGE_USERS);
  const { login, name } = checkedNames(command);
  await uow.run(
    actor,
    async (unit) => {
      const before = await mustGet(unit, command.userId);
      const grants = await grantsOf(unit, before.id);
      await requireGrantable(unit, actor, addedGrants(grants, command.grants), unit.now);
      try {
        await unit.update(
          userAccount,
          before.id,
          { login, name, locale: command.locale, staffId: command.staffId ?? null },
          command.version,
        );
      } catch (error) {
        throw duplicateKey(error) ? loginTaken(login) : error;
      }
      await unit.execute(sql`DELETE FROM user_role WHERE user_id = ${before.id}`);
      await writeGrants(unit, before.id, command.grants);
      await requireAdministrator(unit, grants);
      await unit.audit({
        action: 'auth.user.change',
        subjectType: 'auth.user',
        subjectId: before.id,
        detail: { before: grants, after: command.grants, ...(before.login === login ? {} : { login: 'changed' }) },
      });
    },
    options,
  );
}

/**
 * Gives an account these roles and no others. The caller has checked the right to manage accounts, and asks
 * `requireAdministrator` when all accounts that it changes are changed.
 */
export async function changeGrants(
  unit: Unit,
  { userId, grants }: { userId: number; grants: readonly RoleGrant[] },
): Promise<{ before: RoleGrant[] }> {
  const user = await mustGet(unit, userId);
  const before = await grantsOf(unit, userId);
  await requireGrantable(unit, unit.actor, addedGrants(before, grants), unit.now);
  // Raises the version: a form of this account that is open elsewhere is out of date.
  await unit.update(userAccount, userId, { name: user.name }, user.version);
  await unit.execute(sql`DELETE FROM user_role WHERE user_id = ${userId}`);
  await writeGrants(unit, userId, grants);
  await unit.audit({
    action: 'auth.user.change',
    subjectType: 'auth.user',
    subjectId: userId,
    detail: { before, after: grants },
  });
  return { before };
}

/** A user who left cannot sign in any more and is signed out everywhere at once; what they did stays under their name. */
export async function setUserActive(
  uow: UnitOfWork,
  actor: Actor,
  command: { userId: number; active: boolean },
  options?: RunOptions,
): Promise<void> {
  authoriseEverywhere(actor, MANAGE_USERS);
  if (command.userId === actor.userId && !command.active) throw invalid('auth:user.not_yourself');
  await uow.run(
    actor,
    async (unit) => {
      const user = await mustGet(unit, command.userId);
      if (user.active === command.active) return;
      if (command.active) await requireGrantable(unit, actor, await grantsOf(unit, user.id), unit.now);
      await unit.update(userAccount, user.id, { active: command.active }, user.version);
      if (!command.active) {
        await endSessions(unit, user.id);
        await unit.execute(
          sql`UPDATE one_time_link SET used_at = ${unit.now} WHERE user_id = ${user.id} AND used_at IS NULL`,
        );
        await requireAdministrator(unit, await grantsOf(unit, user.id));
      }
      const action = command.active ? 'auth.user.activate' : 'auth.user.deactivate';
      await unit.audit({ action, subjectType: 'auth.user', subjectId: user.id });
    },
    options,
  );
}

/**
 * The account of somebody who left, without what tells who it was: closed for good, signed out, without password, second factor
 * and roles. What it did stays under its id. Throws 422 auth:user.not_yourself and auth:user.last_administrator.
 */
export async function eraseUser(unit: Unit, userId: number, name: string): Promise<void> {
  if (userId === unit.actor.userId) throw invalid('auth:user.not_yourself');
  const user = await mustGet(unit, userId);
  const grants = await grantsOf(unit, userId);
  await unit.execute(sql`DELETE FROM user_role WHERE user_id = ${userId}`);
  await unit.execute(sql`DELETE FROM password_history WHERE user_id = ${userId}`);
  await unit.execute(sql`DELETE FROM one_time_link WHERE user_id = ${userId}`);
  await endSessions(unit, userId);
  await removeSecondFactor(unit, userId);
  const gone = { passwordHash: null, passwordSetAt: null, lastSignInAt: null, active: false };
  // The second factor raised no version: the one that was read holds.
  await unit.update(userAccount, userId, { ...gone, login: `LEFT-${userId}`, name }, user.version);
  await requireAdministrator(unit, grants);
}

/** A link with which the user chooses a password; shown once, it is stored nowhere. The password until then stays valid. */
export async function issueLink(
  uow: UnitOfWork,
  actor: Actor,
  command: { userId: number; withoutSecondFactor?: boolean },
): Promise<{ token: string }> {
  authoriseEverywhere(actor, MANAGE_USERS);
  const token = newToken();
  await uow.run(actor, async (unit) => {
    const user = await mustGet(unit, command.userId);
    if (!user.active) throw invalid('auth:user.inactive');
    // Whoever holds the link holds the user's rights: nobody may get more of them in this way than they have.
    if (user.id !== actor.userId) await requireGrantable(unit, actor, await grantsOf(unit, user.id), unit.now);
    await writeLink(unit, user.id, token);
    if (command.withoutSecondFactor) await removeSecondFactor(unit, user.id);
    await unit.audit({
      action: 'auth.user.reset',
      subjectType: 'auth.user',
      subjectId: user.id,
      detail: { secondFactor: command.withoutSecondFactor ? 'removed' : 'kept' },
    });
  });
  return { token };
}

export async function findUserByLogin(read: Reader, login: string): Promise<Row<typeof userAccount> | undefined> {
  return (await read.find(userAccount, { login: normaliseCode(login) }))[0];
}

async function mustGet(unit: Unit, userId: number): Promise<Row<typeof userAccount>> {
  await unit.lock(userAccount, [userId]);
  const user = await unit.get(userAccount, userId);
  if (!user) throw notFound('auth.user', userId);
  return user;
}

function checkedNames(command: { login: string; name: string }): { login: string; name: string } {
  const login = normaliseCode(command.login);
  const name = normaliseName(command.name);
  const problems: FieldProblem[] = [];
  if (!/^[\p{L}\p{N}][\p{L}\p{N}._@+-]{1,39}$/u.test(login))
    problems.push({ path: 'login', code: 'auth:user.login_format' });
  if (name === '' || [...name].length > 40) problems.push({ path: 'name', code: 'auth:user.name_needed' });
  if (problems.length > 0) throw invalid('errors:form', {}, problems);
  return { login, name };
}

const loginTaken = (login: string): DomainError =>
  invalid('errors:form', {}, [{ path: 'login', code: 'auth:user.login_taken', details: { login } }]);
