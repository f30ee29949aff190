import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { KeyRing } from '../crypto';
import { fileKeyId, HEAD_BYTES, isSealed, openPieces, sealPieces } from './frames';

type FileKeys = Pick<KeyRing, 'fileKey'>;

async function* piecesOf(handle: FileHandle): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of handle.createReadStream({ autoClose: false })) yield chunk as Buffer;
  } finally {
    await handle.close();
  }
}

/** The content of a file, sealed or not, as a stream. Rejects with ENOENT when it is not there. */
export async function readSealed(file: string, keys: FileKeys | undefined): Promise<Readable> {
  return Readable.from(openPieces(piecesOf(await open(file)), keys), { objectMode: false });
}

export const readSealedWhole = async (file: string, keys: FileKeys): Promise<Buffer> =>
  buffer(await readSealed(file, keys));

/** Writes a file that must not be there, sealed with the current key; it is on the disk when this resolves. */
export async function writeSealed(
  file: string,
  content: AsyncIterable<Buffer> | Iterable<Buffer>,
  keys: FileKeys,
  mode: number,
): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    for await (const piece of sealPieces(content, keys)) await handle.appendFile(piece);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The key that a file is sealed with; null: it is in clear. Undefined: it is gone. */
export async function sealedWith(file: string): Promise<string | null | undefined> {
  const handle = await open(file).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  if (!handle) return undefined;
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, 0);
    return isSealed(head.subarray(0, bytesRead)) ? fileKeyId(head) : null;
  } finally {
    await handle.close();
  }
}

/**
 * Seals a file anew with the current key, whole or not at all; who reads it meanwhile reads the old one to its end. The time of
 * its last change stays, because contents are kept by it.
 */
export async function resealFile(file: string, keys: FileKeys): Promise<void> {
  const temporary = path.join(
    path.dirname(file),
    `.${path.basename(file).slice(0, 8)}.${randomBytes(6).toString('hex')}`,
  );
  try {
    const { mode } = await stat(file);
    await writeSealed(temporary, openPieces(piecesOf(await open(file)), keys), keys, mode & 0o777);
    const { atime, mtime } = await stat(file);
    await utimes(temporary, atime, mtime);
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}
