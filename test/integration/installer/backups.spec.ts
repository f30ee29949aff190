import { expect } from 'chai';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import type { Machine } from '../../../installer/service';
import {
  backupByCommand,
  findBackup,
  openingOf,
  openTargets,
  readIdentities,
  verifyBackup,
} from '../../../src/app/backup';
import { newKeyPair, recipientOf } from '../../../src/platform/backup';
import { loadConfig } from '../../../src/platform/config';
import { detailOf, filesWith, runProgram, setUpHere, type SetupOutcome, statusOf } from '../../support/setup-command';

const PASSPHRASE = 'forty-two-blue-bicycles';
let folder: string;

const app = (...names: string[]): string => path.join(folder, 'app', ...names);
const data = (...names: string[]): string => path.join(folder, 'data', ...names);

const answersFor = (backup?: object, more: object = {}): object => ({
  language: 'en',
  paths: { install: app(), data: data() },
  company: { name: '测试通讯' },
  administrator: { login: 'boss', way: 'password', password: 'tangerine-Kettle-91' },
  server: { name: 'localhost', host: '127.0.0.1', port: 18_490, tls: 'none' },
  service: { install: false },
  acceptance: false,
  ...(backup && { backup }),
  ...more,
});

type Options = NonNullable<Parameters<typeof setUpHere>[2]>;
const setUp = (backup?: object, options: Options = {}, more: object = {}): Promise<SetupOutcome> =>
  setUpHere(folder, answersFor(backup, more), { yes: true, ...options });

const config = () => loadConfig({ file: app('config.yaml'), env: {} });
const written = () => parse(readFileSync(app('config.yaml'), 'utf8')) as { backup?: object };

interface Summary {
  backup: { protection: string; sheet: string | null; key: string | null; next: { id: string }[] };
}
const summaryOf = ({ lines }: SetupOutcome): Summary => lines.at(-1)?.detail as Summary;

/** A backup as the server makes it every day, read back with what opens it. */
async function backUp(identityFile?: string): Promise<void> {
  const made = await backupByCommand(config(), {});
  expect(made?.targets.map(({ ok }) => ok)).to.deep.equal([true]);
  const targets = openTargets(config());
  const found = await findBackup(targets);
  const report = await verifyBackup(found, openingOf(config(), { identityFile }));
  expect(report.ok).to.equal(true);
  await Promise.all(targets.map((target) => target.close()));
}

