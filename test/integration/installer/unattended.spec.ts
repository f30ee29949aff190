import { expect } from 'chai';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import mysql from 'mysql2/promise';
import { parse } from 'yaml';
import { loadConfig } from '../../../src/platform/config';
import { openDatabase } from '../../../src/platform/database';
import { acceptProduct } from '../../../src/app/founding';
import { mariadbInstalled, mariadbServer } from '../../support/mariadb-server';
import { filesWith, runProgram, runSetupCommand, setUpHere, statusOf } from '../../support/setup-command';
import { skipUnless } from '../../support/skip';

const PASSWORD = 'tangerine-Kettle-91';
let folder: string;

const answersFor = (more: object = {}): object => ({
  language: 'en',
  paths: { install: path.join(folder, 'app'), data: path.join(folder, 'data') },
  company: { name: '测试通讯' },
  stores: ['NJ01 新街口店', 'CK01 中心仓 仓库'],
  administrator: { login: 'boss', way: 'password', password: PASSWORD },
  modules: ['crm', 'inventory', 'purchasing', 'sales'],
  parameters: { purchasing: { invoiceAtOnce: true } },
  server: { name: 'localhost', host: '127.0.0.1', port: 18_480, tls: 'none' },
  service: { install: false },
  ...more,
});

const configFile = (): string => path.join(folder, 'app', 'config.yaml');

async function query<T extends object>(text: string): Promise<T[]> {
  const database = await openDatabase(loadConfig({ file: configFile(), env: {} }).database.url, { poolSize: 1 });
  try {
    return await database.dataSource.query<T[]>(text);
  } finally {
    await database.close();
  }
}

