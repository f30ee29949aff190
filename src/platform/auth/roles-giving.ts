import { type Reader, type Row, sql } from '../database';
import { inForce } from './in-force';
import { role } from './tables';

/** Codes of the roles by which a user has a permission in a store at `now` (epoch milliseconds). */
export async function rolesGiving(
  read: Reader,
  { userId, permission, storeId, now }: { userId: number; permission: string; storeId: number; now: number },
): Promise<string[]> {
  const rows = await read.all<{ code: string }>(
    sql`SELECT r.code AS code FROM user_role ur INNER JOIN role r ON r.id = ur.role_id
          INNER JOIN role_permission p ON p.role_id = r.id
        WHERE ur.user_id = ${userId} AND p.permission = ${permission} AND ${inForce(now)}
          AND (ur.store_id IS NULL OR ur.store_id = ${storeId})
        ORDER BY r.code, ur.id`,
  );
  return [...new Set(rows.map(({ code }) => code))];
}

/** Every role that has a permission, ready-made ones first. */
export async function rolesWith(read: Reader, permission: string): Promise<Row<typeof role>[]> {
  const rows = await read.all<{ roleId: number }>(
    sql`SELECT role_id FROM role_permission WHERE permission = ${permission} ORDER BY role_id`,
  );
  const ids = new Set(rows.map(({ roleId }) => Number(roleId)));
  const roles = (await read.find(role, {})).filter(({ id }) => ids.has(id));
  return roles.sort((a, b) => Number(b.readyMade) - Number(a.readyMade) || a.id - b.id);
}
