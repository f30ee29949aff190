import { expect } from 'chai';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Machine } from '../../../installer/service';
import type { SetupEnvironment } from '../../../installer/steps';
import { loadConfig } from '../../../src/platform/config';
import { openDatabase } from '../../../src/platform/database';
import { ensureOwnCertificate } from '../../../src/platform/tls';
import { version } from '../../../src/platform/version';
import { freePort } from '../../support/free-port';
import { packagedLookAlike } from '../../support/packaged-look-alike';
import { detailOf, setUpHere, type SetupOutcome, statusOf } from '../../support/setup-command';

let folder: string;
let port: number;

const app = (...names: string[]): string => path.join(folder, 'app', ...names);
const data = (...names: string[]): string => path.join(folder, 'data', ...names);
const configFile = (): string => app('config.yaml');

const answersFor = (more: object = {}): object => ({
  language: 'en',
  paths: { install: app(), data: data() },
  company: { name: '测试通讯' },
  administrator: { login: 'boss', way: 'password', password: 'tangerine-Kettle-91' },
  server: { name: 'localhost', host: '127.0.0.1', port, tls: 'none' },
  service: { install: false },
  // Tried in the specs of the unattended setup; here it would take most of the time.
  acceptance: false,
  ...more,
});

type Options = NonNullable<Parameters<typeof setUpHere>[2]>;
const setUp = (more: object = {}, options: Options = {}): Promise<SetupOutcome> =>
  setUpHere(folder, answersFor(more), { yes: true, ...options });

async function query<T extends object>(text: string): Promise<T[]> {
  const database = await openDatabase(loadConfig({ file: configFile(), env: {} }).database.url, { poolSize: 1 });
  try {
    return await database.dataSource.query<T[]>(text);
  } finally {
    await database.close();
  }
}

/** Every row of what people enter, to be the same before and after. */
async function contents(): Promise<unknown> {
  const tables = ['company', 'store', 'location', 'user_account', 'user_role', 'parameter'];
  return Promise.all(
    tables.map(async (table) => (await query(`SELECT * FROM ${table}`)).map((row) => JSON.stringify(row)).sort()),
  );
}

/** As an older program would have left the schema: its last steps were not run yet. */
const makeOlder = (): Promise<object[]> =>
  query('DELETE FROM schema_step WHERE rowid IN (SELECT rowid FROM schema_step ORDER BY rowid DESC LIMIT 1)');

