import { existsSync, readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { verifyLedger } from '../../ledger';
import { openFileStore } from '../../platform/attachments';
import { type BackupManifest, type BackupSource, type WriteProgress } from '../../platform/backup';
import { type Config, maskedConfig } from '../../platform/config';
import { keyFacts, openKeyRing, readKeyFile } from '../../platform/crypto';
import { type Database, type Reader, type Snapshot, sql } from '../../platform/database';
import { keyUse } from '../../platform/sealing';
import { version } from '../../platform/version';
import { allTables } from '../all-tables';
import { sealedColumns } from '../keys/sealed-columns';
import { modules } from '../modules';
import { finishedSteps, schemaVersion } from '../schema-state';
import { openTwins } from './twin-snapshots';

export interface BackupContext {
  config: Config;
  database: Database;
  /** Epoch milliseconds. */
  clock: () => number;
}

export interface ContentOptions {
  /** Whether nobody but holders of a key can read it: only then the key file goes along. */
  encrypted: boolean;
  onProgress?: ((progress: WriteProgress) => void) | undefined;
}

export interface OpenContents {
  source: BackupSource;
  /** Number of the last migration. */
  schema: string;
  /** Bytes of the attached files, as the database knows them. */
  attachmentBytes: number;
  close: () => Promise<void>;
}

/** Everything that belongs into a backup, as it is at this moment. Close it. */
export async function openContents(context: BackupContext, options: ContentOptions): Promise<OpenContents> {
  const { config, database, clock } = context;
  const { snapshot, twin } = await openTwins(database);
  const close = async (): Promise<void> => void (await Promise.all([snapshot.close(), twin?.close()]));
  try {
    const createdAt = new Date(clock()).toISOString();
    const steps = await finishedSteps(snapshot.read);
    const company = await snapshot.read.one<{ name: string }>(sql`SELECT name FROM company ORDER BY id`);
    const { keyFile } = config.security;
    const files = openFileStore(config.dataDir, existsSync(keyFile) ? openKeyRing(keyFile) : undefined);
    const sums = await snapshot.read.one<{ bytes: number | null }>(
      sql`SELECT SUM(size_bytes) AS bytes FROM attachment`,
    );
    // They take as long as the reading of the rows: beside it when there is a second look at the same moment.
    const books = bookFindings((twin ?? snapshot).read);
    books.catch(() => undefined);
    if (!twin) await books;
    return {
      source: {
        snapshot,
        tables: allTables,
        head: {
          program: version,
          schema: { version: schemaVersion(steps), steps },
          createdAt,
          company: company?.name ?? null,
          secretKeys: await neededKeys(snapshot.read, keyFile),
        },
        config: maskedConfig(config),
        secretKey: options.encrypted && existsSync(keyFile) ? readFileSync(keyFile) : undefined,
        attachments: contentsOf(snapshot),
        attachment: async (sha256) => {
          try {
            // Who can open the backup has the keys as well; without them files stay as closed as encrypted columns.
            return options.encrypted ? await buffer(await files.read(sha256)) : await files.readStored(sha256);
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
            throw error;
          }
        },
        books,
        onProgress: options.onProgress,
      },
      schema: schemaVersion(steps).slice(0, 4),
      attachmentBytes: Number(sums?.bytes ?? 0),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** How many findings each check of the books has: a restored database must have the same. */
export async function bookFindings(read: Reader): Promise<NonNullable<BackupManifest['books']>> {
  const { checks } = await verifyLedger(
    read,
    modules.flatMap((one) => one.checks ?? []),
  );
  return checks.map(({ id, count }) => ({ id, count }));
}

/** The keys with which something in the rows is encrypted; none without a key file. */
async function neededKeys(read: Reader, keyFile: string): Promise<string[]> {
  if (!existsSync(keyFile)) return [];
  const facts = keyFacts(readKeyFile(keyFile));
  const use = await keyUse(
    read,
    sealedColumns,
    facts.map(({ id }) => id),
  );
  return facts.filter(({ id }) => (use.get(id) ?? 0) > 0).map(({ id, fingerprint }) => `${id}:${fingerprint}`);
}

const CONTENTS = 500;

async function* contentsOf({ read }: Snapshot): AsyncGenerator<string> {
  for (let last = '0'; ;) {
    const rows = await read.all<{ sha256: string }>(
      sql`SELECT DISTINCT sha256 FROM attachment WHERE sha256 > ${last} ORDER BY sha256 ${sql.limit(CONTENTS)}`,
    );
    for (const { sha256 } of rows) yield sha256;
    last = rows.at(-1)?.sha256 ?? '';
    if (rows.length < CONTENTS) return;
  }
}
