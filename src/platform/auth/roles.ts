import { type FieldProblem, invalid, normaliseName, notFound } from '../../kernel';
import { type Row, sql } from '../database';
import { type Actor, authoriseEverywhere } from '../permissions';
import type { RunOptions, Unit, UnitOfWork } from '../unit-of-work';
import { lastingScope, permissionsOfRole } from './grants';
import { replacePermissions } from './ready-roles';
import { role, userRole } from './tables';

const MANAGE_ROLES = 'administration.role.manage';

export interface RoleCommand {
  name: string;
  permissions: readonly string[];
}

/** A role of the company's own, `known` being the permissions that exist. Nobody gives rights that they do not have. */
export async function createRole(
  uow: UnitOfWork,
  actor: Actor,
  command: RoleCommand,
  known: ReadonlySet<string>,
  options?: RunOptions,
): Promise<{ roleId: number }> {
  authoriseEverywhere(actor, MANAGE_ROLES);
  return uow.run(
    actor,
    async (unit) => {
      const { name, permissions } = checked(await lastingScope(unit, actor, unit.now), command, [], known);
      const id = unit.takeIds(role);
      await unit.insert(role, [
        { id, code: `custom-${id}`, name, readyMade: false, version: 1, needsSecondFactor: false },
      ]);
      await replacePermissions(unit, id, permissions);
      await unit.audit({
        action: 'auth.role.create',
        subjectType: 'auth.role',
        subjectId: id,
        detail: { permissions },
      });
      return { roleId: id };
    },
    options,
  );
}

export async function updateRole(
  uow: UnitOfWork,
  actor: Actor,
  command: RoleCommand & { roleId: number; version: number },
  known: ReadonlySet<string>,
  options?: RunOptions,
): Promise<void> {
  authoriseEverywhere(actor, MANAGE_ROLES);
  await uow.run(actor, (unit) => changeRole(unit, command, known), options);
}

/** The same in a unit of work. Without a name the role keeps the one it has. */
export async function changeRole(
  unit: Unit,
  command: { roleId: number; version: number; name?: string; permissions: readonly string[] },
  known: ReadonlySet<string>,
): Promise<void> {
  const row = await editable(unit, command.roleId);
  const before = await permissionsOfRole(unit, row.id);
  const wanted = { name: command.name ?? row.name ?? '', permissions: command.permissions };
  const { name, permissions } = checked(await lastingScope(unit, unit.actor, unit.now), wanted, before, known);
  await unit.update(role, row.id, { name }, command.version);
  await replacePermissions(unit, row.id, permissions);
  await unit.audit({
    action: 'auth.role.change',
    subjectType: 'auth.role',
    subjectId: row.id,
    detail: {
      added: permissions.filter((permission) => !before.includes(permission)),
      removed: before.filter((permission) => !permissions.includes(permission)),
    },
  });
}

/**
 * Whether who has the role must sign in with a second factor. Those who have none yet can do nothing else, from their next
 * request on, until they have set one up. For ready-made roles too.
 */
export async function setRoleSecondFactor(
  uow: UnitOfWork,
  actor: Actor,
  { roleId, needed }: { roleId: number; needed: boolean },
): Promise<void> {
  authoriseEverywhere(actor, MANAGE_ROLES);
  await uow.run(actor, async (unit) => {
    await unit.lock(role, [roleId]);
    const row = await unit.get(role, roleId);
    if (!row) throw notFound('auth.role', roleId);
    if (row.needsSecondFactor === needed) return;
    await unit.update(role, roleId, { needsSecondFactor: needed });
    await unit.audit({
      action: 'auth.role.second_factor',
      subjectType: 'auth.role',
      subjectId: roleId,
      detail: { on: needed },
    });
  });
}

/** Only a role that nobody has. */
export async function deleteRole(uow: UnitOfWork, actor: Actor, roleId: number, options?: RunOptions): Promise<void> {
  authoriseEverywhere(actor, MANAGE_ROLES);
  await uow.run(
    actor,
    async (unit) => {
      const row = await editable(unit, roleId);
      const holders = await unit.find(userRole, { roleId });
      if (holders.length > 0)
        throw invalid('auth:role_in_use', { count: new Set(holders.map((one) => one.userId)).size });
      await unit.execute(sql`DELETE FROM role_permission WHERE role_id = ${row.id}`);
      await unit.execute(sql`DELETE FROM role WHERE id = ${row.id}`);
      await unit.audit({
        action: 'auth.role.delete',
        subjectType: 'auth.role',
        subjectId: row.id,
        detail: { name: row.name },
      });
    },
    options,
  );
}

async function editable(unit: Unit, roleId: number): Promise<Row<typeof role>> {
  await unit.lock(role, [roleId]);
  const row = await unit.get(role, roleId);
  if (!row) throw notFound('auth.role', roleId);
  if (row.readyMade) throw invalid('auth:role_ready_made');
  return row;
}

function checked(
  lasting: Actor['scope'],
  command: RoleCommand,
  before: readonly string[],
  known: ReadonlySet<string>,
): { name: string; permissions: string[] } {
  const name = normaliseName(command.name);
  const problems: FieldProblem[] = [];
  if (name === '' || [...name].length > 40) problems.push({ path: 'name', code: 'auth:role_name_needed' });
  if (problems.length > 0) throw invalid('errors:form', {}, problems);
  // Rights of modules that are not there now stay in the role; new ones must exist.
  const permissions = [...new Set(command.permissions)].filter((id) => known.has(id) || before.includes(id)).sort();
  const beyond = permissions.find((id) => !before.includes(id) && lasting(id) !== 'all');
  if (beyond !== undefined) throw invalid('auth:grant_beyond', { permission: beyond });
  return { name, permissions };
}
