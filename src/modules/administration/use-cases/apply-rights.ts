import { invalid, invalidField, stale } from '../../../kernel';
import {
  changeGrants,
  changeRole,
  requireAdministrator,
  role,
  type RoleGrant,
  userAccount,
} from '../../../platform/auth';
import { type Actor, authoriseEverywhere } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { rightsFingerprint } from '../queries/present-rights';

export interface PlannedRightsCommand {
  /** Of the rights that the plan was compared with: if they changed since, the plan is void (409 errors:stale). */
  seen: string;
  reason: string;
  /** Everything that these roles will have. */
  roles: readonly { roleId: number; permissions: readonly string[] }[];
  /** All the roles that these accounts will have. */
  accounts: readonly { userId: number; grants: readonly RoleGrant[] }[];
}

/**
 * Puts planned rights in force, all or nothing: 422 auth:grant_beyond for what the actor does not have, auth:role_ready_made,
 * auth:user.last_administrator. `known`: the permissions that exist.
 */
export async function applyRights(
  uow: UnitOfWork,
  actor: Actor,
  command: PlannedRightsCommand,
  known: ReadonlySet<string>,
  options?: RunOptions,
): Promise<void> {
  if (command.roles.length > 0) authoriseEverywhere(actor, 'administration.role.manage');
  if (command.accounts.length > 0) authoriseEverywhere(actor, 'administration.user.manage');
  const reason = command.reason.trim().slice(0, 200);
  if (reason === '') throw invalidField('reason', 'errors:field.required');
  if (command.roles.length + command.accounts.length === 0) throw invalid('administration:rights.nothing');
  await uow.run(
    actor,
    async (unit) => {
      await unit.lock(role, ids(command.roles.map(({ roleId }) => roleId)));
      await unit.lock(userAccount, ids(command.accounts.map(({ userId }) => userId)));
      if ((await rightsFingerprint(unit)) !== command.seen) throw stale();
      // Roles first: what an account may be given is judged by what the role will have.
      for (const { roleId, permissions } of command.roles) {
        const version = (await unit.get(role, roleId))?.version ?? 0;
        await changeRole(unit, { roleId, version, permissions }, known);
      }
      const before: RoleGrant[] = [];
      for (const change of command.accounts) before.push(...(await changeGrants(unit, change)).before);
      // Asked once at the end: the last administrator may hand over to another in the same plan.
      await requireAdministrator(unit, before);
      await unit.audit({
        action: 'administration.rights.import',
        detail: { reason, roles: command.roles.length, accounts: command.accounts.length },
      });
    },
    options,
  );
}

const ids = (list: readonly number[]): number[] => [...new Set(list)].sort((a, b) => a - b);
