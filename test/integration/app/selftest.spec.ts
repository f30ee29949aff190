import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import mysql from 'mysql2/promise';
import { describeSelfTest, htmlReport, selfTest, type SelfTestFlow } from '../../../src/app/selftest';
import { flows } from '../../../src/app/selftest/flows';
import { RIGHTS } from '../../../src/app/selftest/flows/permissions';
import { createTranslator } from '../../../src/platform/i18n';
import { sql } from '../../../src/platform/database';
import { createScratchDatabase } from '../../../src/platform/database/probe';
import { READY_ROLES } from '../../../src/platform/modules';
import { systemActor } from '../../../src/platform/permissions';
import { type DatabaseKind, databaseContext, forEachDatabase } from '../../support/databases';
import { mariadbInstalled, mariadbServer } from '../../support/mariadb-server';
import { skipUnless } from '../../support/skip';

const translator = createTranslator({
  folder: 'locales',
  onMissing: (_locale, key) => {
    throw new Error(`no text for ${key}`);
  },
});
const leftBehind = (pid: number | undefined): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(`phone-erp-selftest-${pid}-`));

async function mariadbDatabases(): Promise<string[]> {
  const url = new URL((await mariadbServer()).url('mysql'));
  const admin = await mysql.createConnection({ socketPath: url.searchParams.get('socketPath') ?? '', user: 'root' });
  const [rows] = await admin.query<mysql.RowDataPacket[]>("SHOW DATABASES LIKE '%\\_try\\_%'");
  await admin.end();
  return rows.map((row) => String(Object.values(row)[0]));
}

