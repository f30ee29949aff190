import { notFound } from '../../../kernel';
import { role, userAccount } from '../../../platform/auth';
import { type Reader, type Row, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { Grant, RolePermissions } from '../domain/rights';
import { ROLE_VIEW } from './role-page';
import { USER_VIEW } from './user-list';

export interface Account {
  id: number;
  login: string;
  name: string;
  staffId: number | null;
  hasPassword: boolean;
  hasSecondFactor: boolean;
  /** Epoch milliseconds; null: never. */
  lastSignInAt: number | null;
  createdAt: number;
  grants: Grant[];
}

interface RawAccount extends Omit<Account, 'hasPassword' | 'hasSecondFactor' | 'grants'> {
  hasPassword: number;
  hasSecondFactor: number;
}

/** What each role may do, by the role's id. */
export async function rolePermissions(read: Reader, actor: Actor): Promise<RolePermissions> {
  authorise(actor, ROLE_VIEW);
  const rows = await read.all<{ roleId: number; permission: string }>(
    sql`SELECT role_id, permission FROM role_permission ORDER BY role_id, permission`,
  );
  const found = new Map<number, Set<string>>();
  for (const { roleId, permission } of rows) {
    const permissions = found.get(Number(roleId)) ?? new Set();
    found.set(Number(roleId), permissions.add(permission));
  }
  return found;
}

/** Every account that is in use, with its roles, by login. */
export async function activeAccounts(read: Reader, actor: Actor): Promise<Account[]> {
  authorise(actor, USER_VIEW);
  const rows = await read.all<RawAccount>(
    sql`SELECT id, login, name, staff_id, last_sign_in_at, created_at,
               CASE WHEN password_hash IS NULL THEN 0 ELSE 1 END AS has_password,
               CASE WHEN totp_secret IS NULL THEN 0 ELSE 1 END AS has_second_factor
        FROM user_account WHERE active = ${true} ORDER BY login`,
  );
  const grants = await grantsByUser(read);
  return rows.map((row) => ({
    ...row,
    id: Number(row.id),
    staffId: row.staffId === null ? null : Number(row.staffId),
    hasPassword: Number(row.hasPassword) === 1,
    hasSecondFactor: Number(row.hasSecondFactor) === 1,
    lastSignInAt: row.lastSignInAt === null ? null : Number(row.lastSignInAt),
    createdAt: Number(row.createdAt),
    grants: grants.get(Number(row.id)) ?? [],
  }));
}

async function grantsByUser(read: Reader): Promise<Map<number, Grant[]>> {
  const rows = await read.all<{ userId: number; roleId: number; storeId: number | null }>(
    sql`SELECT user_id, role_id, store_id FROM user_role ORDER BY user_id, role_id, store_id`,
  );
  const found = new Map<number, Grant[]>();
  for (const { userId, roleId, storeId } of rows) {
    const grants = found.get(Number(userId)) ?? [];
    grants.push({ roleId: Number(roleId), storeId: storeId === null ? null : Number(storeId) });
    found.set(Number(userId), grants);
  }
  return found;
}

export interface UserRights {
  user: Row<typeof userAccount>;
  grants: Grant[];
  roles: Row<typeof role>[];
  permissions: RolePermissions;
}

/** What one account may do. Throws 404 for an account that is not there. */
export async function userRights(read: Reader, actor: Actor, userId: number): Promise<UserRights> {
  authorise(actor, USER_VIEW);
  const permissions = await rolePermissions(read, actor);
  const user = await read.get(userAccount, userId);
  if (!user) throw notFound('auth.user', userId);
  const grants = await read.all<{ roleId: number; storeId: number | null }>(
    sql`SELECT role_id, store_id FROM user_role WHERE user_id = ${userId} ORDER BY role_id, store_id`,
  );
  return {
    user,
    grants: grants.map(({ roleId, storeId }) => ({
      roleId: Number(roleId),
      storeId: storeId === null ? null : Number(storeId),
    })),
    roles: await read.find(role, {}),
    permissions,
  };
}
