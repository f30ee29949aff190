import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DomainError } from '../../kernel';
import { inOrderOfReference } from '../../platform/backup';
import {
  type Database,
  embeddedFile,
  isMissingFile,
  listTables,
  openDatabase,
  render,
  sql,
} from '../../platform/database';
import { allTables } from '../all-tables';
import { RESTORE_MARK } from '../schema-state';

/** What may be found at the address that shall be filled. */
export type TargetState = 'empty' | 'interrupted' | 'unused' | 'used' | 'foreign';

const STEPS = 'schema_step';

/**
 * Makes sure that a database may be filled, and empties what an interrupted restore left there, or a setup that nobody worked
 * with. Throws 'backup:error.not_empty' and 'backup:error.foreign'. Returns whether the embedded database's file was there.
 */
export async function prepareTarget(url: string): Promise<{ existed: boolean }> {
  const file = embeddedFile(url);
  const existed = file === undefined || existsSync(file);
  if (file !== undefined) mkdirSync(path.dirname(path.resolve(file)), { recursive: true, mode: 0o750 });
  const database = await openDatabase(url, { poolSize: 1 });
  try {
    const state = await stateOf(database);
    if (state === 'foreign') throw new DomainError('backup:error.foreign', { status: 409 });
    if (state === 'used') throw new DomainError('backup:error.not_empty', { status: 409 });
    if (state !== 'empty') await dropTables(database);
    return { existed };
  } finally {
    await database.close();
  }
}

/** What lies at an address; nothing is made or changed. Fails when the database does not answer. */
export async function lookAtTarget(url: string): Promise<TargetState> {
  if (isMissingFile(url)) return 'empty';
  const database = await openDatabase(url, { poolSize: 1, readOnly: true });
  try {
    return await stateOf(database);
  } finally {
    await database.close();
  }
}

async function stateOf(database: Database): Promise<TargetState> {
  const tables = await listTables(database.dataSource, database.dialect);
  if (tables.length === 0) return 'empty';
  const ours = new Set([STEPS, ...allTables.map(({ name }) => name)]);
  if (!tables.includes(STEPS) || tables.some((name) => !ours.has(name))) return 'foreign';
  const mark = await database.read.one(sql`SELECT step_key FROM schema_step WHERE step_key = ${RESTORE_MARK}`);
  if (mark) return 'interrupted';
  // A setup that came no further than the schema: whoever worked with it left one of these.
  for (const table of ['user_account', 'store', 'audit_log'].filter((name) => tables.includes(name))) {
    const row = await database.read.one(sql`SELECT id FROM ${sql.identifier(table)} ORDER BY id ${sql.limit(1)}`);
    if (row) return 'used';
  }
  return 'unused';
}

/** Ours alone; a table after those that refer to it. */
async function dropTables({ dataSource, dialect }: Database): Promise<void> {
  const there = new Set(await listTables(dataSource, dialect));
  const names = inOrderOfReference(allTables).map(({ name }) => name);
  // The list of steps goes last: as long as it is there, the rest is known to be ours.
  for (const name of [...names.reverse(), STEPS].filter((one) => there.has(one)))
    await dataSource.query(render(sql`DROP TABLE ${sql.identifier(name)}`, dialect).text);
}

/**
 * Empties a database of this product, for a restore into it that the caller has made sure of. As long as it is not filled again,
 * servers refuse it.
 */
export async function clearDatabase(url: string): Promise<void> {
  const database = await openDatabase(url, { poolSize: 1 });
  try {
    const { dataSource, dialect } = database;
    if ((await listTables(dataSource, dialect)).includes(STEPS)) {
      await database.transaction(async (tx) => {
        await tx.execute(sql`DELETE FROM schema_step WHERE step_key = ${RESTORE_MARK}`);
        await tx.execute(sql`INSERT INTO schema_step (step_key, finished_at) VALUES (${RESTORE_MARK}, ${Date.now()})`);
      });
      await dropTables(database);
    }
  } finally {
    await database.close();
  }
}

/** After a failure: nothing is left of what was filled in. */
export async function cleanTarget(url: string, { existed }: { existed: boolean }): Promise<void> {
  const file = embeddedFile(url);
  if (file !== undefined && !existed) return removeEmbedded(file);
  const database = await openDatabase(url, { poolSize: 1 });
  try {
    await dropTables(database);
  } finally {
    await database.close();
  }
}

/** With what SQLite keeps beside it. */
export function removeEmbedded(file: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${end}`, { force: true });
}
