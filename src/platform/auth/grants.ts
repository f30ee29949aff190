import { invalid, notFound } from '../../kernel';
import { type Reader, type Row, sql } from '../database';
import { type Actor, systemActor } from '../permissions';
import type { Unit, UnitOfWork } from '../unit-of-work';
import { inForce } from './in-force';
import { scopeOf } from './load-actor';
import { role, rolePermission, userRole } from './tables';

/** A role in one store; `storeId` null: in all. Counts from `startsAt` until `endsAt` (epoch milliseconds), where given. */
export interface RoleGrant {
  roleId: number;
  storeId: number | null;
  startsAt?: number;
  /** From this moment on it does not count any more. */
  endsAt?: number;
}

/** What a user has and will have, with what has ended and was not taken away yet. */
export async function grantsOf(read: Reader, userId: number): Promise<RoleGrant[]> {
  return (await read.find(userRole, { userId })).map(toGrant);
}

/** The times are left out where there are none. */
export const toGrant = (row: Pick<Row<typeof userRole>, 'roleId' | 'storeId' | 'startsAt' | 'endsAt'>): RoleGrant => ({
  roleId: row.roleId,
  storeId: row.storeId,
  ...(row.startsAt === null ? {} : { startsAt: row.startsAt }),
  ...(row.endsAt === null ? {} : { endsAt: row.endsAt }),
});

/** Whether the grant counts at `now`. */
export const isInForce = ({ startsAt = 0, endsAt = Infinity }: RoleGrant, now: number): boolean =>
  startsAt <= now && endsAt > now;

/** Whether the grant can ever count from `now` on. */
export const periodIsPossible = ({ startsAt = 0, endsAt = Infinity }: RoleGrant, now: number): boolean =>
  endsAt > Math.max(now, startsAt);

export async function permissionsOfRole(read: Reader, roleId: number): Promise<string[]> {
  const rows = await read.find(rolePermission, { roleId });
  return rows.map(({ permission }) => permission).sort();
}

/**
 * Throws 422 auth:grant_beyond unless the actor has every right that the grants give, in the same stores and for as long: who
 * is administrator for a week makes nobody administrator for ever.
 */
export async function requireGrantable(
  read: Reader,
  actor: Actor,
  grants: readonly RoleGrant[],
  now: number,
): Promise<void> {
  for (const { roleId, storeId, endsAt } of grants) {
    if (!(await read.get(role, roleId))) throw notFound('auth.role', roleId);
    const lasting = await lastingScope(read, actor, now, endsAt);
    for (const permission of await permissionsOfRole(read, roleId)) {
      const scope = lasting(permission);
      const covered = scope === 'all' || (storeId !== null && scope.includes(storeId));
      if (!covered) throw invalid('auth:grant_beyond', { permission });
    }
  }
}

/** The actor's rights that hold now and until then at least; without `until`: those without an end. */
export async function lastingScope(read: Reader, actor: Actor, now: number, until?: number): Promise<Actor['scope']> {
  if (actor.kind !== 'user' || actor.userId === null) return actor.scope;
  const ending = await read.all<{ endsAt: number | null }>(
    sql`SELECT ur.ends_at AS ends_at FROM user_role ur
        WHERE ur.user_id = ${actor.userId} AND ur.ends_at IS NOT NULL ORDER BY ur.id`,
  );
  const tooShort = ending.some(({ endsAt }) => Number(endsAt) < (until ?? Infinity));
  if (!tooShort) return actor.scope;
  const lasts = until === undefined ? sql`ur.ends_at IS NULL` : sql`(ur.ends_at IS NULL OR ur.ends_at >= ${until})`;
  const rows = await read.all<{ storeId: number | null; permission: string }>(
    sql`SELECT ur.store_id AS store_id, p.permission AS permission
        FROM user_role ur INNER JOIN role_permission p ON p.role_id = ur.role_id
        WHERE ur.user_id = ${actor.userId} AND ${inForce(now)} AND ${lasts} ORDER BY p.permission, ur.id`,
  );
  return scopeOf(
    rows.map(({ storeId, permission }) => ({
      permissions: new Set([permission]),
      storeId: storeId === null ? null : Number(storeId),
    })),
  );
}

