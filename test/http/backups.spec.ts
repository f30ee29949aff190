import { expect } from 'chai';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { backupJob, backupRun, cancelBackup, drillJob, recordedBackup } from '../../src/app/backup';
import { findAlerts } from '../../src/app/alerts';
import { runChecks, hostFacts } from '../../src/platform/checks';
import { productChecks } from '../../src/app/checks';
import { newKeyPair } from '../../src/platform/backup';
import { isBackupName } from '../../src/platform/backup-targets';
import { auditLog } from '../../src/platform/unit-of-work';
import { startUpkeep, upkeepRun } from '../../src/platform/upkeep';
import { type TestApp, testApps } from '../support/http';
import { nameAt } from '../support/target-contract';
import { openArchive } from '../support/unzip';

const PAGE = '/settings/backups';

describe('the pages of backups', () => {
  const start = testApps();
  let disk: string;
  beforeEach(() => (disk = mkdtempSync(path.join(tmpdir(), 'erp-backups-'))));
  afterEach(() => rmSync(disk, { recursive: true, force: true }));

  const withDisk = (more: Record<string, string> = {}, targets: object[] = []) => ({
    env: {
      ERP_BACKUP_TARGETS: JSON.stringify([{ id: 'usb', kind: 'local', path: disk }, ...targets]),
      ERP_BACKUP_PASSPHRASE: 'twelve characters',
      ...more,
    },
  });
  const runs = (app: TestApp) => app.database.read.find(backupRun, {});
  const stored = () => readdirSync(disk).filter(isBackupName);
  const backUp = async (app: TestApp) => {
    const answer = await app.post(`${PAGE}/runs`);
    expect(answer.status).to.equal(303);
    for (const until = Date.now() + 60_000; Date.now() < until;) {
      const [last] = (await runs(app)).slice(-1);
      if (last && last.state !== 'running') return last;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('the backup does not end');
  };

  it('say what to do while nothing is configured', async () => {
    const app = await start();
    const page = await app.get(PAGE).expect(200);
    expect(page.text).to.include('还没有配置备份位置').and.not.include(`${PAGE}/runs`);
    expect((await app.post(`${PAGE}/runs`)).status).to.equal(404);
    await backupJob(app.services.config).run(app.services, app.actor);
    expect(await runs(app)).to.deep.equal([]);
  });

  it('make a backup now, show it in the history and note who wanted it', async () => {
    const app = await start(withDisk());
    expect((await app.get(PAGE)).text)
      .to.include('还没有备份过')
      .and.include('usb');
    const run = await backUp(app);
    expect(run).to.include({ state: 'ok', origin: 'person', startedByName: '周敏', encrypted: true });
    expect(run.name).to.equal(stored()[0]);
    expect(run.results).to.deep.equal([{ target: 'usb', place: disk, ok: true, removed: 0 }]);
    const page = (await app.get(PAGE)).text;
    expect(page).to.include('完好').and.include('周敏').and.include('已加密');
    const actions = (await app.database.read.find(auditLog, { action: 'system.backup.run' })).map(
      ({ actorId }) => actorId,
    );
    expect(actions).to.deep.equal([app.actor.userId]);
    const progress = await app.get(`${PAGE}/runs/${run.id}/progress`).expect(200);
    expect(progress.body).to.include({ state: 'finished', href: PAGE });
  });

  it('tell for each target why not, alarm, and keep what did work', async () => {
    const app = await start(withDisk({}, [{ id: 'inside', kind: 'local', path: '{dataDir}/backup' }]));
    const run = await backUp(app);
    expect(run.state).to.equal('partly');
    expect(stored()).to.have.length(1);
    const page = (await app.get(PAGE)).text;
    expect(page)
      .to.include('上次备份没有存到所有位置')
      .and.include('磁盘坏了备份也一起丢')
      .and.include('换到另一块磁盘');
    const titles = async () => {
      const { t, actor, database, services } = app;
      const reader = {
        read: database.read,
        t,
        actor,
        now: services.clock(),
        today: '2026-11-22',
        store: null,
      } as never;
      return (await findAlerts(app.app.manifests, reader)).map(({ title }) => title);
    };
    expect(await titles()).to.include('备份不完整');
    const jobs = (await app.get('/administration/jobs')).text;
    expect(jobs).to.include('每日备份').and.include('backup-targets:databaseFolder');
  });

  it('alarm when the last good copy is old, and when it shrank', async () => {
    const hour = 3_600_000;
    let now = Date.UTC(2026, 10, 22, 4);
    const app = await start({ ...withDisk(), clock: () => now });
    await backUp(app);
    const [row] = await runs(app);
    expect((await app.get(PAGE)).text).to.not.include('超过一天');
    now += 30 * hour;
    expect((await app.get(PAGE)).text).to.include('超过一天');
    await app.uow.run(app.actor, async (unit) => {
      for (const back of [1, 2, 3]) {
        const startedAt = (row?.startedAt ?? 0) - back * 24 * hour;
        await unit.insert(backupRun, [
          { ...row, id: unit.takeIds(backupRun), startedAt, bytes: 10 * (row?.bytes ?? 0) } as never,
        ]);
      }
    });
    expect((await app.get(PAGE)).text).to.include('只有平时的 10%');
    const context = {
      config: app.services.config,
      facts: hostFacts,
      database: app.database,
      now,
      schemaIsCurrent: true,
    };
    const checks = productChecks.filter(({ category }) => category === 'backup');
    const found = Object.fromEntries((await runChecks(checks, context)).checks.map(({ id, status }) => [id, status]));
    expect(found).to.include({ 'backup.configured': 'ok', 'backup.recent': 'fail', 'backup.encrypted': 'ok' });
    const svg = await app.get(`${PAGE}/charts/sizes?theme=dark`).expect(200);
    expect(String(svg.body)).to.include('<svg');
  });

  const trials = async (app: TestApp) =>
    (await app.database.read.find(upkeepRun, {})).filter(({ kind }) => kind !== 'retention');
  const tried = async (app: TestApp, address: string, fields: Record<string, string> = {}) => {
    const before = (await trials(app)).length;
    const answer = await app.post(address, fields);
    expect(answer.status).to.equal(303);
    for (const until = Date.now() + 60_000; Date.now() < until;) {
      const all = await trials(app);
      const last = all.at(-1);
      if (all.length > before && last?.finishedAt) return last;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('the trial does not end');
  };

  it('list what lies at the places, check a copy and restore it on trial', async () => {
    const app = await start(withDisk());
    const { name } = await backUp(app);
    const copy = `${PAGE}/copies/usb/${name}`;
    expect((await app.get(`${PAGE}/copies`)).text)
      .to.include(`href="${copy}"`)
      .and.include('还没检查过');
    expect((await app.get(copy)).text)
      .to.include(`phone-erp restore ${name} --target usb`)
      .and.not.include('type="password"');
    const inspected = await tried(app, `${copy}/inspect`);
    expect(inspected).to.include({ kind: 'inspect', state: 'ok', startedByName: '周敏' });
    expect(inspected.result).to.include({ name, target: 'usb' }).and.not.have.property('fault');
    expect(inspected.result?.['rows']).to.be.above(100);
    expect((await app.get(copy)).text).to.include('检查：完好');
    const drilled = await tried(app, `${copy}/drill`);
    expect(drilled.result).to.include({ name, rows: inspected.result?.['rows'] }).and.not.have.property('fault');
    expect((await app.get(`${PAGE}/copies`)).text)
      .to.include('能恢复')
      .and.include('上次检查');
    expect((await app.get(PAGE)).text)
      .to.include('上次恢复演练')
      .and.include('能恢复');
    const progress = await app.get(`${PAGE}/trials/${drilled.id}/progress`).expect(200);
    expect(progress.body).to.include({ state: 'finished', href: copy });
    const actions = (await app.database.read.find(auditLog, {})).map(({ action }) => action);
    expect(actions).to.include('system.backup.inspect').and.include('system.backup.drill');
    await app.get(`${PAGE}/copies/usb/${encodeURIComponent('../secret.key')}`).expect(404);
    await app.get(`${PAGE}/copies/nowhere/${name}`).expect(404);
    expect((await app.post(`${PAGE}/copies/usb/x.zip/drill`)).status).to.equal(404);
  });

  it('name what is damaged in a copy, and take a private key for one trial', async () => {
    const { identity, recipient } = await newKeyPair();
    const recipients = { ERP_BACKUP_RECIPIENTS: JSON.stringify([recipient]), ERP_BACKUP_PASSPHRASE: '' };
    const app = await start(withDisk(recipients));
    const { name } = await backUp(app);
    const copy = `${PAGE}/copies/usb/${name}`;
    expect((await app.get(copy)).text)
      .to.include('type="password"')
      .and.include('AGE-SECRET-KEY-');
    const locked = await tried(app, `${copy}/inspect`);
    expect(locked.result).to.have.nested.property('fault.code').that.matches(/key/);
    expect((await app.get(copy)).text).to.include('检查：有问题');
    const opened = await tried(app, `${copy}/drill`, { secret: ` ${identity}\n` });
    expect(opened.result).to.not.have.property('fault');
    const kept = JSON.stringify([await trials(app), await app.database.read.find(auditLog, {})]);
    expect(kept).to.not.include(identity.slice(20));
    const file = path.join(disk, String(name));
    const bytes = readFileSync(file);
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    const damaged = await tried(app, `${copy}/inspect`, { secret: identity });
    expect(damaged.result).to.have.nested.property('fault.code', 'backup:error.damaged');
  });

  it('stop a check or a restore that somebody cancels', async () => {
    const app = await start(withDisk());
    const { id, over } = await startUpkeep(app.services, app.actor, 'restore', async (progress, signal) => {
      while (!signal.aborted) {
        await progress(7, 20);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      signal.throwIfAborted();
      return {};
    });
    expect((await app.get(`${PAGE}/restores/${id}`)).text).to.include(`${PAGE}/trials/${id}/cancellation`);
    expect((await app.post(`${PAGE}/trials/${id}/cancellation`)).status).to.equal(303);
    expect(await over).to.include({ state: 'cancelled', failure: null });
    expect((await app.get(`${PAGE}/restores/${id}`)).text).to.include('已被人停止');
    await app.post(`${PAGE}/trials/${id}/cancellation`);
    expect((await app.get(`${PAGE}/databases`)).text)
      .to.include('已经结束了')
      .and.include('不能在这个页面换数据库');
    const reader = await app.as({ permissions: ['system.backup.view'] });
    expect((await reader.get(`${PAGE}/databases`).expect(200)).text).to.not.include('/move');
    for (const address of [
      `/trials/${id}/cancellation`,
      `/restores/${id}/switch`,
      '/databases/move',
      '/databases/back',
    ])
      expect((await reader.post(`${PAGE}${address}`)).status, address).to.equal(403);
  });

  it('restore the newest copy on trial each month where its key is at hand, and fail loudly', async () => {
    const app = await start(withDisk());
    await backUp(app);
    await drillJob.run(app.services, app.actor);
    const [run] = await trials(app);
    expect(run).to.include({ kind: 'drill', state: 'ok' });
    for (const name of stored()) truncateSync(path.join(disk, name), 2000);
    const failure = await Promise.resolve(drillJob.run(app.services, app.actor)).catch((error: Error) => error.message);
    expect(failure).to.match(/^backup:error\./);
    const { recipient } = await newKeyPair();
    const other = await start(
      withDisk({ ERP_BACKUP_RECIPIENTS: JSON.stringify([recipient]), ERP_BACKUP_PASSPHRASE: '' }),
    );
    await drillJob.run(other.services, other.actor);
    expect(await trials(other)).to.deep.equal([]);
  });

  it('show beforehand what the retention removes, and that is what goes', async () => {
    const keep = { ERP_BACKUP_KEEP_DAILY: '1', ERP_BACKUP_KEEP_WEEKLY: '0', ERP_BACKUP_KEEP_MONTHLY: '0' };
    const app = await start(withDisk(keep));
    const old = [1, 2, 3].map((second) => nameAt(second).replace('NJ01', 'erp'));
    for (const name of old) writeFileSync(path.join(disk, name), 'x');
    writeFileSync(path.join(disk, nameAt(9)), 'of another shop');
    const page = (await app.get(`${PAGE}/retention`).expect(200)).text;
    expect(page).to.include('共 4 份，其中 3 份将清掉').and.include('别的系统的备份');
    const run = await backUp(app);
    expect(run.results[0]?.removed).to.equal(3);
    expect(stored()).to.have.members([nameAt(9), run.name]);
  });

  it('test a target, and ask about another disk in its place', async () => {
    const app = await start(withDisk());
    await app.post(`${PAGE}/targets/usb/test`);
    expect((await app.get(PAGE)).text).to.include('usb 可用');
    renameSync(disk, `${disk}.away`);
    try {
      const asked = await app.post(`${PAGE}/targets/usb/test`);
      expect(asked.status).to.equal(200);
      expect(asked.text).to.include('usb 换了新磁盘').and.include('没有挂载');
      await app.post(`${PAGE}/targets/usb/trust`, { fingerprint: '' });
      expect((await app.get(PAGE)).text).to.include('已记下');
      await app.post(`${PAGE}/targets/usb/test`);
      expect((await app.get(PAGE)).text).to.include('usb 可用');
    } finally {
      rmSync(`${disk}.away`, { recursive: true });
    }
    expect((await app.post(`${PAGE}/targets/none/test`)).status).to.equal(404);
    const tests = await app.database.read.find(auditLog, { action: 'system.backup.test' });
    expect(tests.map(({ detail }) => (detail as { outcome: string }).outcome)).to.deep.equal([
      'ok',
      'backup-targets:notMounted.found',
      'ok',
    ]);
  });

  it('are looked at with one right and worked with another', async () => {
    const app = await start(withDisk());
    const reader = await app.as({ permissions: ['system.backup.view'] });
    const page = (await reader.get(PAGE).expect(200)).text;
    expect(page).to.not.include(`${PAGE}/runs"`).and.not.include('/test"');
    for (const address of ['/runs', '/targets/usb/test', '/targets/usb/trust', '/runs/1/cancellation'])
      expect((await reader.post(`${PAGE}${address}`)).status, address).to.equal(403);
    const nobody = await app.as({ permissions: [] });
    for (const address of ['', '/retention', '/charts/sizes']) await nobody.get(`${PAGE}${address}`).expect(403);
  });

  it('stop a backup that somebody cancels, whoever runs it, and call one that was cut short by its name', async () => {
    const app = await start(withDisk());
    const work = recordedBackup(app.services, app.actor, {
      origin: 'command',
      run: (_context, { signal, onProgress }) =>
        new Promise((_, reject) => {
          onProgress?.({ step: 'send', target: 'usb', bytes: 2048, totalBytes: 8192 });
          signal?.addEventListener('abort', () => reject(signal.reason as Error));
        }),
    });
    const until = async (wanted: (row: Awaited<ReturnType<typeof runs>>[0] | undefined) => boolean) => {
      for (;;) {
        const [row] = await runs(app);
        if (wanted(row)) return row;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const row = await until((found) => found?.progress !== undefined && found.progress !== null);
    const progress = await app.get(`${PAGE}/runs/${row?.id}/progress`).expect(200);
    expect(progress.body).to.include({ state: 'running', done: 2, total: 8 });
    expect((await app.get(PAGE)).text).to.include('正在传到 usb');
    expect((await app.post(`${PAGE}/runs/${row?.id}/cancellation`)).status).to.equal(303);
    await work;
    expect(await until((found) => found?.state === 'cancelled')).to.include({ name: null });
    expect(await cancelBackup(app.services, app.actor, row?.id ?? 0)).to.equal(false);
    await app.uow.run(app.actor, (unit) => unit.update(backupRun, row?.id ?? 0, { state: 'running', seenAt: 1 }));
    expect((await app.get(PAGE)).text).to.include('失败');
    await backUp(app);
    expect((await runs(app))[0]?.failure?.code).to.equal('backups:error.interrupted');
  });

  it('list restores and changes of the database page by page, filtered, and as a file', async () => {
    const app = await start();
    const url = `${PAGE}/databases`;
    expect((await app.get(url)).text).to.not.include('databases.xlsx');
    await app.uow.run(app.actor, async (unit) => {
      const first = unit.takeIds(upkeepRun, 35);
      const row = { state: 'ok', startedById: null, startedByName: '周敏', done: 0, total: 0 } as const;
      await unit.insert(
        upkeepRun,
        Array.from({ length: 35 }, (_, n) => {
          const [at, kind] = [Date.UTC(2026, 10, 1, 2, n), n < 3 ? ('switch' as const) : ('restore' as const)];
          const result = kind === 'switch' ? { kind: 'back', to: `sqlite:/b${n}` } : { address: `sqlite:/a${n}` };
          return { ...row, id: first + n, kind, startedAt: at, seenAt: at, finishedAt: at, result };
        }),
      );
    });
    const addresses = (text: string) => [...text.matchAll(/sqlite:\/([ab]\d+)</g)].map((found) => found[1]);
    const { text } = await app.get(url);
    expect(addresses(text)).to.have.length(30).and.include('a34').and.not.include('b2');
    const next = /href="([^"]+after=[^"]+)"/.exec(text)?.[1] ?? '';
    expect(addresses((await app.get(next)).text)).to.deep.equal(['a4', 'a3', 'b2', 'b1', 'b0']);
    expect(addresses((await app.get(`${url}?kind=switch`)).text)).to.deep.equal(['b2', 'b1', 'b0']);
    const file = (await app.get(`${url}.xlsx`).responseType('blob').expect(200)).body as Buffer;
    const sheet = openArchive(file)['xl/worksheets/sheet1.xml'] ?? '';
    for (const words of ['sqlite:/a34<', 'sqlite:/b0<', '撤回换库', '恢复备份']) expect(sheet).to.include(words);
  });
});
