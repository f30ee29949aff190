import { type Reader, type Sql, sql } from '../database';
import type { RequestOrigin } from '../http';
import type { Actor, StoreScope } from '../permissions';
import { inForce } from './in-force';

/** One role of a person in one store, or the person alone. */
export interface AssignmentRow {
  name: string;
  staffId: number | null;
  locale: 'zh-CN' | 'en';
  active: number;
  storeId: number | null;
  roleId: number | null;
  roleCode: string | null;
  roleName: string | null;
  readyMade: number | null;
  roleVersion: number | null;
  needsSecondFactor: number | null;
  hasSecondFactor: number;
}

export interface LoadedActor {
  actor: Actor;
  /** Without doubles, in the order of their ids. */
  roles: { code: string; name: string | null; readyMade: boolean }[];
  /** One of the roles asks for a second factor, and the user has none. */
  secondFactorDue: boolean;
}

type Assignment = { permissions: ReadonlySet<string>; storeId: number | null };

/** Permissions of a role as of one version; a change raises the version and is seen with the next request. */
const kept = new WeakMap<Reader, Map<number, { version: number; permissions: ReadonlySet<string> }>>();

/** Columns of an AssignmentRow; the statement has `u`, a user_account. */
export const assignmentColumns: Sql = sql`u.name AS name, u.staff_id AS staff_id, u.locale AS locale, u.active AS active,
  ur.store_id AS store_id, r.id AS role_id, r.code AS role_code, r.name AS role_name, r.ready_made AS ready_made,
  r.version AS role_version, r.needs_second_factor AS needs_second_factor,
  CASE WHEN u.totp_secret IS NULL THEN 0 ELSE 1 END AS has_second_factor`;

/** Joins the assignments that count at `now` (epoch milliseconds). */
export const assignmentsAt = (now: number): Sql =>
  sql`LEFT JOIN user_role ur ON ur.user_id = u.id AND ${inForce(now)} LEFT JOIN role r ON r.id = ur.role_id`;

/** The actor, read fresh: one query, and one more after a role was changed. Null for users who may not work. */
export async function loadActor(
  read: Reader,
  userId: number,
  now: number,
  origin?: RequestOrigin,
): Promise<LoadedActor | null> {
  const rows = await read.all<AssignmentRow>(
    sql`SELECT ${assignmentColumns} FROM user_account u ${assignmentsAt(now)}
        WHERE u.id = ${userId}`,
  );
  return actorOf(read, userId, rows, origin);
}

/** The same of rows that were just read; put in order here, which the database would do in a table of its own. */
export async function actorOf(
  read: Reader,
  userId: number,
  found: readonly AssignmentRow[],
  origin?: RequestOrigin,
): Promise<LoadedActor | null> {
  const rows = found.toSorted((a, b) => Number(a.roleId) - Number(b.roleId) || Number(a.storeId) - Number(b.storeId));
  const user = rows[0];
  if (!user || Number(user.active) !== 1) return null;
  const assignments: Assignment[] = [];
  const roles = new Map<number, LoadedActor['roles'][number]>();
  for (const { roleId, roleCode, roleName, readyMade, roleVersion, storeId } of rows) {
    if (roleId === null || roleCode === null) continue;
    roles.set(roleId, { code: roleCode, name: roleName, readyMade: Number(readyMade) === 1 });
    assignments.push({
      permissions: await permissionsOf(read, roleId, Number(roleVersion)),
      storeId: storeId === null ? null : Number(storeId),
    });
  }
  const actor: Actor = {
    kind: 'user',
    userId,
    name: user.name,
    staffId: user.staffId === null ? null : Number(user.staffId),
    locale: user.locale,
    ...origin,
    scope: scopeOf(assignments),
  };
  const asked = rows.some((row) => Number(row.needsSecondFactor ?? 0) === 1);
  return { actor, roles: [...roles.values()], secondFactorDue: asked && Number(user.hasSecondFactor) === 0 };
}

/** Scopes are asked for many times while a page is made: each is worked out once. */
export function scopeOf(assignments: readonly Assignment[]): (permission: string) => StoreScope {
  const known = new Map<string, StoreScope>();
  const find = (permission: string): StoreScope => {
    const stores = new Set<number>();
    for (const { permissions, storeId } of assignments) {
      if (!permissions.has(permission)) continue;
      if (storeId === null) return 'all';
      stores.add(storeId);
    }
    return [...stores].sort((a, b) => a - b);
  };
  return (permission) => {
    let scope = known.get(permission);
    if (scope === undefined) known.set(permission, (scope = find(permission)));
    return scope;
  };
}

async function permissionsOf(read: Reader, roleId: number, version: number): Promise<ReadonlySet<string>> {
  let ofReader = kept.get(read);
  if (!ofReader) kept.set(read, (ofReader = new Map()));
  const known = ofReader.get(roleId);
  if (known?.version === version) return known.permissions;
  const rows = await read.all<{ permission: string }>(
    sql`SELECT permission FROM role_permission WHERE role_id = ${roleId} ORDER BY permission`,
  );
  const permissions = new Set(rows.map(({ permission }) => permission));
  ofReader.set(roleId, { version, permissions });
  return permissions;
}
