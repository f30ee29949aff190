import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import {
  backupByCommand,
  backupRun,
  drillByCommand,
  findBackup,
  openingOf,
  openTargets,
} from '../../../src/app/backup';
import { openServices } from '../../../src/app/create-services';
import { checkKeys } from '../../../src/app/key-check';
import { loadConfig } from '../../../src/platform/config';
import { takeLease } from '../../../src/platform/jobs';
import { silentLogger } from '../../../src/platform/logging';
import { auditLog } from '../../../src/platform/unit-of-work';
import { upkeepRun } from '../../../src/platform/upkeep';
import { databaseContext } from '../../support/databases';
import { refusal } from '../../support/refusal';
import { sampleShop } from '../../support/sample-shop';

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** As an administrator or a timer of the operating system uses them, each command a process of its own. */
describe('the commands about backups', function () {
  this.timeout(300_000);
  const context = databaseContext('sqlite');
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'erp-backup-command-'));
    file = path.join(folder, 'config.yaml');
    mkdirSync(path.join(folder, 'copies'));
    const url = await context.freshUrl();
    writeFileSync(
      file,
      JSON.stringify({
        database: { url },
        dataDir: path.join(folder, 'data'),
        locale: 'en',
        backup: {
          targets: [{ id: 'disk', kind: 'local', path: path.join(folder, 'copies') }],
          passphraseFile: path.join(folder, 'passphrase'),
        },
      }),
    );
    writeFileSync(path.join(folder, 'passphrase'), 'correct horse battery staple\n', { mode: 0o600 });
    await withServices(async (services) => {
      await checkKeys(services);
      await sampleShop(services.uow);
    });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const config = () => loadConfig({ file, env: {} });

  async function withServices<T>(work: (services: Awaited<ReturnType<typeof openServices>>['services']) => Promise<T>) {
    const { services, close } = await openServices(config(), { log: silentLogger() });
    try {
      return await work(services);
    } finally {
      await close();
    }
  }

  const inUse = () =>
    withServices(async ({ database }) => (await database.read.find(auditLog, {})).map(({ action }) => action));
  const runs = () => withServices(({ database }) => database.read.find(backupRun, {}));

  function run(...args: string[]): Promise<Ended> {
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', ...args], {
      env: { ...process.env, ERP_LOCALE: 'en' },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data: Buffer) => (stdout += String(data)));
    child.stderr.on('data', (data: Buffer) => (stderr += String(data)));
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
  }

  it('make one, list it, check it, restore it, and say what was done in lines of JSON', async () => {
    const made = await run('backup', 'run', '--config', file, '--json');
    expect(made.code, made.stderr).to.equal(0);
    const lines = made.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.length).above(1);
    expect(lines.at(-1)).to.include({ ok: true });
    const { name } = lines.at(-1) as { name: string };
    expect(readdirSync(path.join(folder, 'copies'))).to.include(name);
    const [noted] = await runs();
    expect(noted).to.include({ state: 'ok', origin: 'command', name, encrypted: true });

    const listed = await run('backup', 'list', '--config', file, '--json');
    expect((JSON.parse(listed.stdout) as { backups: { name: string }[] }).backups.map((one) => one.name)).to.deep.equal(
      [name],
    );
    expect((await run('backup', 'verify', '--config', file)).code).to.equal(0);
    const target = `sqlite:${path.join(folder, 'restored.sqlite')}`;
    const restored = await run('restore', name, '--to', target, '--config', file, '--json');
    expect(restored.code, restored.stderr).to.equal(0);
    expect((await run('restore', name, '--to', target, '--config', file)).code).to.equal(3);

    const copy = path.join(folder, 'copies', name);
    writeFileSync(copy, Buffer.concat([Buffer.from('x'), Buffer.alloc(2000)]));
    expect((await run('backup', 'verify', '--config', file)).code).to.be.oneOf([1, 3]);
  });

  it('stand in the history of drills and in the audit log', async () => {
    const name = (await backupByCommand(config(), {}))?.name ?? '';
    const targets = openTargets(config());
    const found = await findBackup(targets, name);
    const report = await drillByCommand(config(), found, openingOf(config()), () => undefined);
    await Promise.all(targets.map((target) => target.close()));
    expect(report).to.include({ ok: true, name });
    const [drill] = await withServices(({ database }) => database.read.find(upkeepRun, { kind: 'drill' }));
    expect(drill).to.include({ state: 'ok', startedByName: 'command line' });
    expect(drill?.result).to.include({ name, target: 'disk', rows: report.rows }).and.not.have.property('fault');
    const restored = `sqlite:${path.join(folder, 'restored.sqlite')}`;
    const made = await run('restore', name, '--to', restored, '--config', file);
    expect(made.code, made.stderr).to.equal(0);
    expect(await inUse()).to.include.members(['system.backup.run', 'system.backup.restore', 'system.backup.drill']);
    const moved = `sqlite:${path.join(folder, 'moved.sqlite')}`;
    const move = await run('database', 'move', '--to', moved, '--config', file);
    expect(move.code, move.stderr).to.equal(0);
    expect(await inUse()).to.include('system.database.move');
    expect((await run('database', 'move', '--back', '--config', file)).code).to.equal(0);
    // The one that was moved from was only read.
    expect(await inUse())
      .to.include('system.database.use')
      .and.not.include('system.database.move');
  });

  it('make none while another process makes one, and none without a place for it', async () => {
    const lease = await withServices(({ uow, clock }) => takeLease(uow, 'system.back-up', 'elsewhere', clock()));
    expect(await backupByCommand(config(), {})).to.equal(undefined);
    expect(await runs()).to.deep.equal([]);
    expect(lease).not.to.equal(undefined);
    const nowhere = { ...config(), backup: { ...config().backup, targets: [] } };
    expect(await refusal(backupByCommand(nowhere, {}))).to.include({ code: 'backup:error.no_targets' });
  });

  it('make neither a database nor a key file', async () => {
    const empty = path.join(folder, 'empty.yaml');
    const data = path.join(folder, 'nothing');
    const url = `sqlite:${path.join(data, 'no.sqlite')}`;
    writeFileSync(
      empty,
      JSON.stringify({
        database: { url },
        dataDir: data,
        backup: { targets: [{ id: 'd', kind: 'local', path: folder }] },
      }),
    );
    expect((await run('backup', 'run', '--config', empty)).code).to.equal(3);
    expect(existsSync(data)).to.equal(false);
  });
});
