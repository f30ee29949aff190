import { notFound } from '../../../kernel';
import { grantsOf, isInForce, role, toGrant, userAccount } from '../../../platform/auth';
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

/**
 * Every account that is in use, with the roles that count at `now` (epoch milliseconds), by login; with `coming` also those
 * that will begin.
 */
export async function activeAccounts(
  read: Reader,
  actor: Actor,
  now: number,
  { coming = false }: { coming?: boolean } = {},
): Promise<Account[]> {
  authorise(actor, USER_VIEW);
  const rows = await read.all<RawAccount>(
    sql`SELECT id, login, name, staff_id, last_sign_in_at, created_at,
               CASE WHEN password_hash IS NULL THEN 0 ELSE 1 END AS has_password,
               CASE WHEN totp_secret IS NULL THEN 0 ELSE 1 END AS has_second_factor
        FROM user_account WHERE active = ${true} ORDER BY login`,
  );
  const grants = await grantsByUser(read, (grant) => isInForce(coming ? { ...grant, startsAt: 0 } : grant, now));
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

async function grantsByUser(read: Reader, counts: (grant: Grant) => boolean): Promise<Map<number, Grant[]>> {
  const rows = await read.all<RawGrant & { userId: number }>(
    sql`SELECT user_id, role_id, store_id, starts_at, ends_at FROM user_role ORDER BY user_id, role_id, store_id`,
  );
  const found = new Map<number, Grant[]>();
  for (const row of rows) {
    const grants = found.get(Number(row.userId)) ?? [];
    const grant = plainGrant(row);
    if (counts(grant)) found.set(Number(row.userId), [...grants, grant]);
  }
  return found;
}

interface RawGrant {
  roleId: number;
  storeId: number | null;
  startsAt: number | null;
  endsAt: number | null;
}

const numberOrNull = (value: number | null): number | null => (value === null ? null : Number(value));

const plainGrant = ({ roleId, storeId, startsAt, endsAt }: RawGrant): Grant =>
  toGrant({
    roleId: Number(roleId),
    storeId: numberOrNull(storeId),
    startsAt: numberOrNull(startsAt),
    endsAt: numberOrNull(endsAt),
  });

export interface UserRights {
  user: Row<typeof userAccount>;
  /** Those that count now. */
  grants: Grant[];
  /** Given already, counting from a later moment on. */
  later: Grant[];
  roles: Row<typeof role>[];
  permissions: RolePermissions;
}

/** What one account may do at `now` (epoch milliseconds). Throws 404 for an account that is not there. */
export async function userRights(read: Reader, actor: Actor, userId: number, now: number): Promise<UserRights> {
  authorise(actor, USER_VIEW);
  const permissions = await rolePermissions(read, actor);
  const user = await read.get(userAccount, userId);
  if (!user) throw notFound('auth.user', userId);
  const grants = await grantsOf(read, userId);
  return {
    user,
    grants: grants.filter((grant) => isInForce(grant, now)),
    later: grants.filter(({ startsAt = 0 }) => startsAt > now),
    roles: await read.find(role, {}),
    permissions,
  };
}
