import { invalid } from '../../kernel';
import {
  addUser,
  checkPassword,
  findUserByLogin,
  issueLink,
  linkPath,
  role,
  setPasswordByLink,
} from '../../platform/auth';
import { sql } from '../../platform/database';
import type { Services } from '../../platform/services';
import { founder } from './company';

export interface AdministratorCommand {
  login: string;
  name: string;
  locale: 'zh-CN' | 'en';
  /** null: they set it themselves by a one-time link. */
  password: string | null;
}

/** Throws what checkPassword throws, before anything is written. */
export function requireGoodPassword(password: string, login: string, minLength: number): void {
  checkPassword(password, { login, minLength });
}

/** Whether anybody holds the role of the administrator for the whole company. */
export async function hasAdministrator(read: Services['database']['read']): Promise<boolean> {
  const row = await read.one<{ count: number }>(
    sql`SELECT COUNT(*) AS count FROM user_role ur INNER JOIN role r ON r.id = ur.role_id
        WHERE ur.store_id IS NULL AND ur.ends_at IS NULL AND r.code = ${'administrator'}`,
  );
  return Number(row?.count) > 0;
}

/**
 * The first administrator: made unless the login is there, given the password unless they have one. An account of that
 * login that is no administrator is left alone: auth:user.login_taken.
 */
export async function foundAdministrator(services: Services, command: AdministratorCommand): Promise<number> {
  const { uow, database } = services;
  const known = await findUserByLogin(database.read, command.login);
  const userId = known?.id ?? (await uow.run(founder, (unit) => create(unit))).userId;
  if (known && !(await isAdministrator(userId)))
    throw invalid('errors:form', {}, [
      { path: 'login', code: 'auth:user.login_taken', details: { login: command.login } },
    ]);
  if (command.password !== null && !known?.passwordHash) {
    const { token } = await issueLink(uow, founder, { userId });
    await setPasswordByLink(services, { address: 'setup', requestId: 'setup' }, { token, password: command.password });
  }
  return userId;

  async function create(unit: Parameters<typeof addUser>[0]): Promise<{ userId: number }> {
    const [administrator] = await unit.find(role, { code: 'administrator' });
    if (!administrator) throw new Error('the role administrator is missing');
    const { login, name, locale } = command;
    return addUser(unit, { login, name, locale, grants: [{ roleId: administrator.id, storeId: null }] });
  }

  async function isAdministrator(id: number): Promise<boolean> {
    const row = await database.read.one<{ count: number }>(
      sql`SELECT COUNT(*) AS count FROM user_role ur INNER JOIN role r ON r.id = ur.role_id
          WHERE ur.user_id = ${id} AND ur.store_id IS NULL AND ur.ends_at IS NULL AND r.code = ${'administrator'}`,
    );
    return Number(row?.count) > 0;
  }
}

/** A new one-time link for an administrator without a password; null when they have one. */
export async function firstLink({ uow, database }: Services, login: string): Promise<string | null> {
  const user = await findUserByLogin(database.read, login);
  if (!user || user.passwordHash) return null;
  const { token } = await issueLink(uow, founder, { userId: user.id });
  return linkPath(token);
}
