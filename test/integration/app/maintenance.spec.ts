import { readdirSync } from 'node:fs';
import path from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { expect } from 'chai';
import { getAttachment, openAttachment, removeAttachment, saveAttachment } from '../../../src/platform/attachments';
import { openFileStore } from '../../../src/platform/attachments/file-store';
import { session } from '../../../src/platform/auth';
import { verifyAuditChain } from '../../../src/platform/audit';
import { importRun, startImport } from '../../../src/platform/imports';
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
    await run('system.retention', app);
    expect((await app.database.read.find(session, {})).map(({ sidHash }) => sidHash)).to.eql(['long']);
    expect((await app.database.read.find(operation, {})).map((row) => row.operationKey)).to.eql(['new-operation']);
  });

  it('clears away old import files and contents that belong to no record, and keeps all others', async () => {
    let now = Date.now();
    const app = await start({ clock: () => now });
    const { services } = app;
    const picture = (byte: number) => Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, byte]);
    const add = (byte: number) =>
      saveAttachment(services, app.actor, {
        subjectType: 'probe.thing',
        subjectId: 1,
        name: 'a.png',
        content: picture(byte),
      });
    const kept = await add(1);
    const removed = await add(2);
    await openFileStore(services.config.dataDir, services.keys).put(picture(3));
    await app.uow.run(app.actor, (unit) => removeAttachment(unit, removed.attachmentId));
    const importer = app.app.manifests
      .flatMap(({ imports = [] }) => imports)
      .find(({ id }) => id === 'catalog.products');
    if (!importer) throw new Error('no importer');
    const file = { name: 'a.csv', content: Buffer.from('名称,分类\nA,B\n'), storeId: null };
    const runId = await startImport(services, app.actor, importer, file);
    const filesIn = (folder: string) =>
      readdirSync(path.join(services.config.dataDir, folder), { recursive: true, withFileTypes: true }).filter((one) =>
        one.isFile(),
      ).length;
    await run('administration.clear-files', app);
    expect([filesIn('attachments'), filesIn('imports')]).to.eql([3, 1]);
    now += 31 * DAY_MS;
    await run('administration.clear-files', app);
    expect([filesIn('attachments'), filesIn('imports')]).to.eql([3, 0]);
    expect((await app.database.read.get(importRun, runId))?.state).to.equal('cancelled');
    now += 60 * DAY_MS;
    await run('administration.clear-files', app);
    expect(filesIn('attachments')).to.equal(1);
    const row = await getAttachment(app.database.read, kept.attachmentId);
    expect(await buffer(await openAttachment(services, row))).to.eql(picture(1));
  });

  it('keeps a content that is put again while it is cleared away', async () => {
    const app = await start();
    const files = openFileStore(app.services.config.dataDir, app.services.keys);
    const sha256 = await files.put(Buffer.from('one'));
    expect(await files.remove(sha256, Date.now() - DAY_MS)).to.equal(false);
    expect(await text(await files.read(sha256))).to.equal('one');
    expect(await files.remove(sha256, Date.now() + DAY_MS)).to.equal(true);
    await files.put(Buffer.from('one'));
    expect(await text(await files.read(sha256))).to.equal('one');
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
