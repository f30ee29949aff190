import { expect } from 'chai';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SetupSummary } from '../../../installer/finish';
import type { Machine } from '../../../installer/service';
import type { SetupEnvironment } from '../../../installer/steps';
import { freePort } from '../../support/free-port';
import { packagedLookAlike } from '../../support/packaged-look-alike';
import { detailOf, setUpHere, type SetupOutcome, statusOf } from '../../support/setup-command';

const summaryOf = ({ lines }: SetupOutcome): SetupSummary => lines.at(-1)?.detail as SetupSummary;

/** A machine with systemd that notes what is asked of it; "starting" the service listens on the configured port. */
class Machines implements Machine {
  platform: NodeJS.Platform = 'linux';
  env = {};
  userId: number | undefined = 0;
  systemd = true;
  readonly commands: string[] = [];
  readonly written = new Map<string, string>();
  state = { installed: false, active: 'inactive' };
  /** The configuration that the installed service is started with. */
  configFile = '';
  start: () => Promise<void> = () => Promise.resolve();

  exists = (file: string): boolean => this.systemd && file === '/run/systemd/system';

  run = async (command: string, args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> => {
    const done = (stdout = '', code = 0) => ({ code, stdout, stderr: '' });
    const line = [command, ...args].join(' ');
    if (line.startsWith('systemctl show'))
      return done(
        `LoadState=${this.state.installed ? 'loaded' : 'not-found'}\nActiveState=${this.state.active}\nSubState=x\nUnitFileState=enabled\nMainPID=7\n`,
      );
    if (line.startsWith('systemctl cat'))
      return done(`[Service]\nExecStart=/x/phone-erp serve --config ${this.configFile}\n`);
    if (line.startsWith('id ')) return done('', 1);
    this.commands.push(line);
    if (/^systemctl (re)?start/.test(line)) {
      Object.assign(this.state, { installed: true, active: 'active' });
      await this.start();
    }
    if (/^systemctl (stop|disable)/.test(line)) this.state.active = 'inactive';
    return done();
  };

  files = {
    write: (file: string, content: string): Promise<void> => {
      this.written.set(file, content);
      return Promise.resolve();
    },
    remove: (file: string): Promise<void> => {
      this.written.delete(file);
      return Promise.resolve();
    },
  };
}

describe('the service step of the setup', function () {
  this.timeout(60_000);
  let folder: string;
  let machine: Machines;
  let server: Server | undefined;
  /** Paths that were asked of the running service. */
  let asked: string[];

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'erp-service-'));
    // A private folder of a test would be closed to the account of a service.
    chmodSync(folder, 0o755);
    machine = new Machines();
    asked = [];
  });
  afterEach(() => {
    server?.close();
    server?.closeAllConnections();
    server = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  const configFile = (): string => path.join(folder, 'srv', 'app', 'config.yaml');

  /** What the service answers once it was started. */
  async function serviceOn(port: number, statuses: Record<string, number> = {}): Promise<void> {
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.statusCode = statuses[request.url ?? ''] ?? 200;
      response.end(JSON.stringify({ product: 'phone-erp', status: 'ok' }));
    });
    const listening = server;
    await new Promise<void>((resolve) => listening.listen(port, '127.0.0.1', resolve));
  }

  async function setUp(
    more: { port?: number; answers?: object; options?: Parameters<typeof setUpHere>[2] } = {},
  ): Promise<SetupOutcome> {
    const environment: Partial<SetupEnvironment> = { machine, program: packagedLookAlike(folder) };
    const answers = {
      language: 'en',
      paths: { install: path.join(folder, 'srv', 'app'), data: path.join(folder, 'srv', 'data') },
      company: { name: 'Example' },
      administrator: { login: 'boss' },
      server: { name: 'localhost', host: '127.0.0.1', port: more.port ?? (await freePort()), tls: 'none' },
      // Takes as long as everything else together.
      acceptance: false,
      ...more.answers,
    };
    return setUpHere(folder, answers, { yes: true, environment, ...more.options });
  }

  it('installs it, gives folders to its account, waits for it and tests it where it listens', async () => {
    const port = await freePort();
    machine.start = () => serviceOn(port);
    const outcome = await setUp({ port, answers: { acceptance: true } });
    expect(outcome.code, outcome.output).to.equal(0);
    expect(statusOf(outcome)).to.include({ service: 'done', acceptance: 'done' });
    const [app, data] = [path.join(folder, 'srv', 'app'), path.join(folder, 'srv', 'data')];
    expect(machine.commands).to.include.members([
      `useradd --system --user-group --no-create-home --home-dir ${data} --shell /usr/sbin/nologin phone-erp`,
      `chown -R phone-erp:phone-erp ${data}`,
      `chgrp phone-erp ${app}`,
      `chmod g+rx ${app}`,
      `chown phone-erp:phone-erp ${configFile()}`,
      `chmod 600 ${configFile()}`,
      'systemctl enable phone-erp.service',
    ]);
    expect(statSync(path.join(folder, 'srv')).mode & 0o777, 'the way to the folders is open').to.equal(0o755);
    expect(machine.written.get('/etc/systemd/system/phone-erp.service')).to.include(
      `ExecStart=${app}/current/phone-erp serve --config ${configFile()}\n`,
    );
    expect(asked).to.include('/healthz').and.include('/readyz').and.include('/sign-in');
    const { service, commands, address, link } = summaryOf(outcome);
    expect(service).to.deep.equal({ state: 'running', name: 'phone-erp.service', commands: [] });
    expect(commands).to.deep.equal([
      `${app}/current/phone-erp status --config ${configFile()}`,
      `${app}/current/phone-erp service logs --config ${configFile()}`,
    ]);
    expect(address).to.equal(`http://localhost:${port}`);
    expect(link).to.match(new RegExp(`^${address}/`));
  });

  it('fails the acceptance test when the running service does, whatever a trial on another port would say', async () => {
    const port = await freePort();
    machine.start = () => serviceOn(port, { '/sign-in': 500 });
    const outcome = await setUp({ port, answers: { acceptance: true } });
    expect(outcome.code).to.equal(1);
    expect(detailOf(outcome, 'acceptance')).to.include('sign-in').and.include('500');
  });

  it('takes a service back that does not come up, and says how it stands', async () => {
    machine.start = () => {
      machine.state.active = 'failed';
      return Promise.resolve();
    };
    const outcome = await setUp();
    expect(outcome.code).to.equal(1);
    expect(detailOf(outcome, 'service')).to.include('does not answer (failed (x))');
    expect(machine.written.size, 'the unit is gone').to.equal(0);
    expect(machine.commands.at(-1)).to.include('reset-failed');
  });

  it('prints the exact plan where it has no rights, or where there is no systemd', async () => {
    for (const lacking of ['rights', 'systemd'] as const) {
      machine = new Machines();
      if (lacking === 'rights') machine.userId = 1000;
      else machine.systemd = false;
      rmSync(path.join(folder, 'srv'), { recursive: true, force: true });
      const outcome = await setUp({ answers: { service: { install: true } } });
      expect(outcome.code, outcome.output).to.equal(0);
      expect(machine.commands, 'nothing was done').to.deep.equal([]);
      const { service } = summaryOf(outcome);
      expect(service.state).to.equal('by-hand');
      expect(service.commands).to.include('[Install]').and.include('systemctl restart phone-erp.service');
      expect(detailOf(outcome, 'service')).to.include(lacking === 'rights' ? 'no rights' : 'no systemd');
      const report = readFileSync(path.join(folder, 'srv', 'data', 'setup-report.json'), 'utf8');
      expect(report).to.include('systemctl enable phone-erp.service');
    }
  });

  it('says in a dry run what it would do, and does nothing', async () => {
    const outcome = await setUp({ options: { dryRun: true } });
    expect(outcome.code, outcome.output).to.equal(0);
    expect(detailOf(outcome, 'service'))
      .to.include('phone-erp.service')
      .and.include(path.join(folder, 'srv', 'data'));
    expect(machine.commands).to.deep.equal([]);
    expect(existsSync(path.join(folder, 'srv'))).to.equal(false);
  });

  it('refuses to replace the service of another installation, and folders that its account cannot reach', async () => {
    Object.assign(machine.state, { installed: true, active: 'active' });
    machine.configFile = '/opt/other/config.yaml';
    const another = await setUp();
    expect(another.code).to.equal(3);
    expect(detailOf(another, 'service')).to.include('another installation');
    machine = new Machines();
    chmodSync(folder, 0o700);
    const closed = await setUp();
    expect(closed.code).to.equal(3);
    expect(detailOf(closed, 'service')).to.include(`cannot come into ${folder}`);
    expect(existsSync(path.join(folder, 'srv'))).to.equal(false);
  });

  it('stands still while an installation is repaired, and runs again afterwards', async () => {
    const port = await freePort();
    machine.start = () => (server ? Promise.resolve() : serviceOn(port));
    expect((await setUp({ port })).code).to.equal(0);
    machine.configFile = configFile();
    machine.commands.length = 0;
    const kept = await setUp({ port, answers: { service: { install: false } } });
    expect(kept.code, kept.output).to.equal(0);
    expect(machine.commands).to.deep.equal(['systemctl stop phone-erp.service', 'systemctl start phone-erp.service']);
    machine.commands.length = 0;
    const again = await setUp({ port });
    expect(again.code, again.output).to.equal(0);
    expect(statusOf(again)).to.include({ halt: 'done', service: 'done' });
    expect(machine.commands[0]).to.equal('systemctl stop phone-erp.service');
    expect(machine.commands.at(-1)).to.equal('systemctl restart phone-erp.service');
  });
});
