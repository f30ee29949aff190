import { expect } from 'chai';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import mysql from 'mysql2/promise';
import { freePort } from '../../support/free-port';
import { mariadbInstalled, type MariadbServer, startMariadb, stopMariadb } from '../../support/mariadb-server';
import { filesWith, setUpHere, type SetupOutcome, statusOf } from '../../support/setup-command';
import { skipUnless } from '../../support/skip';

/** No two share a part, and none is a word that a file could hold by itself. */
const SECRETS = {
  administrator: 'tangerine-Kettle-91',
  serverAdministrator: 'gr4nite-Lantern!7',
  account: 'V3lvet-Harbour#52',
};

describe('the secrets that are given to the setup', function () {
  this.timeout(180_000);
  this.slow(30_000);
  let server: MariadbServer;
  let port: number;
  let folder: string;

  before(async function () {
    skipUnless(this, mariadbInstalled(), 'mariadbd is not installed (setup with three passwords)');
    port = await freePort();
    server = await startMariadb({ port });
    const root = await mysql.createConnection({ socketPath: `${server.folder}/s.sock`, user: 'root' });
    await root.query(`CREATE USER dba@'%' IDENTIFIED BY '${SECRETS.serverAdministrator}'`);
    await root.query("GRANT ALL PRIVILEGES ON *.* TO dba@'%' WITH GRANT OPTION");
    await root.end();
  });
  after(() => (server as MariadbServer | undefined) && stopMariadb(server));
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'erp-secrets-'));
    // A private folder of a test would be closed to the account of a service.
    chmodSync(folder, 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const passwordFile = path.join('data', 'secrets', 'database-password');

  /** In no output, and in no file but the one that the server reads. */
  function expectKept(outcome: SetupOutcome, file: readonly string[]): void {
    for (const [name, secret] of Object.entries(SECRETS)) {
      // As it is, as in an address, and as JSON would write it.
      for (const written of new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])) {
        expect(outcome.output, name).to.not.include(written);
        expect(filesWith(folder, written), name).to.deep.equal(name === 'account' && written === secret ? file : []);
      }
    }
  }

  const setUp = async (more: object, options: Parameters<typeof setUpHere>[2] = {}): Promise<SetupOutcome> => {
    const answers = {
      language: 'en',
      paths: { install: path.join(folder, 'app'), data: path.join(folder, 'data') },
      database: {
        kind: 'mariadb',
        host: '127.0.0.1',
        port,
        name: 'secrets_erp',
        user: 'secrets_app',
        password: SECRETS.account,
        create: true,
        adminUser: 'dba',
        adminPassword: SECRETS.serverAdministrator,
      },
      company: { name: 'Example' },
      administrator: { login: 'boss', way: 'password', password: SECRETS.administrator },
      server: { name: 'localhost', host: '127.0.0.1', port: await freePort(), tls: 'none' },
      service: { install: false },
      acceptance: false,
      ...more,
    };
    return setUpHere(folder, answers, { yes: true, ...options });
  };

  it('stay where they belong: dry run, failure half-way with its state, a second try, the report', async () => {
    const dry = await setUp({}, { dryRun: true });
    expect(dry.code, dry.output).to.equal(0);
    expect(dry.output, 'the SQL is shown').to.include('CREATE USER').and.include('GRANT');
    expectKept(dry, []);

    const own = { service: { install: false }, server: { name: 'localhost', host: '127.0.0.1', port: 1, tls: 'none' } };
    const refused = await setUp({ ...own, administrator: { login: 'boss', way: 'password', password: 'short' } });
    expect(refused.code).to.equal(3);
    expectKept(refused, []);

    const failed = await setUp(
      { service: { install: true } },
      {
        environment: {
          machine: {
            platform: 'linux',
            env: {},
            userId: 0,
            exists: (file) => file === '/run/systemd/system',
            run: (command) =>
              Promise.resolve({ code: command === 'systemctl' ? 0 : 1, stdout: '', stderr: 'not today' }),
          },
        },
      },
    );
    expect(failed.code, failed.output).to.equal(1);
    expect(statusOf(failed)).to.include({ account: 'done', administrator: 'done', service: 'failed' });
    expect(existsSync(path.join(folder, 'phone-erp-setup.json')), 'its state is kept').to.equal(true);
    expectKept(failed, [passwordFile]);

    const done = await setUp({});
    expect(done.code, done.output).to.equal(0);
    expect(existsSync(path.join(folder, 'data', 'setup-report.json'))).to.equal(true);
    expectKept(done, [passwordFile]);
  });
});
