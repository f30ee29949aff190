import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { openDatabase } from '../../src/platform/database';
import { databaseContext } from '../support/databases';

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

interface Running {
  child: ChildProcess;
  /** The first line that matches, with its first group. */
  line: (pattern: RegExp) => Promise<string>;
  ended: Promise<Outcome>;
}

describe('the server as a process', function () {
  this.timeout(240_000);
  const context = databaseContext('sqlite');
  let folder: string;
  let databaseUrl: string | undefined;
  const running: Running[] = [];

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'erp-serve-'));
    databaseUrl = undefined;
  });
  afterEach(async () => {
    for (const { child, ended } of running.splice(0)) {
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  });

  function start(script: string, ...args: string[]): Running {
    const env = {
      ...process.env,
      ERP_DATA_DIR: folder,
      ERP_SERVER_PORT: '0',
      ERP_LOGGING_STDOUT: 'false',
      NODE_ENV: 'test',
      ...(databaseUrl === undefined ? {} : { ERP_DATABASE_URL: databaseUrl }),
    };
    const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    const waiting = new Set<() => void>();
    child.stdout.on('data', (data: Buffer) => {
      stdout += String(data);
      waiting.forEach((look) => look());
    });
    child.stderr.on('data', (data: Buffer) => (stderr += String(data)));
    const ended = new Promise<Outcome>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
    const line = (pattern: RegExp) =>
      new Promise<string>((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(stdout);
          if (found) resolve(found[1] ?? found[0]);
        };
        waiting.add(look);
        look();
        void ended.then((outcome) =>
          reject(new Error(`ended with ${outcome.code} before ${pattern}: ${outcome.stdout}${outcome.stderr}`)),
        );
      });
    const made = { child, line, ended };
    running.push(made);
    return made;
  }

  const main = (...args: string[]) => start('src/main.ts', ...args);
  const address = /(http:\/\/127\.0\.0\.1:\d+)/;

  it('makes the embedded database, serves, says where, and stops cleanly when told', async () => {
    const server = main('serve');
    const url = await server.line(address);
    expect((await fetch(`${url}/readyz`)).status).to.equal(200);
    const home = await fetch(`${url}/`, { redirect: 'manual' });
    expect(home.headers.get('location')).to.equal('/sign-in');
    server.child.kill('SIGTERM');
    const { code, stderr } = await server.ended;
    expect(stderr).to.equal('');
    expect(code).to.equal(0);
  });

  it('refuses a database that a newer version has used', async () => {
    databaseUrl = await context.freshUrl();
    const database = await openDatabase(databaseUrl);
    await database.dataSource.query("INSERT INTO schema_step (step_key, finished_at) VALUES ('9999-later/0', 1)");
    await database.close();
    const { code, stderr } = await main('serve').ended;
    expect(code).to.equal(3);
    expect(stderr).to.include('newer version').and.include('9999-later/0').and.not.include('    at ');
  });

  it('refuses a port that is taken and a port that is none', async () => {
    databaseUrl = await context.freshUrl();
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    try {
      const { port } = other.address() as AddressInfo;
      const taken = await main('serve', '--port', String(port)).ended;
      expect(taken.code).to.equal(3);
      expect(taken.stderr).to.include('in use');
    } finally {
      other.close();
    }
    const nonsense = await main('serve', '--port', '99999').ended;
    expect(nonsense.code).to.equal(2);
    expect(nonsense.stderr).to.include('ERP_SERVER_PORT');
  });

  it('is looked at by the command status', async () => {
    databaseUrl = await context.freshUrl();
    const before = await main('status', '--json').ended;
    expect(before.code).to.equal(1);
    expect(JSON.parse(before.stdout)).to.deep.include({ ok: false });
    const server = main('serve');
    const url = await server.line(address);
    const status = await main('status', '--json', '--port', new URL(url).port).ended;
    expect(JSON.parse(status.stdout)).to.deep.include({ ok: true });
    expect(status.code).to.equal(0);
  });

  it('starts by npm start, after a fill that was killed too, with a link for the administrator, and again without one more company', async () => {
    const killed = start('scripts/start.ts');
    await killed.line(/10 \/ 90 days/);
    killed.child.kill('SIGKILL');
    await killed.ended;
    const first = start('scripts/start.ts');
    const link = await first.line(/(http:\/\/127\.0\.0\.1:\d+\/set-password\/[\w-]{43})/);
    expect((await fetch(link)).status).to.equal(200);
    first.child.kill('SIGTERM');
    const filled = await first.ended;
    expect(filled.code).to.equal(0);
    expect(filled.stdout).to.include('starts anew').and.include('80 / 90 days');
    const second = start('scripts/start.ts');
    await second.line(/Ctrl-C/);
    second.child.kill('SIGTERM');
    const { code, stdout } = await second.ended;
    expect(code).to.equal(0);
    expect(stdout).to.not.include('First run');
  });
});