describe('setup on an existing installation', function () {
  this.timeout(120_000);
  this.slow(20_000);
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'erp-existing-'));
    // A private folder of a test would be closed to the account of a service.
    chmodSync(folder, 0o755);
    port = await freePort();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('repairs: program, link and tables come back; configuration and data stay', async () => {
    const environment = { program: packagedLookAlike(folder) };
    const first = await setUp({}, { environment });
    expect(first.code, first.output).to.equal(0);
    const [config, before] = [readFileSync(configFile(), 'utf8'), await contents()];
    rmSync(app('versions'), { recursive: true });
    rmSync(app('current'));
    await makeOlder();
    const repaired = await setUp({ company: { name: 'Another' }, existing: { action: 'repair' } }, { environment });
    expect(repaired.code, repaired.output).to.equal(0);
    expect(statusOf(repaired)).to.include({ paths: 'done', backup: 'done', schema: 'done' });
    expect(statusOf(repaired)).to.not.have.any.keys('company', 'administrator', 'configuration', 'edition');
    expect(readFileSync(app('current', 'phone-erp'), 'utf8')).to.equal(`program ${version}`);
    expect(detailOf(repaired, 'schema')).to.equal('1 steps were run');
    expect(readFileSync(configFile(), 'utf8')).to.equal(config);
    expect(await contents()).to.deep.equal(before);
  });

  it('upgrades by the one way there is, and says how that ended', async () => {
    expect((await setUp({}, { environment: { program: packagedLookAlike(folder) } })).code).to.equal(0);
    const [config, before] = [readFileSync(configFile(), 'utf8'), await contents()];
    const program = packagedLookAlike(folder, { version: '99.1.0' });
    const asked: Parameters<SetupEnvironment['upgrade']>[0][] = [];
    const ended = (state: object): SetupEnvironment['upgrade'] => {
      return (options) => {
        asked.push(options);
        return Promise.resolve({ from: version, to: '99.1.0', steps: [], ...state } as never);
      };
    };
    const failure = { code: 'upgrade:error.differs', details: { what: 'debitFen', before: 2, after: 1 } };
    const failed = await setUp(
      { existing: { action: 'upgrade' } },
      { environment: { program, upgrade: ended({ outcome: 'failed', failure }) } },
    );
    expect(failed.code, failed.output).to.equal(1);
    expect(detailOf(failed, 'upgrade')).to.include('debitFen is 1').and.include('Stopped before anything was changed');
    const upgraded = await setUp(
      { existing: { action: 'upgrade' } },
      { environment: { program, upgrade: ended({ outcome: 'done', failure: null }) }, allowUnsigned: true },
    );
    expect(upgraded.code, upgraded.output).to.equal(0);
    expect(statusOf(upgraded)).to.include({ upgrade: 'done' });
    expect(statusOf(upgraded)).to.not.have.any.keys('paths', 'halt', 'backup', 'schema', 'service', 'acceptance');
    expect(asked.map(({ file, unsignedAllowed }) => [file, unsignedAllowed])).to.deep.equal([
      [program.file, false],
      [program.file, true],
    ]);
    expect(existsSync(app('versions', '99.1.0')), 'the setup itself puts nothing in place').to.equal(false);
    expect(readFileSync(configFile(), 'utf8')).to.equal(config);
    expect(await contents()).to.deep.equal(before);
  });

  it('another version neither repairs nor reconfigures, and the same one does not upgrade', async () => {
    const program = packagedLookAlike(folder);
    expect((await setUp({}, { environment: { program } })).code).to.equal(0);
    const newer = packagedLookAlike(folder, { version: '99.1.0' });
    for (const action of ['repair', 'reconfigure']) {
      const refused = await setUp({ existing: { action } }, { environment: { program: newer } });
      expect(refused.code, refused.output).to.equal(3);
      expect(detailOf(refused, 'paths')).to.include(`phone-erp upgrade FILE --config ${configFile()}`);
    }
    const same = await setUp({ existing: { action: 'upgrade' } }, { environment: { program } });
    expect([same.code, statusOf(same)['upgrade']]).to.deep.equal([3, 'refused']);
    const source = packagedLookAlike(folder, { version: '99.1.0', payload: { kind: 'source' } });
    const fromSource = await setUp({ existing: { action: 'upgrade' } }, { environment: { program: source } });
    expect(fromSource.code).to.equal(3);
    expect(detailOf(fromSource, 'upgrade')).to.include(`phone-erp upgrade FILE --config ${configFile()}`);
    expect(readlinkSync(app('current'))).to.equal(path.join('versions', version));
  });

  it('a new installation does not bring the company of an older version up to date', async () => {
    expect((await setUp()).code).to.equal(0);
    await makeOlder();
    const elsewhere = { paths: { install: path.join(folder, 'other'), data: data() } };
    const refused = await setUp(elsewhere);
    expect([refused.code, statusOf(refused)['schema']]).to.deep.equal([3, 'refused']);
    expect(existsSync(path.join(folder, 'other'))).to.equal(false);
  });

  it('refuses to repair with a package that is not as it was made; let through, it stands in the audit log', async () => {
    expect((await setUp({}, { environment: { program: packagedLookAlike(folder) } })).code).to.equal(0);
    const changed = { findings: [{ file: 'views/a.ejs', problem: 'changed' as const }] };
    const unsigned = { signature: { state: 'unsigned' as const } };
    const audited = (): Promise<object[]> =>
      query("SELECT detail FROM audit_log WHERE action = 'system.setup.allow_unsigned'");
    for (const payload of [changed, unsigned]) {
      const environment = { program: packagedLookAlike(folder, { payload }) };
      const refused = await setUp({ existing: { action: 'repair' } }, { environment });
      expect(refused.code).to.equal(3);
      expect(statusOf(refused)).to.deep.equal({ language: 'ok', package: 'refused' });
      expect(await audited()).to.deep.equal([]);
    }
    const environment = { program: packagedLookAlike(folder, { payload: changed }) };
    const allowed = await setUp({ existing: { action: 'repair' } }, { environment, allowUnsigned: true });
    expect(allowed.code, allowed.output).to.equal(0);
    expect(statusOf(allowed)).to.include({ package: 'warn' });
    expect((await audited()).map((row) => JSON.stringify(row)).join('')).to.include(version);
    const report = JSON.parse(readFileSync(data('setup-report.json'), 'utf8')) as object;
    expect(report).to.include({ unsignedAllowed: true, way: 'repair' });
  });

  it('reconfigured with an answer that does not work, keeps configuration and data as they were', async () => {
    expect((await setUp()).code).to.equal(0);
    const [config, before] = [readFileSync(configFile(), 'utf8'), await contents()];
    // The data folder of the certificate is in the way of the folder to make.
    writeFileSync(data('tls'), 'a file is in the way');
    const server = { name: 'localhost', host: '127.0.0.1', port, tls: 'own' };
    const failed = await setUp({ existing: { action: 'reconfigure' }, server });
    expect(failed.code, failed.output).to.equal(1);
    expect(statusOf(failed)).to.include({ server: 'failed' });
    const restarted = await setUp({ existing: { action: 'repair' } }, { restart: true });
    expect(restarted.code, restarted.output).to.equal(0);
    expect(readFileSync(configFile(), 'utf8')).to.equal(config);
    expect(await contents()).to.deep.equal(before);
  });

  it('--restart forgets a run that failed and begins with other answers; a dry run of it takes nothing back', async () => {
    const state = path.join(folder, 'phone-erp-setup.json');
    expect((await halfDone()).code).to.equal(1);
    expect(existsSync(state)).to.equal(true);
    const made = readdirSync(data());
    const elsewhere = { paths: { install: path.join(folder, 'other'), data: path.join(folder, 'other-data') } };
    expect((await setUp(elsewhere, { restart: true, dryRun: true })).code).to.equal(0);
    expect(readdirSync(data())).to.deep.equal(made);
    const restarted = await setUp(elsewhere, { restart: true });
    expect(restarted.code, restarted.output).to.equal(0);
    expect(existsSync(configFile()), 'what was half done is gone').to.equal(false);
    expect(existsSync(path.join(folder, 'other', 'config.yaml'))).to.equal(true);
    expect(existsSync(state)).to.equal(false);
  });

  it('--restart sets a database aside that somebody may have worked with', async () => {
    expect((await halfDone()).code).to.equal(1);
    // The server was started by hand, and somebody has gone on entering.
    await query("UPDATE company SET phone = '025-84412345'");
    const restarted = await setUp({ company: { name: 'Anew' } }, { restart: true });
    expect(restarted.code, restarted.output).to.equal(0);
    expect(await query('SELECT name FROM company')).to.deep.equal([{ name: 'Anew' }]);
    const kept = readdirSync(data('before-setup')).filter((name) => name.endsWith('.sqlite'));
    expect(kept).to.have.length(1);
    const old = await openDatabase(`sqlite:${data('before-setup', kept[0] ?? '')}`, { poolSize: 1 });
    expect(await old.dataSource.query('SELECT name, phone FROM company')).to.deep.equal([
      { name: '测试通讯', phone: '025-84412345' },
    ]);
    await old.close();
  });
});

