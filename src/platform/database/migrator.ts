import { col } from './columns';
import type { Database } from './database';
import { physicalName } from './dialect';
import { createTable, type Migration } from './portable';
import { render, type Sql, sql } from './sql';

export interface MigrationProgress {
  migration: string;
  step: string;
  done: number;
  total: number;
}

/** A process that died while migrating gives way after this time. */
const LEASE_MS = 10 * 60_000;
const LEASE_KEY = '#lease';

/**
 * Brings the schema up to date and returns the number of steps run. Each step is recorded when it is done, so a run after
 * a failure goes on where the last one stopped; a step interrupted half-way is safe to repeat. One process at a time.
 */
export async function migrate(
  database: Database,
  migrations: readonly Migration[],
  onProgress: (progress: MigrationProgress) => void = () => undefined,
): Promise<number> {
  await createBookkeeping(database);
  await takeLease(database);
  const runner = database.dataSource.createQueryRunner();
  try {
    const pending = await pendingOf(database, migrations);
    for (const [done, { migration, step, key }] of pending.entries()) {
      onProgress({ migration: migration.name, step: step.describe, done, total: pending.length });
      await step.run(runner, database.dialect);
      await execute(
        database,
        sql`INSERT INTO schema_step (step_key, description, finished_at) VALUES (${key}, ${step.describe}, ${Date.now()})`,
      );
    }
    return pending.length;
  } finally {
    await runner.release();
    await execute(database, sql`UPDATE schema_step SET finished_at = 0 WHERE step_key = ${LEASE_KEY}`).catch(() => 0);
  }
}

/** Steps not yet run; 0 when the schema is current. */
export async function pendingSteps(database: Database, migrations: readonly Migration[]): Promise<number> {
  const runner = database.dataSource.createQueryRunner();
  try {
    if (!(await runner.hasTable(physicalName('schema_step', database.dialect))))
      return migrations.reduce((sum, { steps }) => sum + steps.length, 0);
  } finally {
    await runner.release();
  }
  return (await pendingOf(database, migrations)).length;
}

async function pendingOf(database: Database, migrations: readonly Migration[]) {
  const rows: unknown = await database.dataSource.query('SELECT step_key AS k FROM schema_step');
  const finished = new Set((rows as { k?: string; K?: string }[]).map((row) => String(row.k ?? row.K)));
  return [...migrations]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((migration) =>
      migration.steps.map((step, index) => ({ migration, step, key: `${migration.name}/${index}` })),
    )
    .filter(({ key }) => !finished.has(key));
}

async function createBookkeeping(database: Database): Promise<void> {
  const runner = database.dataSource.createQueryRunner();
  try {
    const steps = createTable('schema_step', {
      stepKey: col.code(80).primary(),
      description: col.text(200).nullable(),
      finishedAt: col.instant(),
    });
    for (const step of steps) await step.run(runner, database.dialect);
  } finally {
    await runner.release();
  }
}

async function takeLease(database: Database): Promise<void> {
  const now = Date.now();
  const until = now + LEASE_MS;
  const renewed = await execute(
    database,
    sql`UPDATE schema_step SET finished_at = ${until} WHERE step_key = ${LEASE_KEY} AND finished_at < ${now}`,
  );
  if (renewed === 1) return;
  try {
    await execute(
      database,
      sql`INSERT INTO schema_step (step_key, description, finished_at) VALUES (${LEASE_KEY}, ${'lease'}, ${until})`,
    );
  } catch (error) {
    throw new Error('another process is migrating this database', { cause: error });
  }
}

async function execute(database: Database, query: Sql): Promise<number> {
  const { text, values } = render(query, database.dialect);
  const runner = database.dataSource.createQueryRunner();
  try {
    return (await runner.query(text, values, true)).affected ?? 0;
  } finally {
    await runner.release();
  }
}
