import { expect } from 'chai';
import { sealAudit, verifyAuditChain } from '../../../src/platform/audit';
import { createKeyRing } from '../../../src/platform/crypto';
import { type Database, sql } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import { auditLog } from '../../../src/platform/unit-of-work';
import { forEachDatabase } from '../../support/databases';
import { servicesBench, type ServicesBench } from '../../support/services';

describe('audit chain', function () {
  this.timeout(120_000);
  forEachDatabase((context) => {
    let bench: ServicesBench;
    beforeEach(async () => (bench = await servicesBench(context)));
    afterEach(() => bench.release());
    const write = (count: number) =>
      bench.services.uow.run(systemActor('test'), async (unit) => {
        for (let n = 0; n < count; n++)
          await unit.audit({ action: `test.n${n}`, detail: { 名: '张三 ¥1,234.00', n, list: [1, { b: 2, a: 1 }] } });
      });
    const verify = () => verifyAuditChain(bench.services.database.read, bench.services.keys);
    /** What only somebody with the database's own rights can do. */
    async function tamper(database: Database, text: string): Promise<void> {
      const triggers = ['audit_log', 'audit_seal'].flatMap((table) => [
        `tr_${table}_no_update`,
        `tr_${table}_no_delete`,
      ]);
      for (const trigger of triggers)
        // A second time it is gone already.
        await database.dataSource.query(`DROP TRIGGER ${trigger.slice(0, 30)}`).catch(() => undefined);
      await database.transaction((tx) => tx.execute({ pieces: [text] }));
    }

    it('seals every row once and finds nothing wrong with an untouched log', async () => {
      await write(3);
      expect(await sealAudit(bench.services)).to.equal(3);
      expect(await sealAudit(bench.services)).to.equal(0);
      await write(700);
      expect((await verify()).unsealed).to.equal(700);
      expect(await sealAudit(bench.services)).to.equal(700);
      expect(await verify()).to.include({ ok: true, sealed: 703, unsealed: 0, count: 0 });
    });

    it('takes a row that was committed late with a lower id', async () => {
      await write(2);
      await sealAudit(bench.services);
      await bench.services.database.transaction(async (tx) => {
        const [row] = await tx.find(auditLog, { action: 'test.n0' });
        if (!row) throw new Error('no row');
        await tx.insert(auditLog, [{ ...row, id: 0, action: 'test.late' }]);
      });
      expect(await sealAudit(bench.services)).to.equal(1);
      expect(await verify()).to.include({ ok: true, sealed: 3 });
    });

    it('names rows that were changed or taken away', async () => {
      await write(5);
      await sealAudit(bench.services);
      const rows = await bench.services.database.read.all<{ id: number }>(sql`SELECT id FROM audit_log ORDER BY id`);
      const [, second = { id: 0 }, , fourth = { id: 0 }] = rows;
      await tamper(
        bench.services.database,
        `UPDATE audit_log SET actor_name = 'somebody else' WHERE id = ${second.id}`,
      );
      await tamper(bench.services.database, `DELETE FROM audit_log WHERE id = ${fourth.id}`);
      const report = await verify();
      expect(report.ok).to.equal(false);
      expect(report.findings).to.deep.equal([
        { kind: 'changed', seq: 2, auditId: second.id },
        { kind: 'missing', seq: 4, auditId: fourth.id },
      ]);
    });

    it('notices seals that were taken out, made with another key, or cut off at the end', async () => {
      await write(5);
      await sealAudit(bench.services);
      const { head } = await verify();
      const forged = createKeyRing({ current: 'k1', keys: new Map([['k1', Buffer.alloc(32, 1)]]) });
      expect((await verifyAuditChain(bench.services.database.read, forged)).count).to.equal(5);
      await tamper(bench.services.database, 'DELETE FROM audit_seal WHERE seq = 5');
      expect((await verify()).ok, 'the rest is a chain of its own').to.equal(true);
      const noted = await verifyAuditChain(bench.services.database.read, bench.services.keys, { expected: head });
      expect(noted.findings).to.deep.equal([{ kind: 'cut', seq: 5, auditId: null }]);
      await tamper(bench.services.database, 'DELETE FROM audit_seal WHERE seq = 2');
      expect((await verify()).findings).to.deep.equal([{ kind: 'broken', seq: 3, auditId: null }]);
    });
  });
});
