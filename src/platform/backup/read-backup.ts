import { createHash, type Hash } from 'node:crypto';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import type { z } from 'zod';
import { DomainError } from '../../kernel';
import type { Bytes } from './bytes';
import { decrypt, isAge, type Opening } from './encryption';
import { damaged, NOT_A_BACKUP } from './errors';
import { isSealed } from '../sealed-files';
import { attachmentOf, FORMAT_VERSION, HEAD, MANIFEST, SUMS, tableOfPart } from './format';
import { type BackupHead, type BackupManifest, headSchema, manifestSchema } from './manifest';
import { sha256Of } from './write-backup';
import { entriesOf, type Place } from './zip-read';
import type { ZipEntry } from './zip-write';

const unpack = promisify(zstdDecompress);
/** A part is 1 MB of text and one row; more than this is no part of ours. */
const MOST_TEXT = 512 * 1024 * 1024;
/** A few answers of the threads behind for a part, not one for each 16 KB. */
const UNPACKED_BYTES = 512 * 1024;
/** Parts that are unpacked by the threads behind while one is worked on. */
const MOST_AHEAD = 3;

/** What a reading meets, in this order: the head, then parts of tables and contents, then the manifest. */
export interface BackupVisitor {
  /** Throws to stop the reading before the first row. */
  head?: (head: BackupHead) => Promise<void> | void;
  /** Row lines of a table, each with its line feed; the first part of a table begins with its first row. The visitor keeps the text. */
  rows?: (table: string, text: Buffer) => Promise<void>;
  attachment?: (sha256: string, content: Buffer) => Promise<void>;
  /** Configuration and key. */
  other?: (name: string, content: Buffer) => Promise<void> | void;
  onProgress?: (part: string, rows: number) => void;
}

export interface ReadBackup {
  head: BackupHead;
  manifest: BackupManifest;
  encrypted: boolean;
  /** Bytes of the whole file. */
  bytes: number;
  /** SHA-256 of the whole file. */
  sha256: string;
}

export interface ReadOptions {
  opening: Opening;
  /** Rows are unpacked and their checksums compared; without it only the parts as they lie there. */
  unpackRows?: boolean;
}

/**
 * Reads a backup from front to back and checks everything that docs/formats/backup.md wants. Throws DomainErrors:
 * 'backup:error.not_backup', '.wrong_key', '.key_missing', '.newer' (of the format), '.damaged' with the part's name.
 */
export async function readBackup(
  file: Bytes,
  { opening, unpackRows = true }: ReadOptions,
  visitor: BackupVisitor = {},
): Promise<ReadBackup> {
  const place: Place = { part: 'the beginning of the file' };
  const whole = { bytes: 0, hash: createHash('sha256') };
  const { encrypted, bytes } = await opened(counted(file, whole), opening, place);
  const reading = new Reading(visitor, unpackRows);
  for await (const entry of entriesOf(bytes, place)) await reading.take(entry);
  const { head, manifest } = await reading.end();
  return { head, manifest, encrypted, bytes: whole.bytes, sha256: whole.hash.digest('hex') };
}

async function* counted(file: Bytes, whole: { bytes: number; hash: Hash }): AsyncGenerator<Buffer> {
  for await (const chunk of file) {
    whole.bytes += chunk.length;
    whole.hash.update(chunk);
    yield chunk;
  }
}

async function opened(file: Bytes, opening: Opening, place: Place): Promise<{ encrypted: boolean; bytes: Bytes }> {
  const input = file[Symbol.asyncIterator]();
  const first = await input.next();
  const start: Buffer = first.done ? Buffer.alloc(0) : first.value;
  const again = (async function* () {
    try {
      yield start;
      for (let next = await input.next(); !next.done; next = await input.next()) yield next.value;
    } finally {
      await input.return?.();
    }
  })();
  if (!isAge(start)) return { encrypted: false, bytes: again };
  if (opening.identities.length + (opening.passphrases?.length ?? 0) === 0) {
    await input.return?.();
    throw new DomainError('backup:error.key_missing');
  }
  return { encrypted: true, bytes: decrypt(again, opening, () => place.part) };
}

interface TableSeen {
  rows: number;
  hash: Hash;
}

/** The rows of one part, unpacked ahead. */
interface Waiting {
  name: string;
  table: string;
  text: Promise<Buffer>;
}

class Reading {
  private head: BackupHead | undefined;
  private manifest: BackupManifest | undefined;
  private readonly parts: BackupManifest['parts'] = [];
  private readonly tables = new Map<string, TableSeen>();
  private readonly headers = new Map<string, string>();
  private readonly waiting: Waiting[] = [];
  private rows = 0;

