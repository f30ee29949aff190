import { expect } from 'chai';
import {
  createRole,
  createUser,
  ensureReadyRoles,
  issueLink,
  loadActor,
  permissionsOfRole,
  setUserActive,
  updateRole,
  updateUser,
} from '../../../src/platform/auth';
import { systemActor } from '../../../src/platform/permissions';
import { actorWith } from '../../support/actors';
import { authBench, roleId, userWith } from '../../support/auth';
import { forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';

const system = systemActor('test');
const KNOWN = new Set(['sales.sale.post', 'inventory.cost.view']);

describe('roles', function () {
  this.timeout(120_000);
  forEachDatabase((context) => {
    it('follow the manifests, and leave own roles alone', async () => {
      const { services } = await authBench(context);
      const { uow, database } = services;
      const manager = await roleId(services, 'manager');
      const own = await createRole(uow, system, { name: '自建', permissions: ['sales.sale.post'] }, KNOWN);
      expect(await permissionsOfRole(database.read, manager)).to.deep.equal(['inventory.cost.view', 'sales.sale.post']);
      await Promise.all(
        [1, 2].map(() => ensureReadyRoles(uow, [{ permissions: [{ id: 'crm.customer.view', roles: ['manager'] }] }])),
      );
      expect(await permissionsOfRole(database.read, manager)).to.deep.equal(['crm.customer.view']);
      expect(await permissionsOfRole(database.read, await roleId(services, 'administrator'))).to.deep.equal([
        'crm.customer.view',
      ]);
      expect(await permissionsOfRole(database.read, own.roleId)).to.deep.equal(['sales.sale.post']);
    });

    it('act at once when they change', async () => {
      const { services } = await authBench(context);
      const { uow, database } = services;
      const { roleId: own } = await createRole(uow, system, { name: '自建', permissions: ['sales.sale.post'] }, KNOWN);
      const grants = [{ roleId: own, storeId: 4 }];
      const { userId } = await createUser(uow, system, { login: 'ANNA', name: 'Anna', locale: 'en', grants });
      const scope = async (permission: string) =>
        (await loadActor(database.read, userId, Date.now()))?.actor.scope(permission);
      expect(await scope('sales.sale.post')).to.deep.equal([4]);
      const change = { roleId: own, version: 1, name: '自建', permissions: ['inventory.cost.view'] };
      await updateRole(uow, system, change, KNOWN);
      expect(await scope('sales.sale.post')).to.deep.equal([]);
      expect(await scope('inventory.cost.view')).to.deep.equal([4]);
      expect((await refusal(updateRole(uow, system, change, KNOWN))).code).to.equal('errors:stale');
    });

    it('cannot be given beyond the own rights, by no way round', async () => {
      const { services } = await authBench(context);
      const { uow } = services;
      const boss = await userWith(services, 'BOSS', [{ role: 'manager', storeId: null }]);
      const helper = actorWith({
        'administration.user.manage': 'all',
        'administration.role.manage': 'all',
        'sales.sale.post': [1],
      });
      const cashier = await roleId(services, 'cashier');
      const user = { login: 'EVE', name: 'Eve', locale: 'en' as const };
      await createUser(uow, helper, { ...user, grants: [{ roleId: cashier, storeId: 1 }] });
      for (const [what, attempt] of [
        [
          'another store',
          () => createUser(uow, helper, { ...user, login: 'EVE2', grants: [{ roleId: cashier, storeId: 2 }] }),
        ],
        [
          'all stores',
          () => createUser(uow, helper, { ...user, login: 'EVE3', grants: [{ roleId: cashier, storeId: null }] }),
        ],
        [
          'a role of one’s own',
          () => createRole(uow, helper, { name: 'x', permissions: ['inventory.cost.view'] }, KNOWN),
        ],
        ['a link to a better account', () => issueLink(uow, helper, { userId: boss })],
      ] as const)
        expect((await refusal(attempt)).code, what).to.equal('auth:grant_beyond');
      const nobody = actorWith({ 'administration.user.manage': [1] });
      expect((await refusal(createUser(uow, nobody, { ...user, login: 'EVE4', grants: [] }))).status).to.equal(403);
    });

    it('leave one administrator at least', async () => {
      const { services } = await authBench(context);
      const { uow } = services;
      const first = await userWith(services, 'FIRST', [{ role: 'administrator', storeId: null }]);
      const second = await userWith(services, 'SECOND', [{ role: 'administrator', storeId: null }]);
      await setUserActive(uow, system, { userId: first, active: false });
      expect((await refusal(setUserActive(uow, system, { userId: second, active: false }))).code).to.equal(
        'auth:user.last_administrator',
      );
      const demotion = { userId: second, version: 1, login: 'SECOND', name: 'S', locale: 'en' as const, grants: [] };
      expect((await refusal(updateUser(uow, system, demotion))).code).to.equal('auth:user.last_administrator');
    });
  });
});