describe('self-test', function () {
  this.timeout(180_000);

  forEachDatabase((context) => {
    const places: Partial<Record<DatabaseKind, RegExp>> = {
      sqlite: /^SQLite 3/,
      mariadb: /^MariaDB 1/,
      oracle: /^Oracle/,
    };

    it('buys, sells, takes back, counts, imports, and finds every figure as expected', async () => {
      const url = await context.freshUrl();
      const report = await selfTest({ url });
      const wrong = report.flows.flatMap(({ steps }) => steps.filter(({ ok }) => !ok));
      expect(wrong).to.deep.equal([]);
      expect(report.ok).to.equal(true);
      expect(report.flows.map(({ id }) => id)).to.deep.equal(flows.map(({ id }) => id));
      expect(report.database.place).to.equal(context.kind === 'sqlite' ? 'embedded' : 'beside');
      expect(report.database.kind).to.match(places[context.kind] ?? /./);
      if (context.kind === 'mariadb') expect(await mariadbDatabases()).to.deep.equal([]);
    });
  });

  it('tries every right with every ready-made role, and has a call of each refused', async () => {
    const { flows: done } = await selfTest();
    const ids = done.find(({ id }) => id === 'permissions')?.steps.map(({ id }) => id) ?? [];
    const cells = READY_ROLES.flatMap((role) => Object.keys(RIGHTS).map((right) => `${role}/${right}`));
    expect(ids).to.include.members(cells);
    for (const role of READY_ROLES) {
      const refused = ids.filter((id) => id === `${role}/refused` || id === `${role}/elsewhere`);
      expect(refused, role).to.have.length.greaterThan(0);
    }
  });

  it('reports a balance that was changed behind the books, and a flow that breaks off', async () => {
    const sabotage: SelfTestFlow = {
      id: 'sabotage',
      run: ({ services }) =>
        services.uow.run(systemActor('test'), async (unit) => {
          await unit.execute(sql`UPDATE stock_balance SET value_fen = value_fen + 1 WHERE quantity > 5`);
        }),
    };
    const spoilt = await selfTest({ flows: [...flows.slice(0, -1), sabotage, ...flows.slice(-1)] });
    expect(spoilt.ok).to.equal(false);
    const wrong = spoilt.flows.at(-1)?.steps.filter(({ ok }) => !ok) ?? [];
    expect(wrong.map(({ id }) => id)).to.include('stock.balance');
    const broken = await selfTest({ flows: flows.slice(3) });
    expect(broken).to.deep.include({ ok: false });
    expect(broken.flows).to.have.length(1);
    expect(leftBehind(process.pid)).to.deep.equal([]);
  });

  it('writes a report of its own in both languages, in which a failure can be seen and no text is code', async () => {
    const hostile: SelfTestFlow = {
      id: 'books',
      run: ({ expect: figure }) => {
        figure('x', { key: 'step.invariant', values: { id: '<script>alert(1)</script>' } }, '<b>5</b>', '4 & 5');
        return Promise.resolve();
      },
    };
    const report = await selfTest({ flows: [...flows.slice(0, -1), hostile] });
    const page = htmlReport(report, { translator, locale: 'zh-CN', timeZone: 'Asia/Shanghai' });
    expect(page).to.contain('自检报告').and.contain('Self-test report').and.contain('预置角色的权限');
    expect(page).to.contain('&lt;b&gt;5&lt;/b&gt;').and.contain('4 &amp; 5').and.contain('✗');
    expect(page).not.to.match(/<script|<b>5|https?:\/\/|src=/);
    for (const locale of ['zh-CN', 'en'] as const) describeSelfTest(report, translator(locale));
  });

  describe('on a database server', () => {
    const { freshUrl } = databaseContext('mariadb');
    before(async function () {
      skipUnless(this, mariadbInstalled(), 'mariadbd is not installed (self-test beside a database of a server)');
      this.timeout(300_000);
      await mariadbServer();
    });

    /** As a person with Ctrl-C does it, or waits: the command of a process of its own. */
    function command(
      args: readonly string[],
      interruptAt?: RegExp,
    ): Promise<{ code: number | null; output: string; json: string; pid: number | undefined }> {
      const env = { ...process.env, ERP_LOCALE: 'en' };
      const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', 'selftest', ...args], { env });
      let [json, output] = ['', ''];
      let sent = false;
      const look = (data: Buffer): void => {
        output += String(data);
        if (sent || !interruptAt?.test(output)) return;
        sent = true;
        child.kill('SIGINT');
      };
      child.stdout.on('data', (data: Buffer) => {
        json += String(data);
        look(data);
      });
      child.stderr.on('data', look);
      return new Promise((resolve) => child.on('close', (code) => resolve({ code, output, json, pid: child.pid })));
    }

    it('uses an embedded one and says why when the account may not make one beside its own', async () => {
      const url = new URL(await freshUrl());
      const socketPath = url.searchParams.get('socketPath') ?? '';
      const root = await mysql.createConnection({ socketPath, user: 'root' });
      try {
        await root.query("CREATE USER IF NOT EXISTS small@localhost IDENTIFIED BY 'small-pass'");
        await root.query(`GRANT ALL ON \`${url.pathname.slice(1)}\`.* TO small@localhost`);
        url.username = 'small';
        url.password = 'small-pass';
        const { ok, database } = await selfTest({ url: url.href, flows: flows.slice(0, 1) });
        expect([ok, database.place]).to.deep.equal([true, 'embedded']);
        expect(JSON.stringify(database.say))
          .to.contain('scratch.notBeside')
          .and.match(/Access denied/);
        expect(JSON.stringify(database)).not.to.contain('small-pass');
      } finally {
        await root.query('DROP USER IF EXISTS small@localhost');
        await root.end();
      }
      expect(await mariadbDatabases()).to.deep.equal([]);
    });

    it('leaves nothing after an interruption', async () => {
      const { code, output, pid } = await command(['--database', await freshUrl()], /Data entry/);
      expect(code, output).to.equal(3);
      expect(output).to.contain('Interrupted');
      expect(await mariadbDatabases()).to.deep.equal([]);
      expect(leftBehind(pid)).to.deep.equal([]);
    });

    it('says what it did as one JSON document and in a file', async () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'erp-selftest-report-'));
      try {
        const html = path.join(folder, 'report.html');
        const { code, json, output } = await command(['--database', await freshUrl(), '--json', '--html', html]);
        expect(code, output).to.equal(0);
        const report = JSON.parse(json) as { ok: boolean; flows: { id: string; ok: boolean; steps: object[] }[] };
        expect(report.ok).to.equal(true);
        expect(report.flows.every(({ ok, steps }) => ok && steps.length > 0)).to.equal(true);
        expect(readFileSync(html, 'utf8')).to.contain('MariaDB').and.contain('Rights by role');
        const nowhere = await command(['--html', path.join(folder, 'no', 'report.html')]);
        expect(nowhere.code, nowhere.output).to.equal(2);
        expect(existsSync(path.join(folder, 'no'))).to.equal(false);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });

    it('drops what an earlier process was killed over, and nothing that only looks like it', async () => {
      const url = await freshUrl();
      const root = await mysql.createConnection({
        socketPath: new URL(url).searchParams.get('socketPath') ?? '',
        user: 'root',
      });
      const old = await createScratchDatabase(url, Date.now() - 2 * 86_400_000);
      const prefix = old.name.slice(0, old.name.indexOf('_try_') + 5);
      const alike = [`${prefix}20240101`, `${prefix}mi0000000000`];
      try {
        for (const name of alike) await root.query(`CREATE DATABASE ${name}`);
        const fresh = await createScratchDatabase(url);
        expect((await mariadbDatabases()).sort()).to.deep.equal([...alike, fresh.name].sort());
        await fresh.drop();
      } finally {
        for (const name of alike) await root.query(`DROP DATABASE IF EXISTS ${name}`);
        await root.end();
      }
    });
  });
});
