import { expect } from 'chai';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { allTables } from '../../../src/app/all-tables';
import { examine, productChecks, type ProductContext } from '../../../src/app/checks';
import { type CheckOutcome, describeReport, hostFacts, runChecks } from '../../../src/platform/checks';
import { loadConfig } from '../../../src/platform/config';
import { openProduct } from '../../../src/app/product';
import { openKeyRing } from '../../../src/platform/crypto';
import { type Database, sql } from '../../../src/platform/database';
import { createTranslator } from '../../../src/platform/i18n';
import { silentLogger } from '../../../src/platform/logging';
import { forEachDatabase } from '../../support/databases';

const t = createTranslator({
  folder: 'locales',
  onMissing: (_locale, key) => {
    throw new Error(`no text for ${key}`);
  },
});

describe('doctor', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'erp-doctor-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const configOf = (url: string) =>
    loadConfig({ env: { ERP_DATA_DIR: folder, ERP_DATABASE_URL: url, ERP_SERVER_PORT: '0' } });

  forEachDatabase((context) => {
    async function look(database: Database): Promise<Map<string, CheckOutcome>> {
      const config = configOf('sqlite:unused');
      openKeyRing(config.security.keyFile);
      const product: ProductContext = { config, facts: hostFacts, database, now: Date.now() };
      const report = await runChecks(productChecks, product);
      describeReport(report, t('zh-CN'));
      describeReport(report, t('en'));
      return new Map(report.checks.map((check) => [check.id, check]));
    }

    it('finds a fresh database in order but for the administrator', async () => {
      const found = await look(await context.open({ tables: allTables }));
      const failed = [...found.values()].filter(({ status }) => status === 'fail').map(({ id }) => id);
      expect(failed).to.deep.equal(['permissions.administrator']);
      expect(found.get('schema.difference')?.found.key).to.equal('checks:schema.difference.none');
    });

    it('sees a schema that somebody changed, and one of another version', async function () {
      this.timeout(30_000);
      const database = await context.open({ tables: allTables });
      await database.dataSource.query(
        'DROP INDEX ix_job_run_started' + (['mariadb', 'mysql', 'mssql'].includes(context.kind) ? ' ON job_run' : ''),
      );
      try {
        expect((await look(database)).get('schema.difference')?.status).to.equal('warn');
        await database.transaction((tx) =>
          tx.execute(sql`INSERT INTO schema_step (step_key, finished_at) VALUES (${'9999-future/0'}, ${1})`),
        );
        const found = await look(database);
        expect(found.get('schema.state')?.found.key).to.equal('checks:schema.state.newer');
        expect(found.get('ledger.invariants')?.status).to.equal('skipped');
      } finally {
        // A database of a server is used again by the next test.
        await database.dataSource.query("DELETE FROM schema_step WHERE step_key = '9999-future/0'");
        await database.dataSource.query('CREATE INDEX ix_job_run_started ON job_run (started_at)');
      }
    });

    it('sees books that somebody wrote into, failed jobs and events that nobody delivers', async () => {
      const database = await context.open({ tables: allTables });
      await database.transaction(async (tx) => {
        await tx.execute(sql`INSERT INTO job_run (id, job_id, node, due_at, started_at, finished_at, outcome, error)
          VALUES (${1}, ${'tidy-up'}, ${'n'}, ${1}, ${1}, ${2}, ${'failed'}, ${'no room'})`);
        await tx.execute(sql`INSERT INTO outbox_event (id, name, payload, created_at, due_at, attempts)
          VALUES (${1}, ${'sale.posted'}, ${'{}'}, ${1}, ${1}, ${0})`);
      });
      const found = await look(database);
      expect(found.get('jobs.failed')?.evidence).to.equal('tidy-up: no room');
      expect(found.get('jobs.outbox')?.status).to.equal('warn');
    });
  });

  it('examines an installation without changing it: no database is made', async () => {
    const url = `sqlite:${path.join(folder, 'none.sqlite')}`;
    const report = await examine(configOf(url));
    expect(report.ok).to.equal(false);
    expect(report.checks.find(({ id }) => id === 'schema.state')?.found.key).to.equal('checks:schema.state.missing');
    expect(() => statSync(path.join(folder, 'none.sqlite'))).to.throw();
    expect(() => statSync(path.join(folder, 'secret.key'))).to.throw();
  });

  it('--fix takes the rights of others from key and configuration', async function () {
    if (process.platform === 'win32') this.skip();
    const config = configOf(`sqlite:${path.join(folder, 'none.sqlite')}`);
    openKeyRing(config.security.keyFile);
    chmodSync(config.security.keyFile, 0o640);
    const configFile = path.join(folder, 'config.yaml');
    writeFileSync(configFile, 'locale: en\n', { mode: 0o644 });
    const statusOf = async (fix: boolean) => {
      const { checks } = await examine(config, { configFile, fix });
      return checks.filter(({ id }) => id.endsWith('-file')).map(({ status }) => status);
    };
    expect(await statusOf(false)).to.deep.equal(['warn', 'warn']);
    expect(await statusOf(true)).to.deep.equal(['ok', 'ok']);
    expect(statSync(configFile).mode & 0o777).to.equal(0o600);
  });

  it('says of everything what is wanted and what to do, and names each category once', async () => {
    const url = `sqlite:${path.join(folder, 'phone-erp.sqlite')}`;
    const config = configOf(url);
    const product = await openProduct(config, silentLogger());
    await product.close();
    const { checks } = await examine(config);
    const categories = checks.map(({ category }) => category).filter((name, at, all) => name !== all[at - 1]);
    expect(categories).to.deep.equal([...new Set(categories)]);
    expect(checks.map(({ id }) => id)).to.include.members(['host.antivirus', 'database.integrity', 'jobs.outbox']);
    for (const { id, status, required, remedy } of checks) {
      if (status !== 'skipped') expect(required, id).to.have.property('key');
      if (status === 'warn' || status === 'fail') expect(remedy, id).to.have.length.greaterThan(0);
    }
    describeReport({ ok: true, checks }, t('zh-CN'));
    describeReport({ ok: true, checks }, t('en'));
  });

  it('a database server that is not there is one failure with its remedy', async () => {
    const report = await examine(configOf('mysql://erp:x@127.0.0.1:1/erp'));
    const failed = report.checks.filter(({ id, status }) => id.startsWith('database.') && status === 'fail');
    expect(failed.map(({ id }) => id)).to.deep.equal(['database.connect']);
    expect(report.checks.some(({ id }) => id === 'schema.state')).to.equal(false);
  });
});
