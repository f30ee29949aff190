import { expect } from 'chai';
import { session } from '../../../src/platform/auth';
import { verifyAuditChain } from '../../../src/platform/audit';
import { systemActor } from '../../../src/platform/permissions';
import { operation } from '../../../src/platform/unit-of-work';
import { testApps } from '../../support/http';

const DAY_MS = 86_400_000;

describe('what the platform does for itself', () => {
  const start = testApps();
  const run = async (id: string, app: Awaited<ReturnType<typeof start>>) => {
    const job = app.app.manifests.flatMap(({ jobs = [] }) => jobs).find((candidate) => candidate.id === id);
    if (!job) throw new Error(`no job ${id}`);
    await job.run(app.services, systemActor(id));
  };

  it('clears away sessions that have ended and operations that are old, and nothing else', async () => {
    let now = Date.UTC(2026, 10, 1);
    const app = await start({ clock: () => now });
    const addSession = (sidHash: string, expiresAt: number) =>
      app.uow.run(app.actor, (unit) =>
        unit.insert(session, [{ sidHash, createdAt: now, seenAt: now, expiresAt, data: {} }]),
      );
    await addSession('short', now + 1);
    await addSession('long', now + 60 * DAY_MS);
    await app.uow.run(app.actor, async () => 1, { operationKey: 'old-operation' });
    now += 31 * DAY_MS;
    await app.uow.run(app.actor, async () => 2, { operationKey: 'new-operation' });
    await run('administration.tidy-up', app);
    expect((await app.database.read.find(session, {})).map(({ sidHash }) => sidHash)).to.eql(['long']);
    expect((await app.database.read.find(operation, {})).map((row) => row.operationKey)).to.eql(['new-operation']);
  });

  it('seals what was written to the audit log', async () => {
    const app = await start();
    await app.uow.run(app.actor, (unit) => unit.audit({ action: 'probe.thing.post' }));
    await run('administration.seal-audit', app);
    const report = await verifyAuditChain(app.database.read, app.services.keys);
    expect(report).to.deep.include({ ok: true, sealed: 1, unsealed: 0 });
    await run('administration.seal-audit-fully', app);
  });
});
