import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import mysql from 'mysql2/promise';
import { openDatabase, sql } from '../../src/platform/database';
import { type MariadbServer, mariadbInstalled, startMariadb, stopMariadb } from '../support/mariadb-server';
import { canPackage, packageRelease, type Release, run, scratchFolder, startServing } from '../support/packaged';
import { skipUnless } from '../support/skip';

const PASSWORD = 'Corr3ct-horse-battery';
const DATABASE_PASSWORD = 'db-S3cret-pass';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A browser as far as it is needed: cookies, and the token of the last page. */
class Visitor {
  private cookies = new Map<string, string>();
  private token = '';

  constructor(private readonly url: string) {}

  async get(at: string): Promise<{ status: number; body: string }> {
    const response = await fetch(this.url + at, { headers: this.headers(), redirect: 'manual' });
    this.keep(response);
    const body = await response.text();
    this.token = /<meta name="csrf-token" content="([^"]+)"/.exec(body)?.[1] ?? this.token;
    return { status: response.status, body };
  }

  async post(at: string, values: Record<string, string>): Promise<{ status: number; location: string; body: string }> {
    const body = new URLSearchParams({ _csrf: this.token, ...values });
    const response = await fetch(this.url + at, { method: 'POST', headers: this.headers(), body, redirect: 'manual' });
    this.keep(response);
    return { status: response.status, location: response.headers.get('location') ?? '', body: await response.text() };
  }

  async postJson<T>(at: string, value: unknown): Promise<T> {
    const response = await fetch(this.url + at, {
      method: 'POST',
      headers: { ...this.headers(), 'content-type': 'application/json', 'x-csrf-token': this.token },
      body: JSON.stringify(value),
    });
    expect(response.status, await response.clone().text()).to.equal(200);
    return (await response.json()) as T;
  }

  async signIn(): Promise<void> {
    const { body } = await this.get('/sign-in');
    this.token = /name="_csrf" value="([^"]+)"/.exec(body)?.[1] ?? '';
    const done = await this.post('/sign-in', { login: 'admin', password: PASSWORD });
    expect(done.status).to.equal(303);
    expect((await this.get('/help')).status).to.equal(200);
  }

  private headers(): Record<string, string> {
    return { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
  }

  private keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      this.cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
  }
}

