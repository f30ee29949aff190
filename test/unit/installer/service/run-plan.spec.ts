import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import {
  carryOut,
  type Machine,
  mayInstall,
  type PlanStep,
  serviceKind,
  serviceSettings,
  throughCurrent,
} from '../../../../installer/service';
import { runPlan } from '../../../../installer/service/run-plan';
import { loadConfig } from '../../../../src/platform/config';
import { logTail } from '../../../../src/platform/logging';

describe('carrying out a plan', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'erp-plan-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('runs, writes and removes in order, and passes over what is there already', async () => {
    const file = path.join(folder, 'a.txt');
    const seen: string[] = [];
    const plan: PlanStep[] = [
      { kind: 'run', command: 'user-add', args: [], unless: ['user-exists', 'x'] },
      { kind: 'write', file, content: 'text', mode: 0o600 },
      { kind: 'run', command: 'start', args: ['it'], expected: [5] },
    ];
    await runPlan(plan, {
      run: (command, args) => {
        seen.push([command, ...args].join(' '));
        return Promise.resolve({ code: command === 'start' ? 5 : 0, stdout: '', stderr: '' });
      },
    });
    expect(seen).to.deep.equal(['user-exists x', 'start it']);
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).to.deep.equal(['text', 0o600]);
    await runPlan([{ kind: 'remove', path: folder }]);
    expect(existsSync(folder)).to.equal(false);
  });

  it('stops at the first failure and says which command said what', async () => {
    const plan: PlanStep[] = [
      { kind: 'run', command: process.execPath, args: ['-e', 'console.error("no such unit"); process.exit(4)'] },
      { kind: 'remove', path: folder },
    ];
    const error = await runPlan(plan).then(
      () => null,
      (reason: Error) => reason,
    );
    expect(error?.message).to.match(/ended with 4: no such unit$/);
    expect(existsSync(folder)).to.equal(true);
    const missing = await runPlan([{ kind: 'run', command: 'phone-erp-no-such-program', args: [] }]).catch(
      (reason: Error) => reason.message,
    );
    expect(missing).to.contain('ended with 127');
  });

  it('is refused as a whole without rights', async () => {
    const file = path.join(folder, 'unit');
    const plan: PlanStep[] = [{ kind: 'write', file, content: '' }];
    const told: string[] = [];
    const machine: Machine = {
      platform: 'linux',
      env: {},
      exists: () => true,
      run: () => Promise.resolve({ code: 0, stdout: '', stderr: '' }),
      userId: 1000,
    };
    expect(await carryOut(plan, (line) => told.push(line), machine)).to.equal(false);
    expect([existsSync(file), told]).to.deep.equal([false, []]);
    expect(await carryOut(plan, (line) => told.push(line), { ...machine, userId: 0 })).to.equal(true);
    expect([existsSync(file), told]).to.deep.equal([true, [`cat > ${file} <<'END'`]]);
  });

  it('knows who looks after services on a machine, and who may install them', async () => {
    const machine = (more: Partial<Machine>): Machine => ({
      platform: 'linux',
      env: {},
      exists: () => true,
      run: () => Promise.resolve({ code: 2, stdout: '', stderr: '' }),
      userId: 1000,
      ...more,
    });
    expect(serviceKind(machine({}))?.id).to.equal('systemd');
    expect(serviceKind(machine({ exists: () => false }))).to.equal(undefined);
    expect(serviceKind(machine({ platform: 'win32' }))?.id).to.equal('windows');
    expect(serviceKind(machine({ platform: 'win32', exists: () => false }))?.id).to.equal('task');
    expect(serviceKind(machine({ platform: 'darwin' }))).to.equal(undefined);
    expect(await mayInstall(machine({}))).to.equal(false);
    expect(await mayInstall(machine({ userId: 0 }))).to.equal(true);
    expect(await mayInstall(machine({ platform: 'win32' }))).to.equal(false);
  });

  it('reads ports, folders and files with secrets from the configuration', () => {
    const configFile = path.join(folder, 'config.yaml');
    const password = path.join(folder, 'password');
    writeFileSync(password, 'x');
    writeFileSync(
      configFile,
      `dataDir: ${folder}/data\nserver:\n  port: 443\n  tls:\n    mode: own\n    redirectPort: 80\ndatabase:\n  url: mysql://erp@db/erp\n  passwordFile: ${password}\n`,
    );
    const settings = serviceSettings({
      config: loadConfig({ file: configFile, env: {} }),
      configFile,
      program: ['/p'],
    });
    expect(settings).to.deep.include({
      ports: [443, 80],
      database: 'mysql',
      writableFolders: [],
      account: 'phone-erp',
    });
    expect(settings.secretFiles).to.deep.equal([configFile, password, `${folder}/data/secret.key`]);
    const elsewhere = loadConfig({
      env: { ERP_DATA_DIR: `${folder}/data`, ERP_DATABASE_URL: 'sqlite:/srv/db/erp.sqlite' },
    });
    expect(serviceSettings({ config: elsewhere, program: ['/p'] }).writableFolders).to.deep.equal(['/srv/db']);
  });

  it('tells folders that hold backups alone from disks that others use', () => {
    const [own, shared] = [path.join(folder, 'own'), path.join(folder, 'shared')];
    const missing = path.join(folder, 'missing');
    for (const one of [own, shared]) mkdirSync(one);
    writeFileSync(path.join(own, '.phone-erp-target'), 'x');
    writeFileSync(path.join(shared, 'photos.zip'), 'x');
    const configFile = path.join(folder, 'config.yaml');
    const targets = [own, shared, missing].map((one, at) => `{ id: t${at}, kind: local, path: ${one} }`);
    writeFileSync(configFile, `backup:\n  targets: [${targets.join(', ')}]\n`);
    const { backupFolders } = serviceSettings({ config: loadConfig({ file: configFile, env: {} }), program: ['/p'] });
    expect(backupFolders?.map(({ ours }) => ours)).to.deep.equal([true, false, true]);
  });

  it('takes the way through the link that an upgrade moves', () => {
    const version = path.join(folder, 'versions', '1.0.0');
    mkdirSync(version, { recursive: true });
    const program = path.join(version, 'phone-erp');
    writeFileSync(program, '');
    expect(throughCurrent(program)).to.equal(program);
    symlinkSync('versions/1.0.0', path.join(folder, 'current'));
    expect(throughCurrent(program)).to.equal(path.join(folder, 'current', 'phone-erp'));
    expect(throughCurrent('/usr/bin/phone-erp')).to.equal('/usr/bin/phone-erp');
  });
});

describe('end of the log', () => {
  it('is read from the end, over the border of a day, whatever the size', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'erp-log-'));
    try {
      expect(logTail(path.join(folder, 'none'), 5)).to.deep.equal([]);
      const line = (at: number): string =>
        JSON.stringify({ level: 'info', time: '2026-11-22T01:00:00.000Z', msg: `第 ${at} 条` });
      const many = Array.from({ length: 5000 }, (_, at) => line(at)).join('\n');
      writeFileSync(path.join(folder, 'phone-erp.2026-11-21.1.log'), `${many}\n`);
      writeFileSync(path.join(folder, 'phone-erp.2026-11-22.1.log'), `${line(5000)}\nno JSON\n`);
      writeFileSync(path.join(folder, 'other.log'), 'x\n');
      const tail = logTail(folder, 3000);
      expect(tail).to.have.length(3000);
      expect(tail.at(-1)).to.deep.equal({ text: 'no JSON' });
      expect(tail.at(-2)).to.include({ level: 'info', msg: '第 5000 条' });
      expect(tail[0]?.msg).to.equal('第 2002 条');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
