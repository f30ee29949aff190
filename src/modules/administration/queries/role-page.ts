import { notFound } from '../../../kernel';
import { permissionsOfRole, role } from '../../../platform/auth';
import { type Reader, type Row, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';

export const ROLE_VIEW = 'administration.role.view';

export interface RoleListRow {
  role: Row<typeof role>;
  permissions: number;
  users: number;
}

export async function roleList(read: Reader, actor: Actor): Promise<RoleListRow[]> {
  authorise(actor, ROLE_VIEW);
  const roles = await read.find(role, {});
  const permissions = await read.all<{ roleId: number; many: number }>(
    sql`SELECT role_id, COUNT(*) AS many FROM role_permission GROUP BY role_id ORDER BY role_id`,
  );
  const users = await read.all<{ roleId: number; many: number }>(
    sql`SELECT ur.role_id AS role_id, COUNT(DISTINCT ur.user_id) AS many FROM user_role ur
        INNER JOIN user_account u ON u.id = ur.user_id WHERE u.active = ${true} GROUP BY ur.role_id ORDER BY ur.role_id`,
  );
  const count = (rows: typeof users, id: number): number =>
    Number(rows.find((row) => Number(row.roleId) === id)?.many ?? 0);
  return roles
    .sort((a, b) => Number(b.readyMade) - Number(a.readyMade) || a.id - b.id)
    .map((one) => ({ role: one, permissions: count(permissions, one.id), users: count(users, one.id) }));
}

export async function getRole(
  read: Reader,
  actor: Actor,
  id: number,
): Promise<{ role: Row<typeof role>; permissions: string[] }> {
  authorise(actor, ROLE_VIEW);
  const row = await read.get(role, id);
  if (!row) throw notFound('auth.role', id);
  return { role: row, permissions: await permissionsOfRole(read, id) };
}

/** Every permission there is: the administrators have them all. By module, in the order of their names. */
export async function allPermissions(read: Reader): Promise<Map<string, string[]>> {
  const [administrator] = await read.find(role, { code: 'administrator' });
  const ids = administrator ? await permissionsOfRole(read, administrator.id) : [];
  const byModule = new Map<string, string[]>();
  for (const id of ids) {
    const module = id.split('.')[0] ?? '';
    byModule.set(module, [...(byModule.get(module) ?? []), id]);
  }
  return byModule;
}
