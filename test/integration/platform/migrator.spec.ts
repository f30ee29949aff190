import { expect } from 'chai';
import type { DataSource, QueryRunner } from 'typeorm';
import { migrations } from '../../../migrations';
import { type Database, migrate, sql } from '../../../src/platform/database';
import { physicalName } from '../../../src/platform/database/dialect';
import { type DatabaseContext, forEachDatabase } from '../../support/databases';

/** Each different statement that changes something is carried out and then fails, once: as when the answer never came back. */
function failingOnce(database: Database): Database & { failures: () => number } {
  const failed = new Set<string>();
  const createQueryRunner = (): QueryRunner => {
    const runner = database.dataSource.createQueryRunner();
    const query = runner.query.bind(runner) as (...parts: unknown[]) => Promise<unknown>;
    const failing = async (...parts: unknown[]): Promise<unknown> => {
      const result = await query(...parts);
      const text = String(parts[0]);
      const key = `${text} ${JSON.stringify(parts[1] ?? [])}`;
      if (!/^\s*(CREATE|ALTER|INSERT|UPDATE)\b/i.test(text) || /schema_step/i.test(text) || failed.has(key))
        return result;
      failed.add(key);
      throw new Error('the connection broke');
    };
    return Object.assign(runner, { query: failing });
  };
  const dataSource = new Proxy(database.dataSource, {
    get: (target, name) => (name === 'createQueryRunner' ? createQueryRunner : (Reflect.get(target, name) as unknown)),
  }) as DataSource;
  return { ...database, dataSource, failures: () => failed.size };
}

async function emptied(context: DatabaseContext): Promise<Database> {
  const database = await context.open();
  const runner = database.dataSource.createQueryRunner();
  try {
    // From the last table to the first: later ones refer to earlier ones.
    const tables = migrations.flatMap(({ steps }) => steps.map(({ describe }) => /^table (\w+)$/.exec(describe)?.[1]));
    for (const table of [...tables.filter((name) => name !== undefined), 'schema_step'].reverse())
      await runner.query(`DROP TABLE ${physicalName(table, database.dialect)}`);
  } finally {
    await runner.release();
  }
  return database;
}

/** Tables, columns, keys and indexes as TypeORM reads them, and the rows that migrations put in. */
async function stateOf(database: Database): Promise<unknown> {
  const runner = database.dataSource.createQueryRunner();
  try {
    const names = ['account', 'account_role', 'device', 'posting', 'sale', 'receipt_line', 'counter'];
    const tables = await runner.getTables(names.map((name) => physicalName(name, database.dialect)));
    const shape = tables
      .map(({ name, columns, indices, foreignKeys, checks }) => ({
        name: String(name).split('.').pop(),
        columns: columns.map((column) => `${column.name} ${column.type} ${column.length} ${column.isNullable}`).sort(),
        indices: indices.map((index) => `${index.name} ${index.columnNames.join()} ${index.isUnique}`).sort(),
        keys: foreignKeys.map((key) => `${key.name} ${key.columnNames.join()}`).sort(),
        checks: checks.map((check) => `${check.name}`).sort(),
      }))
      .sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1));
    const accounts = await database.read.all(sql`SELECT id, code, book FROM account ORDER BY id`);
    const roles = await database.read.all(sql`SELECT id, role, account_id FROM account_role ORDER BY id`);
    const steps = await database.read.all(sql`SELECT step_key FROM schema_step ORDER BY step_key`);
    return { shape, accounts, roles, steps };
  } finally {
    await runner.release();
  }
}

describe('migrating', () => {
  forEachDatabase((context) => {
    it('goes on after a failure at every statement, and ends where an undisturbed run ends', async function () {
      this.timeout(600_000);
      const expected = await stateOf(await context.open());
      const disturbed = failingOnce(await emptied(context));
      let runs = 0;
      for (let ended = false; !ended; runs++)
        ended = await migrate(disturbed, migrations).then(
          () => true,
          (error: Error) => {
            if (!/the connection broke/.test(error.message)) throw error;
            return false;
          },
        );
      expect(disturbed.failures()).to.be.greaterThan(200);
      expect(runs).to.equal(disturbed.failures() + 1);
      expect(await stateOf(disturbed)).to.deep.equal(expected);
    });

    it('is done by one process at a time, and reports each step', async function () {
      this.timeout(120_000);
      const database = await emptied(context);
      const seen: number[] = [];
      const results = await Promise.allSettled([
        migrate(database, migrations, ({ done }) => void seen.push(done)),
        migrate(database, migrations, ({ done }) => void seen.push(done)),
      ]);
      const refused = results.filter((result) => result.status === 'rejected');
      expect(refused).to.have.length(1);
      expect(String(refused[0]?.reason)).to.match(/another process is migrating/);
      expect(seen)
        .to.deep.equal(seen.map((_, index) => index))
        .and.to.have.length.above(100);
      expect(await migrate(database, migrations)).to.equal(0);
    });
  });
});