describe('unattended setup', function () {
  this.timeout(120_000);
  this.slow(20_000);
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'erp-setup-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('installs on the embedded database, keeps secrets to itself, and a second run changes nothing', async () => {
    const first = await runSetupCommand(folder, answersFor(), '--yes');
    expect(first.code, first.output).to.equal(0);
    expect(statusOf(first)).to.include({
      schema: 'done',
      company: 'done',
      administrator: 'done',
      acceptance: 'done',
      summary: 'done',
    });
    expect(new Set(first.lines.map(({ step }) => step)).size, 'one line a step').to.equal(first.lines.length);
    expect(first.lines.at(-1)?.detail).to.include({
      address: 'http://localhost:18480',
      link: null,
      config: configFile(),
    });

    expect(statSync(configFile()).mode & 0o777).to.equal(0o600);
    expect(statSync(path.join(folder, 'data', 'secrets')).mode & 0o777).to.equal(0o700);
    expect(parse(readFileSync(configFile(), 'utf8'))).to.deep.include({ edition: 'on-premise', locale: 'en' });
    expect(first.output).to.not.include(PASSWORD);
    expect(filesWith(folder, PASSWORD)).to.deep.equal([]);
    expect(existsSync(path.join(folder, 'phone-erp-setup.json')), 'state is gone').to.equal(false);

    expect(await query('SELECT code, kind FROM store ORDER BY code')).to.deep.equal([
      { code: 'CK01', kind: 'warehouse' },
      { code: 'NJ01', kind: 'store' },
    ]);
    const [report] = await query<{ value: string }>("SELECT value FROM parameter WHERE name = 'modules.enabled'");
    expect(report?.value).to.include('reporting');
    const [finish] = await query<{ detail: string }>(
      "SELECT detail FROM audit_log WHERE action = 'system.setup.finish'",
    );
    expect(JSON.parse(finish?.detail ?? '{}')).to.include({ way: 'new', unsignedAllowed: false });

    const stores = await query('SELECT * FROM store ORDER BY id');
    const config = readFileSync(configFile(), 'utf8');
    const second = await setUpHere(folder, answersFor({ company: { name: '另一家' } }));
    expect(second.code, second.output).to.equal(0);
    expect(statusOf(second)).to.not.have.any.keys('company', 'administrator', 'configuration');
    expect(await query('SELECT * FROM store ORDER BY id')).to.deep.equal(stores);
    expect(await query('SELECT name FROM company')).to.deep.equal([{ name: '测试通讯' }]);
    expect(readFileSync(configFile(), 'utf8')).to.equal(config);
  });

  it('reconfigures without touching the data, and keeps the old configuration', async () => {
    expect((await setUpHere(folder, answersFor())).code).to.equal(0);
    const again = answersFor({
      existing: { action: 'reconfigure' },
      edition: 'hybrid',
      server: { name: 'erp.lan', port: 18_481, tls: 'own' },
    });
    const outcome = await setUpHere(folder, again);
    expect(outcome.code, outcome.output).to.equal(0);
    const { server, edition, database } = loadConfig({ file: configFile(), env: {} });
    expect({ edition, ...server }).to.include({
      edition: 'hybrid',
      port: 18_481,
      publicUrl: 'https://erp.lan:18481',
      host: '127.0.0.1',
    });
    expect(database.url).to.equal(`sqlite:${path.join(folder, 'data', 'phone-erp.sqlite')}`);
    expect(server.tls).to.include({ mode: 'own', redirectPort: 18_482 });
    expect(existsSync(server.tls?.certFile ?? '')).to.equal(true);
    expect(readFileSync(`${configFile()}.before-setup`, 'utf8')).to.include('on-premise');
    expect(await query('SELECT name FROM company')).to.deep.equal([{ name: '测试通讯' }]);
  });

  it('says what is wrong with the answers and changes nothing', async () => {
    const wrong = await setUpHere(folder, answersFor({ server: { port: 70_000 }, stores: ['NJ01'] }));
    expect(wrong.code).to.equal(2);
    expect(wrong.lines.map(({ step, status }) => `${step} ${status}`)).to.deep.equal([
      'stores invalid',
      'server.port invalid',
    ]);
    const unknown = await setUpHere(folder, answersFor({ serwer: { port: 1 } })).catch((error: unknown) =>
      String(error),
    );
    expect(unknown).to.include('serwer.port: no question has this key');
    const weak = await setUpHere(
      folder,
      answersFor({ administrator: { login: 'boss', way: 'password', password: 'boss-boss-boss' } }),
    );
    expect(weak.code).to.equal(3);
    expect(statusOf(weak)).to.include({ administrator: 'refused' });
    expect(readdirSync(folder)).to.not.include.members(['app', 'data']);
  });

  it('shows what it would do in a dry run, and begins only with --yes', async () => {
    const dry = await setUpHere(folder, answersFor(), { yes: true, dryRun: true });
    expect(dry.code, dry.output).to.equal(0);
    expect(statusOf(dry)).to.include({ paths: 'planned', schema: 'planned', company: 'planned' });
    expect(readdirSync(folder)).to.deep.equal([]);
    const refused = await setUpHere(folder, answersFor(), {});
    expect(refused.code).to.equal(3);
    expect(existsSync(configFile())).to.equal(false);
  });

  it('prints every question as an answers file that it takes back', async () => {
    const { stdout } = await runProgram(folder, ['setup', '--print-answers']);
    expect(stdout).to.include('passwordFile');
    expect(stdout, 'what is left out is a comment once').to.not.match(/# +#/);
    expect(stdout).to.include('\n  # certFile: ');
    const template = parse(stdout) as Record<string, object>;
    const own = answersFor() as Record<string, object>;
    const file = path.join(folder, 'answers.yaml');
    const merged = { ...template, ...own, company: { ...template['company'], ...own['company'] } };
    writeFileSync(path.join(folder, 'secret'), `${PASSWORD}\n`);
    writeFileSync(
      file,
      JSON.stringify({ ...merged, administrator: { login: 'boss', way: 'password', passwordFile: 'secret' } }),
    );
    const { code, stdout: said } = await runProgram(folder, ['setup', '--answers', file, '--yes', '--dry-run']);
    expect(code, said).to.equal(0);
  });

  it('goes on where an interrupted run stopped', async () => {
    // Nobody may make the folder of the data: the step fails, takes back what it made, and a later run goes on.
    const taken = path.join(folder, 'data');
    writeFileSync(taken, 'a file is in the way');
    const failed = await setUpHere(folder, answersFor());
    expect(failed.code, failed.output).to.be.oneOf([1, 3]);
    expect(existsSync(path.join(folder, 'app'))).to.equal(false);
    rmSync(taken);
    const outcome = await setUpHere(folder, answersFor());
    expect(outcome.code, outcome.output).to.equal(0);
  });

  describe('on MariaDB', () => {
    before(function () {
      skipUnless(this, mariadbInstalled(), 'mariadbd is not installed (setup on a database server)');
      return mariadbServer();
    });

    const address = async (user: string, name: string): Promise<string> =>
      (await mariadbServer()).url(name).replace('root@', `${user}@`);
    const administrator = async (work: (connection: mysql.Connection) => Promise<unknown>): Promise<void> => {
      const socketPath = new URL((await mariadbServer()).url('x')).searchParams.get('socketPath') ?? '';
      const connection = await mysql.createConnection({ socketPath, user: 'root' });
      try {
        await work(connection);
      } finally {
        await connection.end();
      }
    };

    it('creates database and account with the rights of an administrator, and keeps the password in a file of its own', async () => {
      const name = `setup_${process.pid}`;
      const database = {
        kind: 'mariadb',
        form: 'url',
        url: await address('setup_erp', name),
        create: true,
        adminUser: 'root',
      };
      try {
        const planned = await setUpHere(folder, answersFor({ database }), { yes: true, dryRun: true });
        expect(planned.lines.find(({ step }) => step === 'account')?.detail).to.include('CREATE DATABASE');
        const outcome = await setUpHere(folder, answersFor({ database }));
        expect(outcome.code, outcome.output).to.equal(0);
        expect(statusOf(outcome)).to.include({ account: 'done', schema: 'done' });
        const secret = readFileSync(path.join(folder, 'data', 'secrets', 'database-password'), 'utf8').trim();
        expect(secret).to.have.length.greaterThan(20);
        expect(statSync(path.join(folder, 'data', 'secrets', 'database-password')).mode & 0o777).to.equal(0o600);
        expect(outcome.output).to.not.include(secret);
        expect(filesWith(folder, secret)).to.deep.equal([path.join('data', 'secrets', 'database-password')]);
        const findings = await acceptProduct(loadConfig({ file: configFile(), env: {} }));
        expect(findings.filter(({ ok }) => !ok)).to.deep.equal([]);
        const second = await setUpHere(folder, answersFor({ database }));
        expect(second.code, second.output).to.equal(0);
      } finally {
        await administrator(async (connection) => {
          await connection.query(`DROP DATABASE IF EXISTS ${name}`);
          await connection.query("DROP USER IF EXISTS 'setup_erp'@'%'");
        });
      }
    });

    it('refuses a database with tables of another program, and says a wrong password in words', async () => {
      const name = `other_${process.pid}`;
      await administrator(async (connection) => {
        await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci`);
        await connection.query(`CREATE TABLE ${name}.invoices (id int)`);
      });
      try {
        const database = { kind: 'mariadb', form: 'url', url: await address('root', name) };
        const foreign = await setUpHere(folder, answersFor({ database }));
        expect(foreign.code).to.equal(3);
        expect(JSON.stringify(foreign.lines.at(-1))).to.include('invoices');
        const wrong = await setUpHere(folder, answersFor({ database: { ...database, password: 'No-such-word-1' } }));
        expect(wrong.code).to.equal(3);
        expect(statusOf(wrong)).to.include({ connection: 'refused' });
        expect(wrong.output).to.not.include('No-such-word-1');
      } finally {
        await administrator((connection) => connection.query(`DROP DATABASE ${name}`));
      }
    });
  });
});
