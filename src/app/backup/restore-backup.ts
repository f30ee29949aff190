import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DomainError } from '../../kernel';
import { type FileStore, openFileStore } from '../../platform/attachments';
import {
  type BackupHead,
  type BackupManifest,
  type Bytes,
  type Opening,
  readBackup,
  type ReadBackup,
  RowRestorer,
  SECRET_KEY,
  tablesOf,
} from '../../platform/backup';
import { createKeyRing, type KeyRing, mergeKeys, openKeyRing, parseKeyFile } from '../../platform/crypto';
import { type Database, openSnapshot, sql } from '../../platform/database';
import { allTables } from '../all-tables';
import { isCurrent, migrateSchema, migrationsWith } from '../schema-state';
import { bookFindings } from './contents';
import { fillDatabase } from './fill-database';

export interface RestoreOptions {
  file: Bytes;
  opening: Opening;
  /** The database to fill: empty, of any kind. */
  url: string;
  /** Where the contents of attachments and the key file belong; what has no place is left out. */
  place?: { dataDir?: string; keyFile: string } | undefined;
  /** A database that was closed for an upgrade or a switch when the backup was made is open afterwards. */
  reopen?: boolean;
  onProgress?: ((progress: RestoreProgress) => void) | undefined;
}

export interface RestoreProgress {
  step: 'load' | 'compare' | 'books';
  part?: string;
  rows: number;
}

export interface RestoredBackup {
  head: BackupHead;
  rows: number;
  attachments: BackupManifest['attachments'];
  /** Steps of newer versions that were run after the rows were compared. */
  migratedSteps: number;
  /** As they were when the backup was made: what was wrong then is wrong now. */
  books: { checks: number; findings: number };
  key: 'written' | 'present' | 'none';
}

/**
 * Restores a backup into an empty database and compares counts, sums and a checksum over all rows, and the checks of the books.
 * Throws 'backup:error.newer', '.not_empty', '.foreign', '.other_key', '.differs', '.books_differ' and what `readBackup` throws.
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoredBackup> {
  const { file, opening, url, place, reopen = false, onProgress } = options;
  let files: FileStore | undefined;
  const seen: { read?: ReadBackup; secretKey?: Buffer; books?: Books } = {};
  const result = await fillDatabase({
    url,
    fill: async (begin) => {
      let rows: RowRestorer | undefined;
      seen.read = await readBackup(
        file,
        { opening },
        {
          head: async (head) => {
            const migrations = migrationsWith(head.schema.steps);
            if (!migrations) throw new DomainError('backup:error.newer', { details: { version: head.program } });
            const tables = tablesOf(head, allTables);
            rows = new RowRestorer(await begin({ migrations, tables }), tables);
            await rows.begin();
          },
          rows: async (table, text) => rows?.take(table, text),
          attachment: async (sha256, content) => {
            if (place?.dataDir === undefined) return;
            // After the key file, which stands before them in the archive.
            files ??= openFileStore(place.dataDir, keysToFill(place.keyFile, seen.secretKey));
            await files.restore(sha256, content);
          },
          other: (name, content) => {
            if (name !== SECRET_KEY) return;
            seen.secretKey = content;
            if (place) refuseOtherKey(place.keyFile, content);
          },
          onProgress: (part, done) => onProgress?.({ step: 'load', part, rows: done }),
        },
      );
      await rows?.end();
      return seen.read.manifest.tables;
    },
    onCompare: (part, rows) => onProgress?.({ step: 'compare', part, rows }),
    beside: async (database) => {
      // An older schema may lack what the checks ask for.
      if (seen.read && isCurrent(seen.read.head.schema.steps)) seen.books = await booksOf(database);
    },
    finish: async (database) => {
      onProgress?.({ step: 'books', rows: 0 });
      const migratedSteps = await migrateSchema(database);
      const books = seen.books ?? (await booksOf(database));
      if (reopen) await openAgain(database);
      return { migratedSteps, books: compareBooks(books, seen.read?.manifest.books ?? []) };
    },
  });
  if (!seen.read) throw new Error('restored without a manifest');
  const { head, manifest } = seen.read;
  return {
    ...result,
    head,
    rows: Object.values(manifest.tables).reduce((sum, table) => sum + table.rows, 0),
    attachments: manifest.attachments,
    key: place && seen.secretKey ? keepKey(place.keyFile, seen.secretKey) : 'none',
  };
}

/** Nobody is at work on it, whoever was when it was backed up: a server would wait for an end that never comes. */
async function openAgain(database: Database): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.execute(sql`UPDATE maintenance_state SET kind = ${'off'}, token = NULL WHERE kind = ${'upgrade'}`);
    await tx.execute(sql`UPDATE job_lease SET owner = NULL, leased_until = ${0} WHERE leased_until > ${0}`);
    const running = sql.list(['running', 'stopping']);
    await tx.execute(sql`UPDATE upkeep_run SET state = ${'cut'}, finished_at = seen_at WHERE state IN (${running})`);
  });
}

type Books = Awaited<ReturnType<typeof bookFindings>>;

async function booksOf(database: Database): Promise<Books> {
  const snapshot = await openSnapshot(database);
  try {
    return await bookFindings(snapshot.read);
  } finally {
    await snapshot.close();
  }
}

function compareBooks(found: Books, expected: Books): RestoredBackup['books'] {
  for (const { id, count } of expected) {
    const is = found.find((check) => check.id === id);
    if (is && is.count !== count)
      throw new DomainError('backup:error.books_differ', { details: { check: id, expected: count, found: is.count } });
  }
  return { checks: found.length, findings: found.reduce((sum, { count }) => sum + count, 0) };
}

/**
 * Personal data of the backup cannot be read with the key of another installation. A key of this one that was retired since
 * comes back with the backup.
 */
function refuseOtherKey(keyFile: string, content: Buffer): void {
  if (!existsSync(keyFile) || readFileSync(keyFile).equals(content)) return;
  if (!mergeKeys(keyFile, content.toString('utf8')))
    throw new DomainError('backup:error.other_key', { status: 409, details: { file: keyFile } });
}

/** Those of the installation; where there is none yet, those of the backup, which become its own at the end. */
function keysToFill(keyFile: string, content: Buffer | undefined): KeyRing | undefined {
  if (existsSync(keyFile)) return openKeyRing(keyFile);
  const master = content && parseKeyFile(content.toString('utf8'));
  return master && createKeyRing(master);
}

function keepKey(keyFile: string, content: Buffer): 'written' | 'present' {
  if (existsSync(keyFile)) return 'present';
  mkdirSync(path.dirname(keyFile), { recursive: true, mode: 0o750 });
  writeFileSync(keyFile, content, { mode: 0o600, flag: 'wx', flush: true });
  return 'written';
}
