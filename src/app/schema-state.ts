import { migrations } from '../../migrations';
import { type Database, migrate, type MigrationProgress, pendingSteps, sql } from '../platform/database';

/** `older`: steps are missing; `newer`: a later version of the program was here. */
export type SchemaState =
  { state: 'current' } | { state: 'older'; pending: number } | { state: 'newer'; unknown: string[] };

/** The database was left by another version of the program; said in words for the operator. */
export class SchemaMismatch extends Error {
  override name = 'SchemaMismatch';
}

const steps = new Set(
  migrations.flatMap((migration) => migration.steps.map((_step, index) => `${migration.name}/${index}`)),
);

/** Compares what the program brings with what was run on this database. Fails when the database does not answer. */
export async function schemaState(database: Database): Promise<SchemaState> {
  const finished = await finishedSteps(database).catch(async () => {
    // An empty database has no list of steps; one that does not answer fails here.
    await pendingSteps(database, migrations);
    return [];
  });
  const unknown = finished.filter((key) => !steps.has(key));
  if (unknown.length > 0) return { state: 'newer', unknown };
  const pending = steps.size - finished.length;
  return pending > 0 ? { state: 'older', pending } : { state: 'current' };
}

async function finishedSteps({ read }: Database): Promise<string[]> {
  const rows = await read.all<{ stepKey: string }>(sql`SELECT step_key FROM schema_step ORDER BY step_key`);
  return rows.map(({ stepKey }) => stepKey).filter((key) => !key.startsWith('#'));
}

export function migrateSchema(database: Database, onProgress?: (progress: MigrationProgress) => void): Promise<number> {
  return migrate(database, migrations, onProgress);
}
