import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { type AnyTable, keyOf, type Snapshot } from '../database';
import {
  attachmentName,
  CONFIG,
  FORMAT,
  FORMAT_VERSION,
  HEAD,
  inOrderOfReference,
  MANIFEST,
  partName,
  README,
  SECRET_KEY,
  SUMS,
} from './format';
import type { BackupHead, BackupManifest } from './manifest';
import { readme } from './readme';
import { TableLines } from './table-lines';
import type { ZipEntry } from './zip-write';

export interface BackupSource {
  snapshot: Snapshot;
  tables: readonly AnyTable[];
  head: Pick<BackupHead, 'program' | 'schema' | 'createdAt' | 'company' | 'secretKeys'>;
  /** Without secrets. */
  config: unknown;
  /** Content of the key file; left out where anybody could read the backup. */
  secretKey?: Buffer | undefined;
  /** SHA-256 of every content that the attachments of this snapshot name. */
  attachments: AsyncIterable<string>;
  /** The content; undefined when it is not there any more. */
  attachment: (sha256: string) => Promise<Buffer | undefined>;
  /** Asked for when everything else is written. */
  books: Promise<BackupManifest['books']>;
  onProgress?: ((progress: WriteProgress) => void) | undefined;
  /** What was written, when all of it was. */
  onManifest?: (manifest: BackupManifest) => void;
}

export interface WriteProgress {
  /** The entry that was finished. */
  part: string;
  /** Rows written, all tables together. */
  rows: number;
}

const compress = promisify(zstdCompress);
/** Most parts fit into it when they are packed: one answer of the threads behind, not one for each 16 KB. */
const PACKED_BYTES = 256 * 1024;
/** Parts that are packed by the threads behind while the next rows are read. */
const MOST_AHEAD = 3;

interface Tally {
  manifest: BackupManifest;
  rows: number;
}

/** The entries of a backup in order, the manifest last. Memory does not grow with the database. */
export async function* entriesToWrite(source: BackupSource): AsyncGenerator<ZipEntry> {
  const { snapshot, config, secretKey, onProgress } = source;
  const tables = inOrderOfReference(source.tables);
  const manifest: BackupManifest = {
    parts: [],
    tables: {},
    attachments: { files: 0, bytes: 0, missing: [] },
    books: null,
  };
  const tally: Tally = { manifest, rows: 0 };
  const note = (entry: ZipEntry, rows?: number): ZipEntry => {
    const { name, content } = entry;
    manifest.parts.push({
      name,
      bytes: content.length,
      sha256: sha256Of(content),
      ...(rows === undefined ? {} : { rows }),
    });
    onProgress?.({ part: name, rows: tally.rows });
    return entry;
  };
  yield note(json(HEAD, headOf(source, tables)));
  yield note({ name: README, content: Buffer.from(readme) });
  yield note(json(CONFIG, config));
  if (secretKey) yield note({ name: SECRET_KEY, content: secretKey });
  for (const table of tables)
    for await (const { entry, rows } of partsOf(snapshot, table, tally)) yield note(entry, rows);
  for await (const sha256 of source.attachments) {
    const content = await source.attachment(sha256);
    if (!content) manifest.attachments.missing.push(sha256);
    else {
      manifest.attachments.files += 1;
      manifest.attachments.bytes += content.length;
      yield note({ name: attachmentName(sha256), content });
    }
  }
  manifest.books = await source.books;
  const sums = manifest.parts.map(({ sha256, name }) => `${sha256}  ${name}\n`).join('');
  yield { name: SUMS, content: Buffer.from(sums) };
  yield json(MANIFEST, manifest);
  source.onManifest?.(manifest);
}

function headOf({ snapshot, head }: BackupSource, tables: readonly AnyTable[]): BackupHead {
  return {
    format: FORMAT,
    formatVersion: FORMAT_VERSION,
    ...head,
    dialect: snapshot.dialect,
    tables: tables.map((table) => ({
      name: table.name,
      key: keyOf(table).column,
      columns: table.specs.map(({ column, kind }) => ({ name: column, kind })),
    })),
  };
}

interface Part {
  entry: ZipEntry;
  rows: number;
}

async function* partsOf(snapshot: Snapshot, table: AnyTable, tally: Tally): AsyncGenerator<Part> {
  const lines = new TableLines(table);
  const ahead: Promise<Part>[] = [];
  let number = 0;
  for await (const { text, rows } of lines.read(snapshot)) {
    number += 1;
    tally.rows += rows;
    const part = pack(partName(table.name, number), Buffer.concat([lines.header, text]), rows);
    // Nobody may be waiting for it yet; whoever does will be told.
    part.catch(() => undefined);
    ahead.push(part);
    if (ahead.length >= MOST_AHEAD) yield (await ahead.shift()) as Part;
  }
  for (const part of ahead) yield await part;
  tally.manifest.tables[table.name] = lines.figures();
}

async function pack(name: string, text: Buffer, rows: number): Promise<Part> {
  const params = { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 };
  return { entry: { name, content: await compress(text, { params, chunkSize: PACKED_BYTES }) }, rows };
}

const json = (name: string, value: unknown): ZipEntry => ({
  name,
  content: Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`),
});

export const sha256Of = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
