import { expect } from 'chai';
import { alarm, findConditions, sayWhatChanged } from '../../../src/app/alarms';
import { measureGrowth, recentGrowth, workState } from '../../../src/app/metrics';
import { hostFacts } from '../../../src/platform/checks';
import { sql } from '../../../src/platform/database';
import { deliverDue, notification, notificationChannel, sealSecret } from '../../../src/platform/notify';
import { systemActor } from '../../../src/platform/permissions';
import { forEachDatabase } from '../../support/databases';
import { hookServer } from '../../support/hook-server';
import { servicesBench, type ServicesBench } from '../../support/services';

const actor = systemActor('test');

describe('watching over an installation', function () {
  this.timeout(120_000);
  forEachDatabase((context) => {
    let bench: ServicesBench;
    beforeEach(async () => (bench = await servicesBench(context)));
    afterEach(() => bench.release());

    it('tells a channel, keeps what it told, and counts what waits', async () => {
      const { services } = bench;
      const hook = await hookServer();
      try {
        const secret = sealSecret(services.keys, { url: hook.url });
        await services.uow.run(actor, async (unit) => {
          const id = unit.takeIds(notificationChannel);
          const settings = { origin: hook.url };
          const channel = { id, name: '群', kind: 'webhook', locale: 'zh-CN', settings, secret } as const;
          const subscriptions = ['disk-low' as const];
          await unit.insert(notificationChannel, [
            { ...channel, subscriptions, active: true, createdAt: unit.now, version: 1 },
          ]);
        });
        const disk = (freeBytes: number) => ({
          ...hostFacts,
          disk: () => Promise.resolve({ freeBytes, totalBytes: 1e12 }),
        });
        const conditions = await findConditions(services, disk(1e9));
        expect(conditions.map(({ event }) => event)).to.eql(['disk-low']);
        await sayWhatChanged(services, actor, conditions);
        await sayWhatChanged(services, actor, conditions);
        const { read } = services.database;
        expect(await workState(read, services.clock())).to.deep.include({
          messagesWaiting: 1,
          alarms: [{ event: 'disk-low', count: 1 }],
        });
        const sender = { services, translator: () => (key: string) => key, from: () => Promise.resolve('x') };
        expect(await deliverDue(sender)).to.eql({ sent: 1, failed: 0 });
        await sayWhatChanged(services, actor, await findConditions(services, disk(1e12)));
        expect(await read.find(alarm, {})).to.eql([]);
        expect(await deliverDue(sender)).to.eql({ sent: 1, failed: 0 });
        const states = (await read.find(notification, {})).map(({ state, content }) => [state, content.stage]);
        expect(states).to.eql([
          ['sent', 'raised'],
          ['sent', 'resolved'],
        ]);
      } finally {
        await hook.close();
      }
    });

    it('notes slow statements, with a plan where the database tells one, and who uses the connections', async () => {
      const { database } = bench.services;
      database.watch.slowMs = 0;
      await database.read.all(sql`SELECT id FROM job_run WHERE job_id = ${'some.job'} ORDER BY id`);
      database.watch.slowMs = 60_000;
      const found = (): ReturnType<typeof database.watch.slow>[number] | undefined =>
        database.watch.slow().find(({ text }) => text.includes('FROM job_run'));
      for (const until = Date.now() + 10_000; Date.now() < until && found()?.plan === undefined;)
        await new Promise((resolve) => setTimeout(resolve, 10));
      const slow = found();
      expect(slow?.values).to.eql(['text(8)']);
      if (database.dialect === 'sqlite' || database.dialect === 'mysql')
        expect(slow?.plan?.join(' '))
          .to.match(/job_run/)
          .and.match(/ix_job_run_job/);
      else expect(slow?.plan).to.equal(null);
      const { busy, idle, waiting } = database.pool();
      expect([busy + idle > 0, waiting]).to.eql([true, 0]);
    });

    it('notes the use of the disk and reads it back', async () => {
      const { services } = bench;
      await measureGrowth(services, actor);
      bench.pass(86_400_000);
      await measureGrowth(services, actor);
      const samples = await recentGrowth(services.database.read, services.clock());
      expect(samples.map(({ takenAt }) => takenAt)).to.eql([services.clock() - 86_400_000, services.clock()]);
      expect(samples[0]?.freeBytes).to.be.greaterThan(0);
    });
  });
});
