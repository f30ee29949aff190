import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyRing } from '../crypto';

// A sealed file: 40 bytes of head (mark, key, salt), then frames of 64 KiB under AES-256-GCM, each with its tag behind it. The
// key is derived for this file alone, so that the nonce can be the frame's number; it says of the last frame that it is the last,
// so a change, a swap and a cut are all noticed (the construction of age's STREAM).

/** Begins with a zero byte: no text, picture or workbook does. */
const MARK = Buffer.from('\0ERPF1\r\n', 'latin1');
const KEY_AT = MARK.length;
const SALT_AT = KEY_AT + 16;
export const HEAD_BYTES = SALT_AT + 16;
const FRAME_BYTES = 64 * 1024;
const TAG_BYTES = 16;

export const isSealed = (start: Buffer): boolean =>
  start.length >= HEAD_BYTES && start.subarray(0, MARK.length).equals(MARK);

/** The id of the key that a sealed file was written with. */
export const fileKeyId = (head: Buffer): string =>
  head.subarray(KEY_AT, SALT_AT).toString('latin1').replace(/\0+$/, '');

function nonceOf(frame: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(frame, 5, 6);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

/** Cuts a stream into pieces of `size` bytes; the last one, which may be empty or smaller, is marked. */
async function* cut(
  source: AsyncIterable<Buffer> | Iterable<Buffer>,
  size: number,
): AsyncGenerator<{ piece: Buffer; last: boolean }> {
  let kept: Buffer[] = [];
  let length = 0;
  for await (const chunk of source) {
    kept.push(chunk);
    length += chunk.length;
    if (length <= size) continue;
    let all = Buffer.concat(kept);
    // One byte stays behind: only at the end is it known which piece is the last.
    for (; all.length > size; all = all.subarray(size)) yield { piece: all.subarray(0, size), last: false };
    kept = [all];
    length = all.length;
  }
  yield { piece: Buffer.concat(kept), last: true };
}

/** Encrypts a stream with the current key; memory stays flat. */
export async function* sealPieces(
  source: AsyncIterable<Buffer> | Iterable<Buffer>,
  keys: Pick<KeyRing, 'fileKey'>,
): AsyncGenerator<Buffer> {
  const salt = randomBytes(HEAD_BYTES - SALT_AT);
  const { keyId, key } = keys.fileKey(salt);
  const head = Buffer.concat([MARK, Buffer.from(keyId.padEnd(SALT_AT - KEY_AT, '\0'), 'latin1'), salt]);
  yield head;
  let frame = 0;
  for await (const { piece, last } of cut(source, FRAME_BYTES)) {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(frame++, last)).setAAD(head);
    yield Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()]);
  }
}

/** What is in a file, sealed or of an earlier version in clear. Throws when it was changed or cut, or its key is not there. */
export async function* openPieces(
  source: AsyncIterable<Buffer>,
  keys: Pick<KeyRing, 'fileKey'> | undefined,
): AsyncGenerator<Buffer> {
  const chunks = source[Symbol.asyncIterator]();
  try {
    yield* opened(chunks, keys);
  } finally {
    await chunks.return?.();
  }
}

async function* opened(
  chunks: AsyncIterator<Buffer>,
  keys: Pick<KeyRing, 'fileKey'> | undefined,
): AsyncGenerator<Buffer> {
  let start: Buffer = Buffer.alloc(0);
  while (start.length < HEAD_BYTES) {
    const next = await chunks.next();
    if (next.done) break;
    start = Buffer.concat([start, next.value]);
  }
  const rest = { [Symbol.asyncIterator]: () => chunks };
  if (!isSealed(start)) {
    if (start.length > 0) yield start;
    yield* rest;
    return;
  }
  const head = start.subarray(0, HEAD_BYTES);
  const keyId = fileKeyId(head);
  if (!keys) throw new Error(`sealed with key ${keyId}, and there is no key file`);
  const { key } = keys.fileKey(head.subarray(SALT_AT), keyId);
  const sealed = async function* (): AsyncGenerator<Buffer> {
    if (start.length > HEAD_BYTES) yield start.subarray(HEAD_BYTES);
    yield* rest;
  };
  let frame = 0;
  for await (const { piece, last } of cut(sealed(), FRAME_BYTES + TAG_BYTES)) {
    if (piece.length < TAG_BYTES) throw new Error('a sealed file was cut off');
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(frame++, last), { authTagLength: TAG_BYTES });
    decipher.setAAD(head).setAuthTag(piece.subarray(piece.length - TAG_BYTES));
    const text = decipher.update(piece.subarray(0, piece.length - TAG_BYTES));
    decipher.final();
    yield text;
  }
}
