import { expect } from 'chai';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import mysql from 'mysql2/promise';
import { openDatabase, sql } from '../../src/platform/database';
import { chromiumFor } from '../support/browser';
import { freePort } from '../support/free-port';
import { type MariadbServer, mariadbInstalled, startMariadb, stopMariadb } from '../support/mariadb-server';
import {
  canPackage,
  environment,
  type Release,
  run,
  scratchFolder,
  sharedRelease,
  startServing,
  tamperedCopy,
} from '../support/packaged';
import { sellHandset } from '../support/sell-handset';
import { startBrowserSetup } from '../support/setup-browser';
import { filesWith, type StepLine } from '../support/setup-command';
import { fillSetup } from '../support/setup-pages';
import { keys, parameterQuestions, SetupTerminal } from '../support/setup-terminal';
import { skipUnless, skipWithoutProgram } from '../support/skip';

const PASSWORD = 'Corr3ct-horse-battery';
const DATABASE_PASSWORD = 'db-S3cret-pass';

/** With nothing but the binary, in an empty folder. */
describe('setup by the packaged program', function () {
  this.timeout(300_000);
  let release: Release;
  let mariadb: { server: MariadbServer; port: number } | undefined;
  let folder: string;

  before(async function () {
    skipUnless(this, canPackage, 'binaries are made on Linux on x64');
    release = await sharedRelease();
  });
  after(() => mariadb && stopMariadb(mariadb.server));
  beforeEach(() => (folder = scratchFolder('setup')));

  const program = (...args: string[]) => run(release.binary, args, { cwd: folder });
  const config = (): string => path.join(folder, 'program', 'config.yaml');
  const sqliteUrl = (): string => `sqlite:${path.join(folder, 'data', 'phone-erp.sqlite')}`;

  /** An empty database with its account, as an administrator of the server has made them. */
  async function emptyMariadb(context: Mocha.Context, name: string): Promise<{ port: number; url: string }> {
    skipUnless(context, mariadbInstalled(), 'mariadbd is not installed (setup on MariaDB)');
    const port = mariadb?.port ?? (await freePort());
    mariadb ??= { port, server: await startMariadb({ port }) };
    const root = await mysql.createConnection({ socketPath: `${mariadb.server.folder}/s.sock`, user: 'root' });
    await root.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci`);
    await root.query(`CREATE USER IF NOT EXISTS erp_app@'%' IDENTIFIED BY '${DATABASE_PASSWORD}'`);
    await root.query(`GRANT ALL PRIVILEGES ON ${name}.* TO erp_app@'%'`);
    await root.end();
    return { port, url: `mariadb://erp_app:${DATABASE_PASSWORD}@127.0.0.1:${port}/${name}` };
  }

  async function writeAnswers(more: object = {}): Promise<string> {
    writeFileSync(path.join(folder, 'password'), `${PASSWORD}\n`, { mode: 0o600 });
    writeFileSync(path.join(folder, 'database-password'), `${DATABASE_PASSWORD}\n`, { mode: 0o600 });
    const file = path.join(folder, 'answers.json');
    const answers = {
      language: 'en',
      edition: 'on-premise',
      paths: { install: path.join(folder, 'program'), data: path.join(folder, 'data') },
      database: { kind: 'sqlite' },
      sample: 'tiny',
      company: { name: 'Example Phones' },
      administrator: { login: 'admin', name: 'Boss', way: 'password', passwordFile: 'password' },
      server: { host: '127.0.0.1', port: await freePort(), tls: 'none' },
      service: { install: false },
      acceptance: true,
      ...more,
    };
    writeFileSync(file, JSON.stringify(answers));
    return file;
  }

  const linesOf = (output: string): StepLine[] =>
    output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as StepLine);

  /** What was set up is served, signed in to and sold from, and its books verify. */
  async function tryOut(databaseUrl: string): Promise<void> {
    expect(statSync(config()).mode & 0o077, 'only the owner may read the configuration').to.equal(0);
    const doctor = await program('doctor', '--config', config(), '--json');
    const { checks } = JSON.parse(doctor.stdout) as { checks: { id: string; status: string }[] };
    expect(checks.filter(({ status }) => status === 'fail')).to.deep.equal([]);
    const serving = await startServing(release.binary, ['serve', '--config', config()], { cwd: folder });
    try {
      const status = JSON.parse((await program('status', '--config', config(), '--json')).stdout) as { ok: boolean };
      expect(status.ok).to.equal(true);
      await sellHandset(serving.url, databaseUrl, { login: 'admin', password: PASSWORD });
    } finally {
      await serving.stop();
    }
    const verify = await program('ledger', 'verify', '--config', config(), '--json');
    expect(verify.code, verify.stdout).to.equal(0);
  }

  /** What a person typed is in no output and in no file but where it belongs. */
  function expectSecret(output: string, allowed: readonly string[] = []): void {
    for (const secret of [PASSWORD, DATABASE_PASSWORD]) {
      expect(output).to.not.include(secret);
      expect(filesWith(folder, secret).filter((file) => !allowed.includes(file))).to.deep.equal([]);
    }
  }

  async function byAnswers(database: object): Promise<void> {
    const answers = await writeAnswers({ database });
    const setup = await program('setup', '--answers', answers, '--yes', '--json');
    expect(setup.code, setup.stdout + setup.stderr).to.equal(0);
    const steps = new Map(linesOf(setup.stdout).map((line) => [line.step, line.status]));
    for (const step of ['package', 'database', 'schema', 'sample', 'administrator', 'acceptance', 'summary'])
      // A package signed with the development key is told so, which is a warning.
      expect(steps.get(step), step).to.be.oneOf(step === 'package' ? ['warn', 'ok'] : ['ok', 'done']);
    const given = ['password', 'database-password', path.join('data', 'secrets', 'database-password')];
    expectSecret(setup.stdout + setup.stderr, given);
  }

  it('by an answers file on the embedded database; a second setup loses nothing', async () => {
    await byAnswers({ kind: 'sqlite' });
    await tryOut(sqliteUrl());
    const again = await program('setup', '--answers', path.join(folder, 'answers.json'), '--yes', '--json');
    expect(again.code, again.stdout + again.stderr).to.equal(0);
    expect((await program('ledger', 'verify', '--config', config(), '--json')).code).to.equal(0);
  });

  it('by an answers file on MariaDB', async function () {
    const { port, url } = await emptyMariadb(this, 'by_answers');
    const account = { user: 'erp_app', passwordFile: 'database-password' };
    await byAnswers({ kind: 'mariadb', host: '127.0.0.1', port, name: 'by_answers', ...account });
    await tryOut(url);
  });

  it('in a terminal on the embedded database', async function () {
    const script = skipWithoutProgram(this, ['script'], 'makes the pseudo-terminal in which the setup is tested');
    const { enter, down, up, clear } = keys;
    const terminal = new SetupTerminal(script, [release.binary, 'setup'], {
      folder,
      locale: 'en',
      env: environment(),
    });
    try {
      await terminal.answer('/ Language', enter);
      await terminal.acceptUntil('Where will the product run?', enter);
      await terminal.answer('Installation folder', clear, path.join(folder, 'program'), enter);
      await terminal.answer('Data folder', clear, path.join(folder, 'data'), enter);
      await terminal.acceptUntil('Which database?', enter);
      for (const usual of [
        'How are the backups',
        'Where is the private key',
        'Which file is the recovery',
        'daily backup go',
      ])
        await terminal.answer(usual, enter);
      await terminal.answer('Folder of the backups', enter);
      await terminal.answer('Fill in a sample company?', down, enter);
      for (const usual of [
        'Company name',
        'Tax number',
        'Phone',
        'Address',
        'Time zone',
        'semicolons',
        'Login',
        'Name',
      ])
        await terminal.answer(usual, enter);
      await terminal.answer('How is the password set?', down, enter);
      await terminal.answer('Password of the administrator', PASSWORD, enter);
      await terminal.answer('Once more', PASSWORD, enter);
      await terminal.answer('Which modules shall be on?', enter);
      // Then the parameters of the modules, each with its usual value; a line of the terminal shows the begin of the question.
      for (const question of parameterQuestions()) await terminal.answer(question, enter);
      await terminal.answer('Name or address of the server', clear, 'localhost', enter);
      await terminal.answer('Address to listen on', clear, '127.0.0.1', enter);
      await terminal.answer('Port', clear, String(await freePort()), enter);
      await terminal.answer('HTTPS certificate', down, down, down, enter);
      // A machine with systemd offers it first.
      await terminal.acceptUntil('Install the service and start it now?', down, enter);
      await terminal.answer('Run the acceptance test now?', up, enter);
      await terminal.answer('All checks are passed', enter);
      await terminal.answer('The setup is complete.');
      await terminal.answer('Do you have the recovery sheet?', enter);
      expect(await terminal.ended, terminal.text).to.equal(0);
      expect(terminal.text, 'a bar').to.match(/[█░]{24} \d+ \/ \d+/);
      expectSecret(terminal.text);
    } finally {
      terminal.stop();
    }
    await tryOut(sqliteUrl());
  });

  it('in a browser on MariaDB', async function () {
    const browser = await chromiumFor(this);
    const { port, url } = await emptyMariadb(this, 'by_browser');
    const setup = await startBrowserSetup([release.binary], { cwd: folder, env: environment() });
    const page = await browser.newPage();
    try {
      await page.goto(setup.address);
      await fillSetup(page, {
        install: path.join(folder, 'program'),
        data: path.join(folder, 'data'),
        port: await freePort(),
        password: PASSWORD,
        mariadb: { port, name: 'by_browser', user: 'erp_app', password: DATABASE_PASSWORD },
        sample: true,
      });
      await page.getByRole('button', { name: 'Begin' }).click();
      await page.getByText('The setup is complete.').waitFor({ timeout: 120_000 });
      await page.getByRole('button', { name: 'Close the setup' }).click();
      expect(await setup.ended, setup.output()).to.equal(0);
      expectSecret(setup.output(), [path.join('data', 'secrets', 'database-password')]);
    } finally {
      await page.close();
      setup.stop();
    }
    await tryOut(url);
  });

  it('refuses a program whose payload was changed, unless it is let through; then it stands in the audit log', async () => {
    const tampered = tamperedCopy(release, folder);
    const plain = { sample: 'none', acceptance: false };
    const fresh = ['setup', '--answers', await writeAnswers(plain), '--yes', '--json'];
    expect((await run(tampered, fresh, { cwd: folder })).code).to.equal(3);
    expect(existsSync(path.join(folder, 'data'))).to.equal(false);
    expect((await program(...fresh)).code).to.equal(0);
    const installed = path.join(folder, 'program', 'current', 'phone-erp');
    const before = statSync(installed).ino;

    const repair = ['setup', '--answers', await writeAnswers({ ...plain, existing: { action: 'repair' } }), '--yes'];
    const refused = await run(tampered, [...repair, '--json'], { cwd: folder });
    expect(refused.code).to.equal(3);
    expect(refused.stdout).to.include('locales/en/errors.json');
    expect(statSync(installed).ino, 'the program is the old one').to.equal(before);
    const allowed = await run(tampered, [...repair, '--json', '--allow-unsigned'], { cwd: folder });
    expect(allowed.code, allowed.stdout + allowed.stderr).to.equal(0);
    const report = JSON.parse(readFileSync(path.join(folder, 'data', 'setup-report.json'), 'utf8')) as object;
    expect(report).to.include({ unsignedAllowed: true, way: 'repair' });
    const database = await openDatabase(sqliteUrl(), { poolSize: 1 });
    const kept = await database.read.all<{ action: string }>(
      sql`SELECT action FROM audit_log WHERE action = ${'system.setup.allow_unsigned'}`,
    );
    await database.close();
    expect(kept).to.have.length(1);
  });
});