describe('setup by the packaged program', function () {
  this.timeout(300_000);
  let release: Release;
  before(async function () {
    skipUnless(this, canPackage, 'binaries are made on Linux on x64');
    release = await packageRelease();
  });

  async function answersFor(folder: string, database: object): Promise<string> {
    writeFileSync(path.join(folder, 'password'), `${PASSWORD}\n`, { mode: 0o600 });
    writeFileSync(path.join(folder, 'database-password'), `${DATABASE_PASSWORD}\n`, { mode: 0o600 });
    const file = path.join(folder, 'answers.json');
    const answers = {
      language: 'en',
      edition: 'on-premise',
      paths: { install: path.join(folder, 'program'), data: path.join(folder, 'data') },
      database,
      sample: 'small',
      company: { name: 'Example Phones' },
      administrator: { login: 'admin', name: 'Boss', way: 'password', passwordFile: 'password' },
      server: { host: '127.0.0.1', port: await freePort(), tls: 'none' },
      acceptance: true,
    };
    writeFileSync(file, JSON.stringify(answers));
    return file;
  }

  interface Line {
    step: string;
    status: string;
    detail: unknown;
  }

  /** From an empty folder to a sold handset, with nothing but the binary. */
  async function wholeWay(folder: string, database: object, databaseUrl: string): Promise<void> {
    const answers = await answersFor(folder, database);
    const program = (...args: string[]) => run(release.binary, args, { cwd: folder });
    const setup = await program('setup', '--answers', answers, '--yes', '--json');
    expect(setup.code, setup.stdout + setup.stderr).to.equal(0);
    const lines = setup.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    const steps = new Map(lines.map((line) => [line.step, line.status]));
    for (const step of ['package', 'database', 'schema', 'sample', 'administrator', 'acceptance', 'summary'])
      // A package signed with the development key is told so, which is a warning.
      expect(steps.get(step), step).to.be.oneOf(step === 'package' ? ['warn', 'ok'] : ['ok', 'done']);
    for (const secret of [PASSWORD, DATABASE_PASSWORD]) {
      expect(setup.stdout + setup.stderr).to.not.include(secret);
      for (const file of filesBelow(path.join(folder, 'data')).filter((name) => /\.(json|log|yaml)$/.test(name)))
        expect(readFileSync(file, 'utf8'), file).to.not.include(secret);
    }
    const config = path.join(folder, 'program', 'config.yaml');
    expect(statSync(config).mode & 0o077, 'only the owner may read the configuration').to.equal(0);

    const doctor = await program('doctor', '--config', config, '--json');
    const { checks } = JSON.parse(doctor.stdout) as { checks: { id: string; status: string }[] };
    expect(checks.filter(({ status }) => status === 'fail')).to.deep.equal([]);

    const serving = await startServing(release.binary, ['serve', '--config', config], { cwd: folder });
    try {
      const status = JSON.parse((await program('status', '--config', config, '--json')).stdout) as { ok: boolean };
      expect(status.ok).to.equal(true);
      const visitor = new Visitor(serving.url);
      await visitor.signIn();
      await sell(visitor, databaseUrl);
    } finally {
      await serving.stop();
    }
    const verify = await program('ledger', 'verify', '--config', config, '--json');
    expect(verify.code, verify.stdout).to.equal(0);
    const again = await program('setup', '--answers', answers, '--yes', '--json');
    expect(again.code, 'a second setup changes nothing').to.be.oneOf([0, 3]);
    expect((await program('ledger', 'verify', '--config', config, '--json')).code).to.equal(0);
  }

  /** Opens a till of the sample company and sells one of its handsets for cash. */
  async function sell(visitor: Visitor, databaseUrl: string): Promise<void> {
    const database = await openDatabase(databaseUrl, { poolSize: 1 });
    try {
      const goods = await database.read.one<{ registerId: number; imei: string }>(sql`
        SELECT r.id AS register_id, n.value AS imei
        FROM register r
        JOIN location l ON l.store_id = r.store_id
        JOIN device d ON d.location_id = l.id
        JOIN device_identifier n ON n.device_id = d.id
        WHERE d.state = ${'in_stock'} AND d.bucket = ${'sellable'} AND n.kind = ${'imei'} AND r.active = ${true}
          AND NOT EXISTS (SELECT 1 FROM shift s WHERE s.register_id = r.id AND s.closed_at IS NULL)
        ORDER BY d.id ${sql.limit(1)}`);
      if (!goods) throw new Error('the sample company has no handset to sell');
      const { registerId, imei } = goods;
      const key = `installer-${Date.now()}`;
      const opened = await visitor.post('/sales/shifts', {
        registerId: String(registerId),
        openingFloat: '500',
        operationKey: `${key}-shift`,
      });
      expect(opened.status, opened.body).to.equal(303);
      const { results } = await visitor.postJson<{
        results: { outcome: string; line: { skuId: number; deviceId: number; priceFen: number } }[];
      }>(`/sales/till/${registerId}/scans`, { scans: [{ key: 'a', code: imei }] });
      const line = results[0]?.line;
      expect(results[0]?.outcome).to.equal('right');
      if (!line) return;
      const sold = await visitor.postJson<{ saleId: number; changeFen: number }>(`/sales/till/${registerId}/sales`, {
        operationKey: `${key}-sale`,
        customerId: null,
        salespersonId: null,
        expectedFen: line.priceFen,
        lines: [{ skuId: line.skuId, deviceId: line.deviceId, quantity: 1, discountFen: 0 }],
        tenders: [{ kind: 'cash', amountFen: line.priceFen + 100, reference: null }],
      });
      expect(sold.changeFen).to.equal(100);
      const device = await database.read.one<{ state: string }>(
        sql`SELECT state FROM device WHERE id = ${line.deviceId}`,
      );
      expect(device?.state).to.equal('sold');
    } finally {
      await database.close();
    }
  }

  it('on the embedded database: setup, doctor, serve, sign in, sell, verify; a second setup loses nothing', async () => {
    const folder = scratchFolder('erp-setup-');
    await wholeWay(folder, { kind: 'sqlite' }, `sqlite:${path.join(folder, 'data', 'phone-erp.sqlite')}`);
  });

  it('on MariaDB, with the account that its administrator made', async function () {
    skipUnless(this, mariadbInstalled(), 'mariadbd is not installed (setup on MariaDB)');
    const folder = scratchFolder('erp-setup-');
    const port = await freePort();
    const server: MariadbServer = await startMariadb({ port });
    try {
      const root = await mysql.createConnection({ socketPath: `${server.folder}/s.sock`, user: 'root' });
      await root.query('CREATE DATABASE erp CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci');
      await root.query(`CREATE USER erp_app@'%' IDENTIFIED BY '${DATABASE_PASSWORD}'`);
      await root.query("GRANT ALL PRIVILEGES ON erp.* TO erp_app@'%'");
      await root.end();
      const connection = { host: '127.0.0.1', port, name: 'erp', user: 'erp_app', passwordFile: 'database-password' };
      await wholeWay(
        folder,
        { kind: 'mariadb', ...connection },
        `mariadb://erp_app:${DATABASE_PASSWORD}@127.0.0.1:${port}/erp`,
      );
    } finally {
      await stopMariadb(server);
    }
  });

  it('refuses a program whose payload was changed', async () => {
    const folder = scratchFolder('erp-setup-');
    const tampered = path.join(folder, 'phone-erp');
    const bytes = readFileSync(release.binary);
    const at = bytes.indexOf('You do not have this permission');
    bytes[at] = 'y'.charCodeAt(0);
    writeFileSync(tampered, bytes, { mode: 0o755 });
    const answers = await answersFor(folder, { kind: 'sqlite' });
    const refused = await run(tampered, ['setup', '--answers', answers, '--yes', '--json'], { cwd: folder });
    expect(refused.code).to.equal(3);
    expect(existsSync(path.join(folder, 'data'))).to.equal(false);
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
