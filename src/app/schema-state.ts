import { migrations } from '../../migrations';
import {
  type Database,
  migrate,
  type Migration,
  type MigrationProgress,
  pendingSteps,
  type Reader,
  sql,
} from '../platform/database';

/** `older`: steps are missing; `newer`: a later version of the program was here. */
export type SchemaState =
  { state: 'current' } | { state: 'older'; pending: number } | { state: 'newer'; unknown: string[] };

/** The database was left by another version of the program; said in words for the operator. */
export class SchemaMismatch extends Error {
  override name = 'SchemaMismatch';
}

/** Stands among the steps from the first row of a restore until everything was compared. */
export const RESTORE_MARK = '#restore';

const steps = new Set(
  migrations.flatMap((migration) => migration.steps.map((_step, index) => `${migration.name}/${index}`)),
);

/** Compares what the program brings with what was run on this database. Fails when the database does not answer. */
export async function schemaState(database: Database): Promise<SchemaState> {
  const finished = await finishedSteps(database.read).catch(async (error: unknown) => {
    if (error instanceof SchemaMismatch) throw error;
    // An empty database has no list of steps; one that does not answer fails here.
    await pendingSteps(database, migrations);
    return [];
  });
  const unknown = finished.filter((key) => !steps.has(key));
  if (unknown.length > 0) return { state: 'newer', unknown };
  const pending = steps.size - finished.length;
  return pending > 0 ? { state: 'older', pending } : { state: 'current' };
}

/** Keys of the steps that were run on this database. Throws SchemaMismatch while a restore has not come to its end. */
export async function finishedSteps(read: Reader): Promise<string[]> {
  const rows = await read.all<{ stepKey: string }>(sql`SELECT step_key FROM schema_step ORDER BY step_key`);
  const keys = rows.map(({ stepKey }) => stepKey);
  if (keys.includes(RESTORE_MARK))
    throw new SchemaMismatch('A restore into this database has not come to its end. Run it again.');
  return keys.filter((key) => !key.startsWith('#'));
}

/**
 * The migrations with exactly these steps, for a backup of an older version. Undefined when one is unknown: the backup is of a
 * newer version.
 */
export function migrationsWith(keys: readonly string[]): Migration[] | undefined {
  if (keys.some((key) => !steps.has(key))) return undefined;
  const finished = new Set(keys);
  return migrations.map((one) => {
    const missing = one.steps.findIndex((_step, index) => !finished.has(`${one.name}/${index}`));
    return missing < 0 ? one : { name: one.name, steps: one.steps.slice(0, missing) };
  });
}

/** Whether these are all steps that the program brings. */
export function isCurrent(keys: readonly string[]): boolean {
  const finished = new Set(keys);
  return [...steps].every((key) => finished.has(key));
}

/** Name of the last migration. */
export const schemaVersion = (keys: readonly string[]): string =>
  keys.map((key) => key.slice(0, key.lastIndexOf('/'))).reduce((last, name) => (name > last ? name : last), '');

export function migrateSchema(database: Database, onProgress?: (progress: MigrationProgress) => void): Promise<number> {
  return migrate(database, migrations, onProgress);
}