describe('the backups that a setup provides for', function () {
  this.timeout(120_000);
  this.slow(20_000);
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'erp-backups-'));
    // A private folder of a test would be closed to the account of a service.
    chmodSync(folder, 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('without an answer: a key pair, its sheet, a folder beside the data; the key goes once the sheet is there', async () => {
    const outcome = await setUp();
    expect(outcome.code, outcome.output).to.equal(0);
    const [key, sheet] = [app('recovery', 'backup.key'), app('recovery', 'recovery-sheet.html')];
    expect(summaryOf(outcome).backup).to.deep.include({ protection: 'key', sheet, key });
    expect(summaryOf(outcome).backup.next.map(({ id }) => id)).to.deep.equal(['sheet', 'key', 'same-disk']);
    for (const file of [key, sheet]) expect(statSync(file).mode & 0o777, file).to.equal(0o600);
    expect(statSync(app('recovery')).mode & 0o777).to.equal(0o700);
    const [identity = ''] = readIdentities(key);
    expect(written().backup).to.deep.equal({
      recipients: [await recipientOf(identity)],
      targets: [{ id: 'disk', kind: 'local', path: data().replace(/$/, '-backups') }],
    });
    expect(outcome.output).to.not.include(identity);
    expect(filesWith(folder, identity)).to.have.members([key, sheet].map((file) => path.relative(folder, file)));
    expect(readFileSync(sheet, 'utf8')).to.include('Backup recovery sheet').and.include('<svg');
    await backUp(key);

    const discard = (ending: string) =>
      runProgram(folder, ['backup', 'key', 'discard', key, '--sheet', sheet, '--ending', ending, '--json']);
    const wrong = await discard('XXXX');
    expect(wrong.code).to.equal(3);
    expect(existsSync(key)).to.equal(true);
    const right = await discard(identity.slice(-4).toLowerCase());
    expect(right.code, right.stderr).to.equal(0);
    expect(JSON.parse(right.stdout)).to.deep.equal({ ok: true, file: key, sheet });
    expect(readdirSync(app('recovery'))).to.deep.equal([]);
  });

  it('the private key on the sheet alone, or on the server for good', async () => {
    const sheet = path.join(folder, 'stick', 'sheet.html');
    const once = await setUp({ privateKey: 'sheet-only', sheet });
    expect(once.code, once.output).to.equal(0);
    expect(summaryOf(once).backup).to.deep.include({ sheet, key: null });
    expect(existsSync(app('recovery'))).to.equal(false);
    rmSync(folder, { recursive: true });
    folder = mkdtempSync(path.join(tmpdir(), 'erp-backups-'));
    const kept = await setUp({ privateKey: 'server' });
    expect(kept.code, kept.output).to.equal(0);
    expect(config().backup.identityFile).to.equal(data('secrets', 'backup.key'));
    await backUp();
  });

  it('a passphrase, a public key of their own, or nothing at all', async () => {
    writeFileSync(path.join(folder, 'passphrase'), `${PASSPHRASE}\n`);
    const by = await setUp({ protection: 'passphrase', passphraseFile: path.join(folder, 'passphrase') });
    expect(by.code, by.output).to.equal(0);
    const file = data('secrets', 'backup-passphrase');
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(filesWith(folder, PASSPHRASE)).to.have.members([path.relative(folder, file), 'passphrase']);
    expect(written().backup).to.deep.include({ passphraseFile: file });
    await backUp();

    const { recipient } = await newKeyPair();
    const own = await setUp(
      { protection: 'recipient', recipients: [recipient] },
      {},
      { existing: { action: 'reconfigure' } },
    );
    expect(own.code, own.output).to.equal(0);
    expect(written().backup).to.deep.equal({
      recipients: [recipient],
      targets: [{ id: 'disk', kind: 'local', path: `${data()}-backups` }],
    });
    const wrong = await setUp(
      { protection: 'recipient', recipients: ['age2x'] },
      {},
      { existing: { action: 'reconfigure' } },
    );
    expect([wrong.code, wrong.output.includes('begins with age1')]).to.deep.equal([2, true]);

    const none = { protection: 'none', place: 'later' };
    const strict = await setUp(none, { strict: true }, { existing: { action: 'reconfigure' } });
    expect(statusOf(strict)['backups'] ?? statusOf(strict)['hardware']).to.equal('refused');
    const open = await setUp(none, {}, { existing: { action: 'reconfigure' } });
    expect(open.code, open.output).to.equal(0);
    expect(detailOf(open, 'backups')).to.include('not encrypted');
    expect(config().backup).to.deep.include({ recipients: [], allowUnencrypted: true });
  });

  it('reconfigured without a word about them, keeps what there is', async () => {
    expect((await setUp()).code).to.equal(0);
    const before = written().backup;
    const again = await setUp(undefined, {}, { existing: { action: 'reconfigure' } });
    expect(again.code, again.output).to.equal(0);
    expect(written().backup).to.deep.equal(before);
    expect(summaryOf(again).backup.next).to.deep.equal([]);
  });

  it('later: no place, said at the end; in a dry run nothing is made', async () => {
    const dry = await setUp({ place: 'later' }, { dryRun: true });
    expect(detailOf(dry, 'backups')).to.include('recovery sheet');
    expect(existsSync(app())).to.equal(false);
    const later = await setUp({ place: 'later' });
    expect(later.code, later.output).to.equal(0);
    expect(summaryOf(later).backup.next.map(({ id }) => id)).to.deep.equal(['sheet', 'key', 'place']);
    expect(config().backup.targets).to.deep.equal([]);
  });

  it('refuses a folder inside the data and a sheet over something that is there', async () => {
    const inside = await setUp({ folder: data('backups') });
    expect([inside.code, statusOf(inside)['backups']]).to.deep.equal([3, 'refused']);
    const taken = path.join(folder, 'sheet.html');
    writeFileSync(taken, 'the only copy of another key');
    const refused = await setUp({ sheet: taken });
    expect([refused.code, statusOf(refused)['backups']]).to.deep.equal([3, 'refused']);
    expect(readFileSync(taken, 'utf8')).to.equal('the only copy of another key');
  });

  it('taken back, leaves no key behind; gone on with, keeps the one that was made', async () => {
    const failing = { service: { install: true } };
    expect((await setUp(undefined, { environment: { machine: failingMachine } }, failing)).code).to.equal(1);
    const [before] = readIdentities(app('recovery', 'backup.key'));
    const resumed = await setUp(undefined, { environment: { machine: failingMachine } }, failing);
    expect(resumed.code).to.equal(1);
    expect(readIdentities(app('recovery', 'backup.key'))).to.deep.equal([before]);
    const elsewhere = { paths: { install: path.join(folder, 'other'), data: path.join(folder, 'other-data') } };
    const restarted = await setUp({ protection: 'none' }, { restart: true }, elsewhere);
    expect(restarted.code, restarted.output).to.equal(0);
    expect(filesWith(folder, before ?? '')).to.deep.equal([]);
    expect(existsSync(app('recovery'))).to.equal(false);
  });
});

/** Rights and systemd are there, and the first command of the service fails. */
const failingMachine: Machine = {
  platform: 'linux',
  env: {},
  userId: 0,
  exists: (file) => file === '/run/systemd/system',
  run: (command) =>
    Promise.resolve(
      command === 'systemctl' ? { code: 0, stdout: '', stderr: '' } : { code: 1, stdout: '', stderr: 'not today' },
    ),
  files: { write: () => Promise.resolve(), remove: () => Promise.resolve() },
};
