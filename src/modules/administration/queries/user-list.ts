import { normaliseCode } from '../../../kernel';
import { role, type RoleGrant, userAccount } from '../../../platform/auth';
import { type Reader, type Row, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, authorise } from '../../../platform/permissions';

export const USER_VIEW = 'administration.user.view';

export const userListSpec: ListSpec = {
  path: '/administration/users',
  sorts: {
    login: { expression: 'u.login', type: 'text', direction: 'ascending' },
    lastSignIn: { expression: 'COALESCE(u.last_sign_in_at, 0)', type: 'number', direction: 'descending' },
  },
  filters: ['q', 'role', 'active'],
  id: 'u.id',
};

export interface UserListRow {
  id: number;
  sortValue: string | number;
  login: string;
  name: string;
  active: boolean;
  hasPassword: boolean;
  secondFactor: boolean;
  lastSignInAt: number | null;
  roles: (Pick<RoleGrant, 'storeId' | 'startsAt' | 'endsAt'> & {
    code: string;
    name: string | null;
    readyMade: boolean;
  })[];
}

interface RawUser {
  id: number;
  sortValue: string | number;
  login: string;
  name: string;
  active: number;
  hasPassword: number;
  secondFactor: number;
  lastSignInAt: number | null;
}

export async function userList(read: Reader, actor: Actor, query: ListQuery): Promise<UserListRow[]> {
  authorise(actor, USER_VIEW);
  const { q, role: roleId, active = 'yes' } = query.filters;
  const { where, orderBy, limit } = keyset(query);
  const sortBy = query.sort === 'lastSignIn' ? sql`COALESCE(u.last_sign_in_at, 0)` : sql`u.login`;
  const conditions = [
    where,
    active !== 'all' && sql`u.active = ${active === 'yes'}`,
    q !== undefined && sql`(${sql.contains('u.login', normaliseCode(q))} OR ${sql.contains('u.name', q)})`,
    roleId !== undefined &&
      sql`u.id IN (SELECT ur.user_id FROM user_role ur WHERE ur.role_id = ${/^\d{1,15}$/.test(roleId) ? Number(roleId) : 0})`,
  ];
  const rows = await read.all<RawUser>(
    sql`SELECT u.id AS id, ${sortBy} AS sort_value, u.login AS login, u.name AS name, u.active AS active,
               CASE WHEN u.password_hash IS NULL THEN 0 ELSE 1 END AS has_password,
               CASE WHEN u.totp_secret IS NULL THEN 0 ELSE 1 END AS second_factor, u.last_sign_in_at AS last_sign_in_at
        FROM user_account u WHERE ${sql.all(conditions)} ${orderBy} ${limit}`,
  );
  const roles = await rolesOf(
    read,
    rows.map(({ id }) => Number(id)),
  );
  return rows.map((row) => ({
    ...row,
    id: Number(row.id),
    active: Number(row.active) === 1,
    hasPassword: Number(row.hasPassword) === 1,
    secondFactor: Number(row.secondFactor) === 1,
    lastSignInAt: row.lastSignInAt === null ? null : Number(row.lastSignInAt),
    roles: roles.get(Number(row.id)) ?? [],
  }));
}

async function rolesOf(read: Reader, userIds: readonly number[]): Promise<Map<number, UserListRow['roles']>> {
  const found = new Map<number, UserListRow['roles']>();
  if (userIds.length === 0) return found;
  const rows = await read.all<{
    userId: number;
    storeId: number | null;
    code: string;
    name: string | null;
    readyMade: number;
    startsAt: number | null;
    endsAt: number | null;
  }>(
    sql`SELECT ur.user_id AS user_id, ur.store_id AS store_id, ur.starts_at AS starts_at, ur.ends_at AS ends_at, r.code AS code, r.name AS name, r.ready_made AS ready_made
        FROM user_role ur INNER JOIN role r ON r.id = ur.role_id WHERE ur.user_id IN (${sql.list(userIds)})
        ORDER BY ur.user_id, r.id, ur.store_id`,
  );
  for (const { userId, storeId, readyMade, startsAt, endsAt, ...names } of rows) {
    const roles = found.get(Number(userId)) ?? [];
    roles.push({
      ...names,
      readyMade: Number(readyMade) === 1,
      storeId: storeId === null ? null : Number(storeId),
      ...(startsAt === null ? {} : { startsAt: Number(startsAt) }),
      ...(endsAt === null ? {} : { endsAt: Number(endsAt) }),
    });
    found.set(Number(userId), roles);
  }
  return found;
}

/** Every role, ready-made ones first. */
export async function listRoles(read: Reader): Promise<Row<typeof role>[]> {
  const rows = await read.find(role, {});
  return rows.sort((a, b) => Number(b.readyMade) - Number(a.readyMade) || a.id - b.id);
}

export async function getUser(read: Reader, actor: Actor, id: number): Promise<Row<typeof userAccount> | undefined> {
  authorise(actor, USER_VIEW);
  return read.get(userAccount, id);
}

/** Until when sign-in is locked for a login; null when it is not. `subject` is auth's loginSubject. */
export async function lockedUntil(read: Reader, subject: string, now: number): Promise<number | null> {
  const row = await read.one<{ lockedUntil: number | null }>(
    sql`SELECT locked_until FROM sign_in_attempt WHERE subject = ${subject}`,
  );
  const until = Number(row?.lockedUntil ?? 0);
  return until > now ? until : null;
}
