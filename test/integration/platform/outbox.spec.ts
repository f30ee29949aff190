import { expect } from 'chai';
import type { EventHandler } from '../../../src/platform/modules';
import { drainOutbox, GIVE_UP_AFTER } from '../../../src/platform/outbox';
import { systemActor } from '../../../src/platform/permissions';
import { auditLog, outboxEvent } from '../../../src/platform/unit-of-work';
import { forEachDatabase } from '../../support/databases';
import { servicesBench, type ServicesBench } from '../../support/services';

const actor = systemActor('test');

describe('outbox', function () {
  this.timeout(120_000);
  forEachDatabase((context) => {
    let bench: ServicesBench;
    beforeEach(async () => (bench = await servicesBench(context)));
    afterEach(() => bench.release());
    const publish = async (name: string, n: number): Promise<void> => {
      bench.pass(1);
      await bench.services.uow.run(actor, (unit) => unit.publish(name, { n }));
    };
    /** Keeps what it heard in the audit log: in the same transaction as the delivery. */
    const listener =
      (heard: string[], fails: (n: number) => boolean = () => false): EventHandler =>
      async (unit, payload) => {
        const n = Number(payload['n']);
        heard.push(String(n));
        await unit.audit({ action: `test.heard.${n}` });
        if (fails(n)) throw new Error(`no ${n}`);
      };

    it('delivers each event once to every listener, in order, and drops what nobody hears', async () => {
      for (let n = 1; n <= 45; n++) await publish('sales.sale.posted', n);
      await publish('nobody.listens', 99);
      const first: string[] = [];
      const second: string[] = [];
      const manifests = [
        { events: { 'sales.sale.posted': listener(first) } },
        { events: { 'sales.sale.posted': listener(second) } },
      ];
      expect(await drainOutbox(bench.services, manifests)).to.deep.equal({ delivered: 45, failed: 0 });
      expect(await drainOutbox(bench.services, manifests)).to.deep.equal({ delivered: 0, failed: 0 });
      // A unit of work may run again (an id block is used up): what counts is what it committed.
      const all = Array.from({ length: 45 }, (_, index) => String(index + 1));
      expect([...new Set(first)]).to.deep.equal(all);
      expect([...new Set(second)]).to.deep.equal(all);
      const written = await bench.services.database.read.find(auditLog, { action: 'test.heard.17' });
      expect(written, 'once for each listener').to.have.length(2);
      expect(await bench.services.database.read.find(outboxEvent, { deliveredAt: null })).to.have.length(0);
    });

    it('keeps nothing of a failed delivery, holds back later ones of the name only, and tries again', async () => {
      for (let n = 1; n <= 4; n++) await publish('a.b.c', n);
      await publish('d.e.f', 7);
      let broken = true;
      const heard: string[] = [];
      const others: string[] = [];
      const manifests = [{ events: { 'a.b.c': listener(heard, (n) => broken && n === 3), 'd.e.f': listener(others) } }];
      expect(await drainOutbox(bench.services, manifests)).to.deep.equal({ delivered: 3, failed: 1 });
      expect(others).to.deep.equal(['7']);
      const kept = async (n: number) =>
        (await bench.services.database.read.find(auditLog, { action: `test.heard.${n}` })).length;
      expect([await kept(1), await kept(2), await kept(3), await kept(4)]).to.deep.equal([1, 1, 0, 0]);
      const [failed] = await bench.services.database.read.find(outboxEvent, { attempts: 1 });
      expect(failed?.lastError).to.equal('no 3');
      broken = false;
      expect((await drainOutbox(bench.services, manifests)).delivered, 'before its time').to.equal(0);
      bench.pass(5001);
      expect(await drainOutbox(bench.services, manifests)).to.deep.equal({ delivered: 2, failed: 0 });
      expect([await kept(1), await kept(2), await kept(3), await kept(4)]).to.deep.equal([1, 1, 1, 1]);
    });

    it('gives up after many failures, keeps the error, and goes on with the next event', async () => {
      await publish('a.b.c', 1);
      await publish('a.b.c', 2);
      const heard: string[] = [];
      const manifests = [{ events: { 'a.b.c': listener(heard, (n) => n === 1) } }];
      for (let tries = 0; tries < GIVE_UP_AFTER; tries++) {
        expect((await drainOutbox(bench.services, manifests)).failed).to.equal(1);
        bench.pass(3_600_000);
      }
      expect(await drainOutbox(bench.services, manifests)).to.deep.equal({ delivered: 1, failed: 0 });
      const left = await bench.services.database.read.find(outboxEvent, { deliveredAt: null });
      expect(left).to.have.length(1);
      expect(left[0]).to.include({ attempts: GIVE_UP_AFTER, lastError: 'no 1' });
    });

    it('is drained by one of several at a time', async () => {
      for (let n = 1; n <= 30; n++) await publish('a.b.c', n);
      const heard: string[] = [];
      const manifests = [{ events: { 'a.b.c': listener(heard) } }];
      await Promise.all(Array.from({ length: 4 }, () => drainOutbox(bench.services, manifests)));
      while ((await drainOutbox(bench.services, manifests)).delivered > 0);
      const rows = await bench.services.database.read.find(auditLog, {});
      expect(rows.filter(({ action }) => action.startsWith('test.heard.'))).to.have.length(30);
    });
  });
});
