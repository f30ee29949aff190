import { migrations } from '../../migrations';
import { type Database, migrate, type MigrationProgress, pendingSteps, sql } from '../platform/database';

/** `older`: steps are missing; `newer`: a later version of the program was here. */
export type SchemaState =
  { state: 'current' } | { state: 'older'; pending: number } | { state: 'newer'; unknown: string[] };

export async function schemaState(database: Database): Promise<SchemaState> {
  const pending = await pendingSteps(database, migrations);
  const unknown = await unknownSteps(database).catch(() => []);
  if (unknown.length > 0) return { state: 'newer', unknown };
  return pending > 0 ? { state: 'older', pending } : { state: 'current' };
}

async function unknownSteps(database: Database): Promise<string[]> {
  const known = new Set(migrations.flatMap(({ name, steps }) => steps.map((_step, index) => `${name}/${index}`)));
  const rows = await database.read.all<{ stepKey: string }>(sql`SELECT step_key FROM schema_step ORDER BY step_key`);
  return rows.map(({ stepKey }) => stepKey).filter((key) => !key.startsWith('#') && !known.has(key));
}

export function migrateSchema(database: Database, onProgress?: (progress: MigrationProgress) => void): Promise<number> {
  return migrate(database, migrations, onProgress);
}
