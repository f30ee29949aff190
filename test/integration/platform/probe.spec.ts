import { expect } from 'chai';
import { type AddressInfo, createServer, type Server } from 'node:net';
import mysql from 'mysql2/promise';
import { type DescribedCheck, describeReport } from '../../../src/platform/checks';
import { createTranslator } from '../../../src/platform/i18n';
import { planCreation, probeDatabase, type ServerTarget } from '../../../src/platform/database/probe';
import { freePort } from '../../support/free-port';
import { type MariadbServer, mariadbInstalled, startMariadb, stopMariadb } from '../../support/mariadb-server';
import { skipUnless } from '../../support/skip';

const t = createTranslator({
  folder: 'locales',
  onMissing: (_locale, key) => {
    throw new Error(`no text for ${key}`);
  },
});

describe('looking at a MariaDB server step by step', function () {
  this.timeout(90_000);
  let server: MariadbServer;
  let good: ServerTarget;
  let root: mysql.Connection;

  before(async function () {
    skipUnless(this, mariadbInstalled(), 'mariadbd is not installed (steps to a database server)');
    const port = await freePort();
    server = await startMariadb({ port });
    root = await mysql.createConnection({ socketPath: `${server.folder}/s.sock`, user: 'root' });
    await root.query("CREATE USER boss@'%' IDENTIFIED BY 'boss-pass'");
    await root.query("GRANT ALL PRIVILEGES ON *.* TO boss@'%' WITH GRANT OPTION");
    const administrator: ServerTarget = {
      dialect: 'mysql',
      host: '127.0.0.1',
      port,
      user: 'boss',
      password: 'boss-pass',
      database: 'mysql',
    };
    const wanted = { database: 'erp', user: 'erp_app', password: `it's \\ "none` };
    expect(() => planCreation(administrator, wanted)).to.throw();
    const password = `it's \\ a pass`;
    const plan = planCreation(administrator, { ...wanted, password });
    await plan.run();
    await plan.run();
    good = { ...administrator, user: 'erp_app', password, database: 'erp' };
  });
  after(async () => {
    await root?.end();
    if (server) await stopMariadb(server);
  });

  /** The checks in both languages; a text that is missing throws. */
  async function probe(change: Partial<ServerTarget>): Promise<{ failed: DescribedCheck[]; checks: DescribedCheck[] }> {
    const report = await probeDatabase({ ...good, ...change });
    describeReport(report, t('zh-CN'));
    const { checks } = describeReport(report, t('en'));
    return { checks, failed: checks.filter(({ status }) => status === 'fail') };
  }

  async function onlyFailure(change: Partial<ServerTarget>): Promise<string> {
    const { failed } = await probe(change);
    expect(failed.map(({ id }) => id)).to.have.length(1);
    expect(failed[0]?.remedy).to.have.length(1);
    return `${failed[0]?.id}: ${failed[0]?.found}`;
  }

  it('accepts the account that it created, with no more rights than needed', async () => {
    const { failed, checks } = await probe({});
    expect(failed).to.deep.equal([]);
    expect(checks.map(({ id }) => id)).to.include.members([
      'database.privileges',
      'database.roundtrip',
      'database.existing',
    ]);
    expect(checks.find(({ id }) => id === 'database.existing')?.found).to.equal('nothing yet');
    const [grants] = await root.query<mysql.RowDataPacket[]>("SHOW GRANTS FOR erp_app@'%'");
    expect(JSON.stringify(grants)).to.not.match(/ALL PRIVILEGES|GRANT OPTION|SUPER/);
    const [tables] = await root.query<mysql.RowDataPacket[]>(
      "SELECT COUNT(*) AS n FROM information_schema.tables WHERE table_schema = 'erp'",
    );
    expect(Number(tables[0]?.['n'])).to.equal(0);
  });

  it('wrong password', async () => {
    expect(await onlyFailure({ password: 'wrong' })).to.equal(
      'database.authenticate: user name or password is wrong for erp_app',
    );
  });

  it('wrong port, or a stopped server', async () => {
    expect(await onlyFailure({ port: await freePort() })).to.match(/^database\.connect: nothing listens/);
  });

  it('wrong host', async () => {
    expect(await onlyFailure({ host: 'no-such-host.invalid' })).to.equal(
      'database.resolve: no-such-host.invalid is not known',
    );
  });

  it('a service that is no database', async () => {
    const web: Server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    try {
      expect(await onlyFailure({ port: (web.address() as AddressInfo).port })).to.match(
        /^database\.authenticate: what answers at .* is not this kind of database/,
      );
    } finally {
      await new Promise((resolve) => web.close(resolve));
    }
  });

  it('a database that is not there, and one that the account may not use', async () => {
    expect(await onlyFailure({ user: 'boss', password: 'boss-pass', database: 'nowhere' })).to.equal(
      'database.authenticate: there is no database nowhere',
    );
    expect(await onlyFailure({ database: 'mysql' })).to.equal('database.authenticate: erp_app may not use mysql');
  });

  it('a right that is missing, named', async () => {
    await root.query("CREATE USER reader@'%' IDENTIFIED BY 'r'");
    await root.query("GRANT SELECT, INSERT, CREATE, DROP ON erp.* TO reader@'%'");
    expect(await onlyFailure({ user: 'reader', password: 'r' })).to.equal(
      'database.privileges: reader lacks the right ALTER',
    );
    const [tables] = await root.query<mysql.RowDataPacket[]>(
      "SELECT COUNT(*) AS n FROM information_schema.tables WHERE table_schema = 'erp'",
    );
    expect(Number(tables[0]?.['n']), 'the table tried with is gone').to.equal(0);
  });

  it('a wrong character set', async () => {
    await root.query('CREATE DATABASE latin CHARACTER SET latin1');
    expect(await onlyFailure({ user: 'boss', password: 'boss-pass', database: 'latin' })).to.match(
      /^database\.charset: latin1/,
    );
  });

  it('a packet that is too small', async () => {
    const [rows] = await root.query<mysql.RowDataPacket[]>('SELECT @@global.max_allowed_packet AS bytes');
    await root.query('SET GLOBAL max_allowed_packet = 1048576');
    try {
      expect(await onlyFailure({})).to.equal('database.packet: 1 MiB');
    } finally {
      await root.query(`SET GLOBAL max_allowed_packet = ${Number(rows[0]?.['bytes'])}`);
    }
  });

  it('no connection left', async () => {
    await root.query("CREATE USER single@'%' IDENTIFIED BY 's' WITH MAX_USER_CONNECTIONS 1");
    await root.query("GRANT ALL PRIVILEGES ON erp.* TO single@'%'");
    const held = await mysql.createConnection({ host: '127.0.0.1', port: good.port, user: 'single', password: 's' });
    try {
      expect(await onlyFailure({ user: 'single', password: 's' })).to.match(/no connection left/);
    } finally {
      await held.end();
    }
  });

  it('an old version', async () => {
    // The version that a server tells can be set; what it does is the same.
    const port = await freePort();
    const second = await startMariadb({ port, arguments: ['--version=10.3.7-MariaDB'] });
    try {
      const admin = await mysql.createConnection({ socketPath: `${second.folder}/s.sock`, user: 'root' });
      await admin.query("CREATE USER boss@'%' IDENTIFIED BY 'boss-pass'");
      await admin.query("GRANT ALL PRIVILEGES ON *.* TO boss@'%'");
      await admin.query('CREATE DATABASE erp CHARACTER SET utf8mb4');
      await admin.end();
      expect(await onlyFailure({ port, user: 'boss', password: 'boss-pass' })).to.equal(
        'database.version: MariaDB 10.3.7',
      );
    } finally {
      await stopMariadb(second);
    }
  });

  it('tells its own tables from those of others, and refuses the latter', async () => {
    await root.query('CREATE DATABASE taken CHARACTER SET utf8mb4');
    await root.query('CREATE TABLE taken.wp_posts (id INT)');
    const boss = { user: 'boss', password: 'boss-pass', database: 'taken' };
    expect(await onlyFailure(boss)).to.match(/^database\.existing: 1 tables of another program \(wp_posts/);
    await root.query('CREATE TABLE taken.schema_step (step_key VARCHAR(50))');
    const report = await probeDatabase({ ...good, ...boss });
    expect(report.existing?.kind).to.equal('ours');
    expect(report.ok).to.equal(true);
  });
});
