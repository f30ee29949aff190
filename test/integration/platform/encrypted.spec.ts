import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import mysql from 'mysql2/promise';
import { type CheckOutcome, describeReport } from '../../../src/platform/checks';
import { openDatabase, sql } from '../../../src/platform/database';
import { probeDatabase, serverTarget } from '../../../src/platform/database/probe';
import { createTranslator } from '../../../src/platform/i18n';
import { ensureOwnCertificate } from '../../../src/platform/tls';
import { type MariadbServer, mariadbInstalled, startMariadb, stopMariadb } from '../../support/mariadb-server';
import { skipUnless } from '../../support/skip';

const t = createTranslator({
  folder: 'locales',
  onMissing: (_locale, key) => {
    throw new Error(`no text for ${key}`);
  },
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('an encrypted line to MariaDB', function () {
  this.timeout(90_000);
  let folder: string;
  let port: number;
  let server: MariadbServer;

  before(async function () {
    skipUnless(this, mariadbInstalled(), 'mariadbd is not installed (encrypted lines to a database server)');
    folder = mkdtempSync(path.join(tmpdir(), 'erp-encrypted-'));
    for (const [name, names] of [
      ['db', { dns: ['localhost'], addresses: ['127.0.0.1'] }],
      ['stranger', { dns: ['elsewhere'], addresses: [] }],
    ] as const)
      await ensureOwnCertificate(path.join(folder, name), { names });
    // The server runs under an account of its own, which must read its key.
    copyFileSync(path.join(folder, 'db', 'server.key'), path.join(folder, 'db-server.key'));
    chmodSync(folder, 0o755);
    chmodSync(path.join(folder, 'db'), 0o755);
    chmodSync(path.join(folder, 'db-server.key'), 0o644);
    for (const name of ['server.crt', 'authority.crt']) chmodSync(path.join(folder, 'db', name), 0o644);
    port = await freePort();
    server = await startMariadb({
      port,
      arguments: [
        `--ssl-cert=${path.join(folder, 'db', 'server.crt')}`,
        `--ssl-key=${path.join(folder, 'db-server.key')}`,
        `--ssl-ca=${path.join(folder, 'db', 'authority.crt')}`,
      ],
    });
    const root = await mysql.createConnection({ socketPath: `${server.folder}/s.sock`, user: 'root' });
    await root.query('CREATE DATABASE erp CHARACTER SET utf8mb4');
    await root.query("CREATE USER erp@'%' IDENTIFIED BY 'erp-pass'");
    await root.query("GRANT ALL PRIVILEGES ON erp.* TO erp@'%'");
    await root.query("CREATE USER careful@'%' IDENTIFIED BY 'erp-pass' REQUIRE SSL");
    await root.query("GRANT ALL PRIVILEGES ON erp.* TO careful@'%'");
    await root.end();
  });
  after(async () => {
    if (server) await stopMariadb(server);
    rmSync(folder, { recursive: true, force: true });
  });

  const address = (query: string, user = 'erp', host = '127.0.0.1'): string =>
    `mariadb://${user}:erp-pass@${host}:${port}/erp${query}`;
  const authority = (name: string): string => encodeURIComponent(path.join(folder, name, 'authority.crt'));

  async function cipherOf(url: string): Promise<string> {
    const database = await openDatabase(url, { poolSize: 2 });
    try {
      const row = await database.read.one<{ cipher: string }>(
        sql`SELECT variable_value AS cipher FROM information_schema.session_status WHERE variable_name = ${'Ssl_cipher'}`,
      );
      return row?.cipher ?? '';
    } finally {
      await database.close();
    }
  }

  async function lookAt(url: string): Promise<{ tls: CheckOutcome | undefined; failed: string[]; words: string }> {
    const target = serverTarget(url);
    if (!target) throw new Error('no server');
    const report = await probeDatabase(target);
    const { checks } = describeReport(report, t('en'));
    describeReport(report, t('zh-CN'));
    return {
      tls: report.checks.find(({ id }) => id === 'database.tls'),
      failed: checks.filter(({ status }) => status === 'fail').map(({ id, found }) => `${id}: ${found}`),
      words: checks.find(({ id }) => id === 'database.tls')?.found ?? '',
    };
  }

  it('is not encrypted unless asked for, which the probe says', async () => {
    expect(await cipherOf(address(''))).to.equal('');
    expect((await lookAt(address(''))).words).to.equal('not encrypted, and the server is this machine');
  });

  it('is encrypted and checked against the company’s own authority, by name and by address', async () => {
    for (const host of ['127.0.0.1', 'localhost']) {
      const url = address(`?tls=true&tlsCa=${authority('db')}`, 'erp', host);
      expect(await cipherOf(url), host).to.match(/^TLS_|^ECDHE/);
      const { tls, failed, words } = await lookAt(url);
      expect([tls?.status, failed]).to.deep.equal(['ok', []]);
      expect(words).to.match(/^encrypted \(.+\), the certificate is checked$/);
    }
  });

  it('is encrypted without a check when that is asked for', async () => {
    expect(await cipherOf(address('?tls=insecure'))).not.to.equal('');
    expect((await lookAt(address('?tls=insecure'))).words).to.match(/the certificate is not checked$/);
    // An account that must come encrypted.
    expect(await cipherOf(address('?tls=insecure', 'careful'))).not.to.equal('');
  });

  it('is refused for a certificate of a stranger, and of nobody that is known', async () => {
    for (const query of ['?tls=true', `?tls=true&tlsCa=${authority('stranger')}`]) {
      const refused = await cipherOf(address(query)).catch((error: unknown) => error);
      expect(refused, query).to.be.instanceOf(Error);
      const { failed } = await lookAt(address(query));
      expect(failed, query).to.deep.equal(['database.authenticate: the server’s certificate is not trusted']);
    }
  });
});