/** Fails in its last step but one, after the administrator was made. */
const halfDone = (): Promise<SetupOutcome> =>
  setUp({ service: { install: true } }, { environment: { machine: failingMachine(() => Promise.resolve()) } });

/** Rights and systemd are there, and the first command of the service fails after `meanwhile`. */
const failingMachine = (meanwhile: () => Promise<void>): Machine => ({
  platform: 'linux',
  env: {},
  userId: 0,
  exists: (file) => file === '/run/systemd/system',
  run: async (command) => {
    if (command === 'systemctl') return { code: 0, stdout: '', stderr: '' };
    if (command === 'useradd') await meanwhile();
    return { code: 1, stdout: '', stderr: 'not today' };
  },
  files: { write: () => Promise.resolve(), remove: () => Promise.resolve() },
});

describe('answers for the cloud and for a head office', function () {
  this.timeout(120_000);
  this.slow(20_000);
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'erp-edition-'));
    port = await freePort();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('cloud: behind a proxy, on this machine only, reached by its public name', async () => {
    const outcome = await setUp({
      edition: 'cloud',
      database: { kind: 'sqlite' },
      server: { name: 'erp.example.com', port },
    });
    expect(outcome.code, outcome.output).to.equal(0);
    const { edition, server } = loadConfig({ file: configFile(), env: {} });
    expect({ edition, ...server }).to.include({
      edition: 'cloud',
      host: '127.0.0.1',
      port,
      publicUrl: 'https://erp.example.com',
      trustProxy: 1,
    });
    expect(server.tls).to.equal(undefined);
    expect(outcome.lines.at(-1)?.detail).to.include({ address: 'https://erp.example.com' });
  });

  it('a cloud server takes a database server unless somebody says otherwise, and asks for it', async () => {
    const outcome = await setUp({ edition: 'cloud', database: { host: '127.0.0.1', port: await freePort() } });
    expect(outcome.code).to.equal(3);
    expect(statusOf(outcome)).to.include({ database: 'ok', connection: 'refused' });
  });

  it('hybrid: in the network of the stores, with the certificate of the company', async () => {
    const names = { dns: ['erp.lan'], addresses: [] };
    const { certFile, keyFile } = await ensureOwnCertificate(path.join(folder, 'company-tls'), { names });
    const redirectPort = await freePort();
    const outcome = await setUp({
      edition: 'hybrid',
      database: { kind: 'sqlite' },
      server: { name: 'erp.lan', port, tls: 'files', certFile, keyFile, redirectPort },
    });
    expect(outcome.code, outcome.output).to.equal(0);
    const { edition, server } = loadConfig({ file: configFile(), env: {} });
    expect({ edition, ...server }).to.include({
      edition: 'hybrid',
      host: '0.0.0.0',
      publicUrl: `https://erp.lan:${port}`,
    });
    expect(server.tls).to.include({ mode: 'given', certFile, keyFile, redirectPort });
    const missing = await setUpHere(
      mkdtempSync(path.join(folder, 'x-')),
      answersFor({
        paths: { install: path.join(folder, 'x', 'app'), data: path.join(folder, 'x', 'data') },
        edition: 'hybrid',
        database: { kind: 'sqlite' },
        server: { name: 'erp.lan', port, tls: 'files', certFile: '/nowhere.pem', keyFile },
      }),
    );
    expect(missing.code).to.equal(2);
    expect(missing.output).to.include('server.certFile');
  });
});

describe('two setups at once', function () {
  this.timeout(60_000);
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'erp-two-'));
    chmodSync(folder, 0o755);
    port = await freePort();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('the second is refused in words, in the same folder and on the same installation from another', async () => {
    const refused: SetupOutcome[] = [];
    const elsewhere = mkdtempSync(path.join(folder, 'elsewhere-'));
    // While the first is at work, two more begin.
    const machine = failingMachine(async () => {
      for (const cwd of [folder, elsewhere])
        refused.push(await setUpHere(cwd, answersFor({ existing: { action: 'repair' } })));
    });
    const first = await setUp({ service: { install: true } }, { environment: { machine } });
    expect(detailOf(first, 'service')).to.include('not today');
    expect(refused.map(({ code }) => code)).to.deep.equal([3, 3]);
    for (const outcome of refused) expect(detailOf(outcome, 'start')).to.include(`process ${process.pid}`);
    expect(refused[0]?.lines).to.have.length(1);
    expect(readdirSync(folder).filter((name) => name.includes('lock'))).to.deep.equal([]);
    const after = await setUp({ service: { install: false } });
    expect(after.code, after.output).to.equal(0);
  });
});
