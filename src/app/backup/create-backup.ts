import { statSync } from 'node:fs';
import {
  backupFileName,
  type BackupManifest,
  encrypt,
  entriesToWrite,
  type Sealing,
  type WriteProgress,
  zipOf,
} from '../../platform/backup';
import { embeddedFile } from '../../platform/database';
import { type BackupContext, openContents } from './contents';
import { expectSpace, spool, type Spooled } from './spool';

/** Backups of this program in names; the retention touches no others. */
export const SERIES = 'erp';

export interface CreatedBackup extends Spooled {
  name: string;
  createdAt: string;
  encrypted: boolean;
  rows: number;
  attachments: BackupManifest['attachments'];
  /** Findings of the checks of the books, all together. */
  bookFindings: number;
}

export interface CreateOptions {
  /** Where the file is written. */
  folder: string;
  /** Undefined: anybody may read it. */
  sealing: Sealing | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: WriteProgress) => void) | undefined;
}

/** Writes a backup of this moment as a file that is there whole or not at all. People go on working meanwhile. */
export async function createBackup(context: BackupContext, options: CreateOptions): Promise<CreatedBackup> {
  const { folder, sealing, signal, onProgress } = options;
  const encrypted = sealing !== undefined;
  const contents = await openContents(context, { encrypted, onProgress });
  try {
    const { source, schema, attachmentBytes } = contents;
    await expectSpace(folder, attachmentBytes + packedSize(context));
    const { createdAt } = source.head;
    const name = backupFileName({ company: SERIES, createdAt: Date.parse(createdAt), schema, encrypted });
    let manifest: BackupManifest | undefined;
    const zip = zipOf(entriesToWrite({ ...source, onManifest: (whole) => (manifest = whole) }));
    const spooled = await spool(folder, name, sealing ? encrypt(zip, sealing) : zip, signal);
    if (!manifest) throw new Error('a backup without a manifest');
    const { tables, attachments, books } = manifest;
    return {
      ...spooled,
      name,
      createdAt,
      encrypted,
      rows: Object.values(tables).reduce((sum, table) => sum + table.rows, 0),
      attachments,
      bookFindings: (books ?? []).reduce((sum, { count }) => sum + count, 0),
    };
  } finally {
    await contents.close();
  }
}

/** Rows take about a fifth of the embedded database's file; of a server's size nothing is known here. */
function packedSize({ config }: BackupContext): number {
  const file = embeddedFile(config.database.url);
  return file === undefined ? 0 : Math.ceil((statSync(file, { throwIfNoEntry: false })?.size ?? 0) / 4);
}
