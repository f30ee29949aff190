import { expect } from 'chai';
import { createRole, createUser, endGrants, grantsOf, loadActor, updateUser } from '../../../src/platform/auth';
import { sql } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import { authBench, roleId, userWith } from '../../support/auth';
import { forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';

const HOUR = 3_600_000;
const system = systemActor('test');

describe('temporary rights', function () {
  this.timeout(120_000);
  forEachDatabase((context) => {
    it('begin and end by themselves, and the end is noted once', async () => {
      const { services } = await authBench(context);
      const { uow, database, clock } = services;
      const now = clock();
      const cashier = await roleId(services, 'cashier');
      const grants = [{ roleId: cashier, storeId: 3, startsAt: now + HOUR, endsAt: now + 2 * HOUR }];
      const { userId } = await createUser(uow, system, { login: 'ANNA', name: 'Anna', locale: 'en', grants });
      expect(await grantsOf(database.read, userId)).to.deep.equal(grants);
      const scopeAt = async (at: number) =>
        (await loadActor(database.read, userId, at))?.actor.scope('sales.sale.post');
      expect(await scopeAt(now + HOUR - 1)).to.deep.equal([]);
      expect(await scopeAt(now + HOUR)).to.deep.equal([3]);
      expect(await scopeAt(now + 2 * HOUR - 1)).to.deep.equal([3]);
      expect(await scopeAt(now + 2 * HOUR)).to.deep.equal([]);

      expect(await endGrants(uow)).to.equal(0);
      await uow.run(system, (unit) =>
        unit.execute(sql`UPDATE user_role SET ends_at = ${now - 1}, starts_at = NULL WHERE user_id = ${userId}`),
      );
      expect(await endGrants(uow)).to.equal(1);
      expect(await endGrants(uow)).to.equal(0);
      expect(await grantsOf(database.read, userId)).to.deep.equal([]);
      const noted = await database.read.all<{ detail: string }>(
        sql`SELECT detail FROM audit_log WHERE action = ${'auth.user.role_ended'} AND subject_id = ${userId} ORDER BY id`,
      );
      expect(noted.map(({ detail }) => JSON.parse(detail) as unknown)).to.deep.equal([
        { roleId: cashier, endedAt: now - 1 },
      ]);
    });

    it('are refused when they can never count, and make nobody an administrator for longer', async () => {
      const { services } = await authBench(context);
      const { uow, database, clock } = services;
      const now = clock();
      const administrator = await roleId(services, 'administrator');
      const cashier = await roleId(services, 'cashier');
      const user = { login: 'EVE', name: 'Eve', locale: 'en' as const };
      const over = { roleId: cashier, storeId: null, endsAt: now - 1 };
      expect((await refusal(createUser(uow, system, { ...user, grants: [over] }))).code).to.equal('auth:grant_period');

      await userWith(services, 'BOSS', [{ role: 'administrator', storeId: null }]);
      const deputy = await createUser(uow, system, {
        ...user,
        login: 'DEPUTY',
        grants: [{ roleId: administrator, storeId: null, endsAt: now + HOUR }],
      });
      const actor = (await loadActor(database.read, deputy.userId, now))?.actor;
      if (!actor) throw new Error('no actor');
      const make = (endsAt?: number) =>
        createUser(uow, actor, {
          ...user,
          grants: [{ roleId: administrator, storeId: null, ...(endsAt === undefined ? {} : { endsAt }) }],
        });
      expect((await refusal(make())).code).to.equal('auth:grant_beyond');
      expect((await refusal(make(now + 2 * HOUR))).code).to.equal('auth:grant_beyond');
      const ownRole = { name: '万能', permissions: ['sales.sale.post'] };
      expect((await refusal(createRole(uow, actor, ownRole, new Set(ownRole.permissions)))).code).to.equal(
        'auth:grant_beyond',
      );
      expect((await make(now + HOUR)).userId).to.be.a('number');
    });

    it('leave an administrator without an end', async () => {
      const { services } = await authBench(context);
      const { uow, clock } = services;
      const administrator = await roleId(services, 'administrator');
      const userId = await userWith(services, 'BOSS', [{ role: 'administrator', storeId: null }]);
      const command = { login: 'BOSS', name: 'Boss', locale: 'en' as const, userId };
      const grants = [{ roleId: administrator, storeId: null, endsAt: clock() + HOUR }];
      const change = updateUser(uow, system, { ...command, version: 1, grants });
      expect((await refusal(change)).code).to.equal('auth:user.last_administrator');
    });
  });
});