  constructor(
    private readonly visitor: BackupVisitor,
    private readonly unpackRows: boolean,
  ) {}

  async take({ name, content }: ZipEntry): Promise<void> {
    if (this.manifest) throw damaged(name);
    if (!this.head) return this.takeHead(name, content);
    const table = tableOfPart(name);
    if (table === undefined) await this.flush();
    if (name === MANIFEST) {
      this.manifest = parse(manifestSchema, content, name);
      return;
    }
    if (name === SUMS) return;
    this.parts.push({ name, bytes: content.length, sha256: sha256Of(content) });
    if (table !== undefined) return this.takeRows(name, table, content);
    const sha256 = attachmentOf(name);
    if (sha256 === undefined) await this.visitor.other?.(name, content);
    // Sealed ones have another checksum; SHA256SUMS holds it.
    else if (!isSealed(content) && this.parts.at(-1)?.sha256 !== sha256) throw damaged(name);
    else await this.visitor.attachment?.(sha256, content);
    this.visitor.onProgress?.(name, this.rows);
  }

  async end(): Promise<{ head: BackupHead; manifest: BackupManifest }> {
    const { head, manifest } = this;
    if (!head || !manifest) throw damaged(MANIFEST);
    for (const [index, wanted] of manifest.parts.entries()) {
      const found = this.parts[index];
      const same = found?.name === wanted.name && found.bytes === wanted.bytes && found.sha256 === wanted.sha256;
      if (!same) throw damaged(wanted.name);
    }
    const extra = this.parts[manifest.parts.length];
    if (extra) throw damaged(extra.name);
    if (this.unpackRows) this.compareTables(manifest);
    return { head, manifest };
  }

  private async takeHead(name: string, content: Buffer): Promise<void> {
    if (name !== HEAD) throw new DomainError(NOT_A_BACKUP);
    this.head = parse(headSchema, content, name);
    if (this.head.formatVersion > FORMAT_VERSION)
      throw new DomainError('backup:error.newer', { details: { version: this.head.program } });
    this.parts.push({ name, bytes: content.length, sha256: sha256Of(content) });
    for (const table of this.head.tables)
      this.headers.set(table.name, `${JSON.stringify(table.columns.map((column) => column.name))}\n`);
    await this.visitor.head?.(this.head);
  }

  private async takeRows(name: string, table: string, content: Buffer): Promise<void> {
    if (!this.unpackRows) return this.visitor.onProgress?.(name, 0);
    const text = unpack(content, { maxOutputLength: MOST_TEXT, chunkSize: UNPACKED_BYTES });
    text.catch(() => undefined);
    this.waiting.push({ name, table, text });
    if (this.waiting.length >= MOST_AHEAD) await this.finishNext();
  }

  private async flush(): Promise<void> {
    while (this.waiting.length > 0) await this.finishNext();
  }

  private async finishNext(): Promise<void> {
    const next = this.waiting.shift();
    if (!next) return;
    const { name, table } = next;
    const text = await next.text.catch((error: unknown) => {
      throw damaged(name, error);
    });
    const header = Buffer.from(this.headers.get(table) ?? '\0');
    if (!text.subarray(0, header.length).equals(header) || text.at(-1) !== 10) throw damaged(name);
    const lines = text.subarray(header.length);
    const seen = this.tables.get(table) ?? { rows: 0, hash: createHash('sha256') };
    this.tables.set(table, seen);
    const rows = countLines(lines);
    seen.rows += rows;
    seen.hash.update(lines);
    this.rows += rows;
    await this.visitor.rows?.(table, lines);
    this.visitor.onProgress?.(name, this.rows);
  }

  private compareTables({ tables }: BackupManifest): void {
    for (const [name, { rows, sha256 }] of Object.entries(tables)) {
      const seen = this.tables.get(name) ?? { rows: 0, hash: createHash('sha256') };
      if (seen.rows !== rows || seen.hash.digest('hex') !== sha256) throw damaged(`tables/${name}`);
    }
    for (const name of this.tables.keys()) if (!(name in tables)) throw damaged(`tables/${name}`);
  }
}

function countLines(text: Buffer): number {
  let lines = 0;
  for (let at = text.indexOf(10); at >= 0; at = text.indexOf(10, at + 1)) lines += 1;
  return lines;
}

function parse<T>(schema: z.ZodType<T>, content: Buffer, name: string): T {
  try {
    return schema.parse(JSON.parse(content.toString('utf8')));
  } catch (error) {
    throw damaged(name, error);
  }
}
