import { approvalLevelConfiguration } from '../../src/modules/purchasing/use-cases/approval-level-configuration';
import { purchaseOrder } from '../../src/modules/purchasing/store/order.table';
import { addUser, ensureReadyRoles, role } from '../../src/platform/auth';
import { type Database, sql } from '../../src/platform/database';
import type { ConfigurationSet } from '../../src/platform/modules';
import { type Actor, systemActor } from '../../src/platform/permissions';
import type { UnitOfWork } from '../../src/platform/unit-of-work';
import { modules } from '../../src/app/modules';

/** An account with a ready-made role in all stores, acting with every right: what it may approve the levels say. */
export async function personWith(uow: UnitOfWork, roleCode: string, login: string): Promise<Actor> {
  await ensureReadyRoles(uow, modules);
  return uow.run(systemActor('test'), async (unit) => {
    const [found] = await unit.find(role, { code: roleCode });
    const roleId = found?.id ?? 0;
    const { userId } = await addUser(unit, {
      login,
      name: login,
      staffId: null,
      locale: 'zh-CN',
      grants: [{ roleId, storeId: null }],
    });
    return { kind: 'user', userId, name: login, staffId: null, locale: 'zh-CN', scope: () => 'all' };
  });
}

export async function setApprovalLevels(
  uow: UnitOfWork,
  levels: readonly { name: string; fromFen: number; role: string | null; own?: boolean }[],
  set: ConfigurationSet = approvalLevelConfiguration,
): Promise<void> {
  await ensureReadyRoles(uow, modules);
  await uow.run(systemActor('test'), (unit) =>
    set.save(
      unit,
      levels.map(({ name, fromFen, role: approver, own = false }) => ({
        name,
        active: true,
        values: { fromFen, role: approver, own },
      })),
    ),
  );
}

export const orderVersion = async (database: Database, id: number): Promise<number> =>
  (await database.read.get(purchaseOrder, id))?.version ?? 0;

export const orderState = async (database: Database, id: number): Promise<string | undefined> =>
  (await database.read.get(purchaseOrder, id))?.state;

export const orderActions = async (database: Database, id: number): Promise<string[]> => {
  const rows = await database.read.all<{ action: string }>(
    sql`SELECT action FROM audit_log WHERE subject_type = 'purchasing.order' AND subject_id = ${id} ORDER BY id`,
  );
  return rows.map(({ action }) => action.split('.').at(-1) ?? '');
};
