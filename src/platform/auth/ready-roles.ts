import { type ModuleManifest, READY_ROLES } from '../modules';
import { duplicateKey, type Row, sql } from '../database';
import { systemActor } from '../permissions';
import type { Unit, UnitOfWork } from '../unit-of-work';
import { role, rolePermission } from './tables';

/**
 * Makes the ready-made roles what the manifests say: each permission names its roles, administrators have all. Run at each
 * start; does nothing when nothing changed. Custom roles stay as they are.
 */
async function syncReadyRoles(unit: Unit, manifests: readonly Pick<ModuleManifest, 'permissions'>[]): Promise<void> {
  const permissions = manifests.flatMap((manifest) => manifest.permissions);
  const known = new Map((await unit.find(role, { readyMade: true })).map((row) => [row.code, row]));
  for (const code of READY_ROLES) {
    const wanted = permissions
      .filter(({ roles }) => code === 'administrator' || roles.includes(code))
      .map(({ id }) => id);
    const row = known.get(code) ?? (await addRole(unit, code));
    if (await replacePermissions(unit, row.id, wanted))
      await unit.execute(sql`UPDATE role SET version = version + 1 WHERE id = ${row.id}`);
  }
}

/** The same in a unit of its own; of two servers that start at once, the second finds the first one's work. */
export async function ensureReadyRoles(
  uow: UnitOfWork,
  manifests: readonly Pick<ModuleManifest, 'permissions'>[],
): Promise<void> {
  const sync = () => uow.run(systemActor('start'), (unit) => syncReadyRoles(unit, manifests));
  try {
    await sync();
  } catch (error) {
    if (!duplicateKey(error)) throw error;
    await sync();
  }
}

async function addRole(unit: Unit, code: string): Promise<Row<typeof role>> {
  const row = { id: unit.takeIds(role), code, name: null, readyMade: true, version: 1, needsSecondFactor: false };
  await unit.insert(role, [row]);
  return row;
}

/** Returns whether anything had to change. */
export async function replacePermissions(unit: Unit, roleId: number, wanted: readonly string[]): Promise<boolean> {
  const rows = await unit.find(rolePermission, { roleId });
  const had = new Set(rows.map(({ permission }) => permission));
  const wants = new Set(wanted);
  const gone = rows.filter(({ permission }) => !wants.has(permission));
  const fresh = [...wants].filter((permission) => !had.has(permission));
  for (const { id } of gone) await unit.execute(sql`DELETE FROM role_permission WHERE id = ${id}`);
  if (fresh.length > 0) {
    const first = unit.takeIds(rolePermission, fresh.length);
    await unit.insert(
      rolePermission,
      fresh.map((permission, index) => ({ id: first + index, roleId, permission })),
    );
  }
  return gone.length > 0 || fresh.length > 0;
}
