import { DomainError } from '../kernel';
import { listStores } from '../modules/organization';
import { createUser, findUserByLogin, issueLink, linkPath, role, type RoleGrant } from '../platform/auth';
import { sql } from '../platform/database';
import { systemActor } from '../platform/permissions';
import type { Services } from '../platform/services';

// What `phone-erp user` does: for the administrator of the server, who needs no account for it.

const actor = systemActor('command line');

export interface AccountSummary {
  login: string;
  name: string;
  active: boolean;
  hasPassword: boolean;
  secondFactor: boolean;
  /** `cashier@NJ01`; without store: in all of them. A temporary one: `cashier@NJ01 until 2026-12-01T10:00:00.000Z`. */
  roles: string[];
  /** Epoch milliseconds. */
  lastSignInAt: number | null;
}

/** Creates an account and returns the path of the one-time link to its first password. */
export async function createAccount(
  { uow, database }: Pick<Services, 'uow' | 'database'>,
  command: { login: string; name: string; roles: readonly string[]; locale: 'zh-CN' | 'en' },
): Promise<{ userId: number; path: string }> {
  const grants: RoleGrant[] = [];
  for (const text of command.roles) grants.push(await readGrant({ database }, text));
  const { login, name, locale } = command;
  const { userId } = await createUser(uow, actor, { login, name, locale, grants });
  const { token } = await issueLink(uow, actor, { userId });
  return { userId, path: linkPath(token) };
}

/** A new one-time link; with `withoutSecondFactor` also for somebody whose telephone is lost. */
export async function resetAccount(
  { uow, database }: Pick<Services, 'uow' | 'database'>,
  command: { login: string; withoutSecondFactor: boolean },
): Promise<{ login: string; path: string }> {
  const user = await findUserByLogin(database.read, command.login);
  if (!user) throw unknown('login', command.login);
  const { withoutSecondFactor } = command;
  const { token } = await issueLink(uow, actor, { userId: user.id, withoutSecondFactor });
  return { login: user.login, path: linkPath(token) };
}

export async function listAccounts({ database }: Pick<Services, 'database'>): Promise<AccountSummary[]> {
  const stores = new Map((await listStores(database.read)).map(({ id, code }) => [id, code]));
  const rows = await database.read.all<{
    id: number;
    login: string;
    name: string;
    active: number;
    hasPassword: number;
    secondFactor: number;
    lastSignInAt: number | null;
    roleCode: string | null;
    storeId: number | null;
    endsAt: number | null;
  }>(
    sql`SELECT u.id AS id, u.login AS login, u.name AS name, u.active AS active, u.last_sign_in_at AS last_sign_in_at,
               CASE WHEN u.password_hash IS NULL THEN 0 ELSE 1 END AS has_password,
               CASE WHEN u.totp_secret IS NULL THEN 0 ELSE 1 END AS second_factor,
               r.code AS role_code, ur.store_id AS store_id, ur.ends_at AS ends_at
        FROM user_account u LEFT JOIN user_role ur ON ur.user_id = u.id LEFT JOIN role r ON r.id = ur.role_id
        ORDER BY u.login, r.code, ur.store_id`,
  );
  const accounts = new Map<number, AccountSummary>();
  for (const row of rows) {
    const account = accounts.get(row.id) ?? {
      login: row.login,
      name: row.name,
      active: Number(row.active) === 1,
      hasPassword: Number(row.hasPassword) === 1,
      secondFactor: Number(row.secondFactor) === 1,
      roles: [],
      lastSignInAt: row.lastSignInAt === null ? null : Number(row.lastSignInAt),
    };
    const store = row.storeId === null ? '' : `@${stores.get(Number(row.storeId)) ?? row.storeId}`;
    const until = row.endsAt === null ? '' : ` until ${new Date(Number(row.endsAt)).toISOString()}`;
    if (row.roleCode !== null) account.roles.push(`${row.roleCode}${store}${until}`);
    accounts.set(row.id, account);
  }
  return [...accounts.values()];
}

/** `cashier@NJ01` or `owner`. Throws 'auth:command.unknown_role' or '…_store' with those that are there. */
async function readGrant({ database }: Pick<Services, 'database'>, text: string): Promise<RoleGrant> {
  const [code = '', storeCode] = text.split('@');
  const roles = await database.read.find(role, {});
  const found = roles.find((one) => one.code === code);
  if (!found) throw unknown('role', code, roles.map((one) => one.code).join(', '));
  if (storeCode === undefined) return { roleId: found.id, storeId: null };
  const stores = await listStores(database.read);
  const store = stores.find((one) => one.code === storeCode.toUpperCase());
  if (!store) throw unknown('store', storeCode, stores.map((one) => one.code).join(', '));
  return { roleId: found.id, storeId: store.id };
}

const unknown = (what: 'login' | 'role' | 'store', text: string, known = ''): DomainError =>
  new DomainError(`auth:command.unknown_${what}`, { status: 404, details: { text, known } });