/** Those of `after` that give more than `before` did: another role or store, or the same for longer. */
export function addedGrants(before: readonly RoleGrant[], after: readonly RoleGrant[]): RoleGrant[] {
  return after.filter(
    ({ roleId, storeId, startsAt = 0, endsAt = Infinity }) =>
      !before.some(
        (had) =>
          had.roleId === roleId &&
          had.storeId === storeId &&
          (had.startsAt ?? 0) <= startsAt &&
          (had.endsAt ?? Infinity) >= endsAt,
      ),
  );
}

/** Throws 422 auth:grant_period for one that ends before it begins, or has ended. */
export async function writeGrants(unit: Unit, userId: number, grants: readonly RoleGrant[]): Promise<void> {
  if (grants.some((grant) => !periodIsPossible(grant, unit.now))) throw invalid('auth:grant_period');
  const keyOf = ({ roleId, storeId, startsAt, endsAt }: RoleGrant): string =>
    [roleId, storeId ?? 'all', startsAt ?? '', endsAt ?? ''].join('/');
  const unique = [...new Map(grants.map((grant) => [keyOf(grant), grant])).values()];
  if (unique.length === 0) return;
  const first = unit.takeIds(userRole, unique.length);
  await unit.insert(
    userRole,
    unique.map(({ roleId, storeId, startsAt = null, endsAt = null }, index) => ({
      id: first + index,
      userId,
      roleId,
      storeId,
      startsAt,
      endsAt,
    })),
  );
}

/**
 * Nobody may lock the company out: when one of its administrators of all stores changes, an active one must remain whose
 * role has begun and has no end.
 */
export async function requireAdministrator(unit: Unit, before: readonly RoleGrant[]): Promise<void> {
  const [administrator] = await unit.find(role, { code: 'administrator' });
  if (!administrator || !before.some(({ roleId, storeId }) => roleId === administrator.id && storeId === null)) return;
  // Of two that take the last two away at once, the second waits and then sees that there is none left.
  await unit.lock(role, [administrator.id]);
  const row = await unit.one<{ administrators: number }>(
    sql`SELECT COUNT(*) AS administrators FROM user_account u INNER JOIN user_role ur ON ur.user_id = u.id
        WHERE ur.role_id = ${administrator.id} AND ur.store_id IS NULL AND u.active = ${true}
          AND ur.ends_at IS NULL AND ${inForce(unit.now)}`,
  );
  if (Number(row?.administrators ?? 0) === 0) throw invalid('auth:user.last_administrator');
}

/**
 * Takes away the assignments that have ended and writes each to the audit log. They have stopped counting at their time
 * already, whether this runs or not. Returns how many.
 */
export async function endGrants(uow: UnitOfWork): Promise<number> {
  return uow.run(systemActor('end of rights'), async (unit) => {
    const rows = await unit.all<{ id: number; userId: number; roleId: number; storeId: number | null; endsAt: number }>(
      sql`SELECT ur.id AS id, ur.user_id AS user_id, ur.role_id AS role_id, ur.store_id AS store_id, ur.ends_at AS ends_at
          FROM user_role ur WHERE ur.ends_at <= ${unit.now} ORDER BY ur.id`,
    );
    for (const { id, userId, roleId, storeId, endsAt } of rows) {
      await unit.execute(sql`DELETE FROM user_role WHERE id = ${id}`);
      await unit.audit({
        action: 'auth.user.role_ended',
        subjectType: 'auth.user',
        subjectId: Number(userId),
        storeId: storeId === null ? null : Number(storeId),
        detail: { roleId: Number(roleId), endedAt: Number(endsAt) },
      });
    }
    return rows.length;
  });
}
