import { expect } from 'chai';
import { alarm, findConditions, nodeReport, sayWhatChanged } from '../../../src/app/alarms';
import { backupRun } from '../../../src/app/backup';
import { backupAlerts } from '../../../src/app/system/backups/backup-alerts';
import { posting } from '../../../src/ledger/tables/posting.table';
import { runJob } from '../../../src/platform/jobs';
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

    it('hears from every server about its own disk and certificate, each told by its name and forgotten after a day', async () => {
      const { services } = bench;
      const free = { ...hostFacts, disk: () => Promise.resolve({ freeBytes: 1e12, totalBytes: 1e12 }) };
      const other = {
        node: 'till-2:8480',
        reportedAt: services.clock(),
        folder: '/srv/erp',
        freeBytes: 1e9,
        certificateDays: 3,
      };
      await services.uow.run(actor, (unit) => unit.insert(nodeReport, [other]));
      const found = await findConditions(services, free);
      expect(found.map(({ event, subject, values }) => [event, subject, values['node']])).to.eql([
        ['disk-low', 'till-2:8480', 'till-2:8480'],
        ['certificate-expiring', 'till-2:8480', 'till-2:8480'],
      ]);
      // This machine has said how it stands as well.
      const nodes = await services.database.read.find(nodeReport, {});
      expect(nodes.map(({ freeBytes }) => freeBytes)).to.have.members([1e12, 1e9]);
      const full = { ...hostFacts, disk: () => Promise.resolve({ freeBytes: 2e9, totalBytes: 1e12 }) };
      const both = await findConditions(services, full);
      expect(both.filter(({ event }) => event === 'disk-low')).to.have.length(2);
      await sayWhatChanged(services, actor, both);
      expect((await services.database.read.find(alarm, {})).map(({ alarmId }) => alarmId)).to.include(
        'disk-low:till-2:8480',
      );
      bench.pass(25 * 3_600_000);
      expect(await findConditions(services, free)).to.eql([]);
    });

    it('tells a company that books without any backup, a day after its servers began to work, and stops with the first one', async () => {
      const { services } = bench;
      const free = { ...hostFacts, disk: () => Promise.resolve({ freeBytes: 1e12, totalBytes: 1e12 }) };
      const events = async () => (await findConditions(services, free)).map(({ event, values }) => [event, values]);
      await runJob(services, { id: 'some.job', schedule: '* * * * *', run: () => Promise.resolve() }, services.clock());
      await services.uow.run(actor, (unit) =>
        unit.insert(posting, [
          {
            id: unit.takeIds(posting),
            documentType: 'sale',
            documentId: 1,
            kind: 'post',
            documentNumber: 'XS1',
            businessDate: '2026-11-22' as never,
            storeId: 1,
            reversesId: null,
            postedAt: unit.now,
            actorId: null,
            actorName: 'test',
            deviceEvents: 0,
            stockEntries: 0,
            journalLines: 0,
            openedItems: 0,
            settlements: 0,
          },
        ]),
      );
      bench.pass(23 * 3_600_000);
      expect(await events()).to.eql([]);
      bench.pass(3_600_000);
      expect(await events()).to.eql([['backup-none', { hours: 24 }]]);
      const alerts = () =>
        backupAlerts(services.config).find({
          read: services.database.read,
          t: (key: string) => key,
          now: services.clock(),
        } as never);
      expect((await alerts()).map(({ title }) => title)).to.eql(['backups:alert.none.title']);
      await services.uow.run(actor, async (unit) => {
        const at = services.clock();
        const row = { id: unit.takeIds(backupRun), startedAt: at, seenAt: at, finishedAt: at, bytes: 10, name: 'a' };
        const results = [{ target: 'disk', place: '/', ok: true, removed: 0 }];
        await unit.insert(backupRun, [
          {
            ...row,
            results,
            state: 'ok',
            origin: 'command',
            startedByName: null,
            encrypted: true,
            progress: null,
            failure: null,
            cancelled: false,
          },
        ]);
      });
      expect(await events()).to.eql([]);
      expect(await alerts()).to.eql([]);
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
