import { type Database, embeddedFile, isMissingFile, openDatabase } from '../platform/database';
import { SchemaMismatch, schemaState } from './schema-state';

/** There is nothing at the address; said in words for the operator. */
export class MissingDatabase extends Error {
  override name = 'MissingDatabase';
}

/**
 * Opens the database of an installation for commands that only look: read-only, never made, never brought up to date. Throws
 * MissingDatabase, and SchemaMismatch when another version of the program was here. Close it.
 */
export async function openToLook(url: string): Promise<Database> {
  if (isMissingFile(url)) throw new MissingDatabase(`There is no database at ${embeddedFile(url) ?? url}.`);
  const database = await openDatabase(url, { poolSize: 1, readOnly: true });
  try {
    const { state } = await schemaState(database);
    if (state !== 'current') throw new SchemaMismatch(`The schema of the database is ${state} than the program.`);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
