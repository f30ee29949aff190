import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { embeddedFile, openDatabase } from '../../platform/database';
import { createScratchDatabase, serverTarget } from '../../platform/database/probe';
import { migrateSchema } from '../schema-state';
import { type Words, words } from './bench';

export interface Scratch {
  url: string;
  /** For files of the run and the embedded database. */
  folder: string;
  /** Product and version: `MariaDB 10.11.6`. */
  kind: string;
  place: 'beside' | 'embedded';
  /** Where the test ran, in a sentence; why not beside the configured database, when it did not. */
  say: Words;
  remove: () => Promise<void>;
}

/**
 * An empty database of the configured kind: beside the configured one when its account may make one, else an embedded one, with
 * the reason. Nothing of it is left after `remove`; the folder goes even when the process is ended.
 */
export async function makeScratch(url: string | undefined, onProgress: () => void): Promise<Scratch> {
  const folder = mkdtempSync(path.join(tmpdir(), `phone-erp-selftest-${process.pid}-`));
  const tidy = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', tidy);
  const removeFolder = (): void => {
    process.off('exit', tidy);
    tidy();
  };
  const embedded = (say: Words): Scratch => ({
    url: `sqlite:${path.join(folder, 'phone-erp.sqlite')}`,
    folder,
    kind: `SQLite ${process.versions.sqlite ?? ''}`.trim(),
    place: 'embedded',
    say,
    remove: () => Promise.resolve(removeFolder()),
  });
  if (url === undefined || embeddedFile(url) !== undefined) return embedded(words('scratch.embedded'));
  const made = await createScratchDatabase(url).catch((error: unknown) => wordsOf(error));
  if (typeof made === 'string') {
    const { user = '', database = '' } = serverTarget(url) ?? {};
    return embedded(words('scratch.notBeside', { user, database, reason: made }));
  }
  const remove = async (): Promise<void> => {
    removeFolder();
    await made.drop();
  };
  try {
    await makeSchema(made.url, onProgress);
  } catch (error) {
    await remove();
    throw error;
  }
  const say = words('scratch.beside', { server: made.server, name: made.name });
  return { url: made.url, folder, kind: made.server, place: 'beside', say, remove };
}

/** The embedded database is brought up to date when it is opened, a server's is not. */
async function makeSchema(url: string, onProgress: () => void): Promise<void> {
  const database = await openDatabase(url, { poolSize: 2 });
  try {
    await migrateSchema(database, onProgress);
  } finally {
    await database.close();
  }
}

/** One line: a driver's message may have several. */
const wordsOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]?.trim() || 'unknown';
