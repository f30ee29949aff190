import { randomUUID } from 'node:crypto';
import { col } from './columns';
import type { Database } from './database';
import { duplicateKey } from './errors';
import { physicalName } from './dialect';
import { createTable, type Migration } from './portable';
import { render, type Sql, sql } from './sql';

export interface MigrationProgress {
  migration: string;
  step: string;
  done: number;
  total: number;
}

/** A process that died while migrating gives way after this time; one that lives renews its lease in the meantime. */
const LEASE_MS = 60_000;
const RENEW_MS = 15_000;
/** Asked this recently, the lease is still ours. */
const SURE_MS = 5000;
const NOTE_MS = 300;
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
  const lease = await takeLease(database);
  const runner = database.dataSource.createQueryRunner();
  const finished = finishedSteps(database);
  try {
    const pending = await pendingOf(database, migrations);
    for (const [done, { migration, step, key }] of pending.entries()) {
      onProgress({ migration: migration.name, step: step.describe, done, total: pending.length });
      await lease.renew();
      await step.run(runner, database.dialect);
      await finished.note({ key, description: step.describe });
    }
    await finished.write();
    return pending.length;
  } catch (error) {
    // Otherwise they are done again, without effect.
    await finished.write().catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
    await lease.end();
  }
}

/**
 * Most steps take a millisecond and their note a commit: notes are written together, at the latest after NOTE_MS, which is as
 * much as is done again, without effect, after a kill.
 */
function finishedSteps(database: Database) {
  let waiting: { key: string; description: string; at: number }[] = [];
  const write = async (): Promise<void> => {
    const steps = waiting;
    waiting = [];
    if (steps.length === 0) return;
    await database.transaction(async (tx) => {
      for (const { key, description, at } of steps)
        await tx.execute(
          sql`INSERT INTO schema_step (step_key, description, finished_at) VALUES (${key}, ${description}, ${at})`,
        );
    });
  };
  return {
    write,
    note: async (step: { key: string; description: string }): Promise<void> => {
      waiting.push({ ...step, at: Date.now() });
      const [first] = waiting;
      if (first && Date.now() - first.at >= NOTE_MS) await write();
    },
  };
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
    for (const step of steps)
      await step.run(runner, database.dialect).catch(async (error: unknown) => {
        // Two processes on an empty database: the other one was first.
        if (!(await runner.hasTable(physicalName('schema_step', database.dialect)))) throw error;
      });
  } finally {
    await runner.release();
  }
}

interface Lease {
  /** Throws when another process has taken over meanwhile. */
  renew(): Promise<void>;
  end(): Promise<void>;
}

async function takeLease(database: Database): Promise<Lease> {
  const token = randomUUID();
  const until = (): number => Date.now() + LEASE_MS;
  const taken = await execute(
    database,
    sql`UPDATE schema_step SET finished_at = ${until()}, description = ${token} WHERE step_key = ${LEASE_KEY} AND finished_at < ${Date.now()}`,
  );
  if (taken === 0) await firstLease(database, token, until());
  const set = (finishedAt: number): Promise<number> =>
    execute(
      database,
      sql`UPDATE schema_step SET finished_at = ${finishedAt} WHERE step_key = ${LEASE_KEY} AND description = ${token}`,
    );
  const timer = setInterval(() => void set(until()).catch(() => 0), RENEW_MS).unref();
  let askedAt = Date.now();
  return {
    renew: async () => {
      if (Date.now() - askedAt < SURE_MS) return;
      if ((await set(until())) === 0) throw new Error(ELSEWHERE);
      askedAt = Date.now();
    },
    end: async () => {
      clearInterval(timer);
      await set(0).catch(() => 0);
    },
  };
}

const ELSEWHERE = 'another process is migrating this database; if it died, the way is free within a minute';

async function firstLease(database: Database, token: string, until: number): Promise<void> {
  try {
    await execute(
      database,
      sql`INSERT INTO schema_step (step_key, description, finished_at) VALUES (${LEASE_KEY}, ${token}, ${until})`,
    );
  } catch (error) {
    throw duplicateKey(error) ? new Error(ELSEWHERE, { cause: error }) : error;
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
