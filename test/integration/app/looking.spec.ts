import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { openServices } from '../../../src/app/create-services';
import { checkKeys } from '../../../src/app/key-check';
import { openToLook } from '../../../src/app/open-to-look';
import { SchemaMismatch } from '../../../src/app/schema-state';
import { sealAudit } from '../../../src/platform/audit';
import { loadConfig } from '../../../src/platform/config';
import { openDatabase, sql } from '../../../src/platform/database';
import { silentLogger } from '../../../src/platform/logging';
import { systemActor } from '../../../src/platform/permissions';
import { databaseContext, forEachDatabase } from '../../support/databases';

const COMMANDS = [['ledger', 'verify'], ['audit', 'verify'], ['user', 'list'], ['status'], ['doctor']];

describe('commands that only look', function () {
  this.timeout(180_000);

  forEachDatabase((context) => {
    it('cannot write: no transaction, and no statement beside one where the engine can refuse', async () => {
      const url = await context.freshUrl();
      const database = await openDatabase(url, { readOnly: true });
      try {
        expect(await database.read.all(sql`SELECT id FROM company`)).to.eql([]);
        const refused = await database
          .transaction((tx) => tx.execute(sql`DELETE FROM parameter`))
          .catch((error: unknown) => error);
        expect(String(refused)).to.match(/for reading only/);
        if (['mssql', 'oracle'].includes(context.kind)) return;
        const beside = await database.dataSource.query('DELETE FROM parameter').catch((error: unknown) => error);
        expect(String(beside)).to.match(/readonly|READ ONLY/i);
      } finally {
        await database.close();
      }
    });

    it('refuse a schema of another version in words', async () => {
      const url = await context.freshUrl();
      const database = await openDatabase(url);
      try {
        await database.transaction((tx) =>
          tx.execute(sql`INSERT INTO schema_step (step_key, finished_at) VALUES (${'9999-future/0'}, ${1})`),
        );
        const refused = await openToLook(url).catch((error: unknown) => error);
        expect(refused).to.be.instanceOf(SchemaMismatch).with.property('message').include('newer');
      } finally {
        // A database of a server is used again by the next test.
        await database.transaction((tx) =>
          tx.execute(sql`DELETE FROM schema_step WHERE step_key = ${'9999-future/0'}`),
        );
        await database.close();
      }
    });
  });

  describe('on the command line', () => {
    const context = databaseContext('sqlite');
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'erp-looking-'))));
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const environment = (url: string) => ({ ERP_DATA_DIR: folder, ERP_DATABASE_URL: url, ERP_SERVER_PORT: '1' });
    const run = (url: string, command: readonly string[]) =>
      spawnSync(process.execPath, ['scripts/run-built.mjs', 'src/main.ts', ...command, '--json'], {
        encoding: 'utf8',
        env: { ...process.env, ...environment(url) },
      });
    const sumOf = (url: string): string =>
      createHash('sha256')
        .update(readFileSync(url.slice('sqlite:'.length)))
        .digest('hex');

    it('leave a database of an older version as it is, and make no key file', async () => {
      const url = await context.freshUrl();
      const database = await openDatabase(url);
      const last = await database.read.one<{ stepKey: string }>(
        sql`SELECT step_key FROM schema_step WHERE step_key <> ${'#lease'} ORDER BY step_key DESC`,
      );
      await database.transaction((tx) =>
        tx.execute(sql`DELETE FROM schema_step WHERE step_key = ${last?.stepKey ?? ''}`),
      );
      await database.close();
      const before = sumOf(url);
      for (const command of COMMANDS) {
        const { status, stdout, stderr } = run(url, command);
        expect(status, `${command.join(' ')}: ${stdout}${stderr}`).to.be.oneOf([1, 3]);
        expect(stdout + stderr, command.join(' ')).to.match(/older|schema|schema\.state/);
        expect(sumOf(url), `${command.join(' ')} changed the database`).to.equal(before);
      }
      expect(existsSync(loadConfig({ env: environment(url) }).security.keyFile)).to.equal(false);
    });

    it('read what is there, while a server has it open', async () => {
      const url = await context.freshUrl();
      const config = loadConfig({ env: environment(url) });
      const { services, close } = await openServices(config, { log: silentLogger() });
      try {
        await checkKeys(services);
        await services.uow.run(systemActor('test'), (unit) => unit.audit({ action: 'test.done' }));
        await sealAudit(services);
        const audit = run(url, ['audit', 'verify']);
        expect(audit.status, audit.stdout + audit.stderr).to.equal(0);
        expect(JSON.parse(audit.stdout)).to.include({ ok: true, count: 0 });
        expect(run(url, ['ledger', 'verify']).status).to.equal(0);
        expect(JSON.parse(run(url, ['user', 'list']).stdout)).to.eql({ ok: true, users: [] });
        rmSync(config.security.keyFile);
        const keyless = run(url, ['audit', 'verify']);
        expect(keyless.status).to.equal(3);
        expect(keyless.stdout + keyless.stderr).to.include('There is no key file');
        expect(existsSync(config.security.keyFile)).to.equal(false);
      } finally {
        await close();
      }
    });
  });
});
