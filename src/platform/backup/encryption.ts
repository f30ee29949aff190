import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient, type Recipient } from 'age-encryption';
import { DomainError } from '../../kernel';
import type { Bytes } from './bytes';
import { damaged, NOT_A_BACKUP } from './errors';

/** Who can read a backup: holders of the private keys, or who knows the passphrase. Recipients win: age allows no mixture. */
export interface Sealing {
  recipients: readonly string[];
  passphrase?: string | undefined;
}

/** What opens a backup: private keys (AGE-SECRET-KEY-1…) and passphrases, all tried. */
export interface Opening {
  identities: readonly string[];
  passphrases?: readonly string[] | undefined;
}

export interface KeyPair {
  /** Private: AGE-SECRET-KEY-1… */
  identity: string;
  /** Public: age1… */
  recipient: string;
}

const MAGIC = 'age-encryption.org/v1\n';
const MAX_HEADER = 64 * 1024;
const NONCE_BYTES = 16;
/** Plain bytes of one piece of age's STREAM, and what encryption adds to it. */
const PIECE = 64 * 1024;
const TAG = 16;

export async function newKeyPair(): Promise<KeyPair> {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** The public key of a private one. Throws 'backup:error.identity' for what is no private key. */
export async function recipientOf(identity: string): Promise<string> {
  try {
    return await identityToRecipient(identity);
  } catch (error) {
    throw new DomainError('backup:error.identity', { cause: error });
  }
}

/**
 * Encrypts into one age file. The header is the library's; the pieces go through the run time's own cipher, which is eight times
 * as fast as one in JavaScript (0018-backups).
 */
export async function* encrypt(plain: Bytes, sealing: Sealing): AsyncGenerator<Buffer> {
  const { header, key } = await makeHeader(sealing);
  yield header;
  const nonce = nonces();
  const held: Buffer[] = [];
  let size = 0;
  for await (const chunk of plain) {
    held.push(chunk);
    size += chunk.length;
    // The last piece is marked and may be full, so one byte more must be there before a piece is known not to be it.
    if (size <= PIECE) continue;
    let rest = Buffer.concat(held.splice(0));
    for (; rest.length > PIECE; rest = rest.subarray(PIECE))
      yield sealPiece(key, nonce(false), rest.subarray(0, PIECE));
    held.push(rest);
    size = rest.length;
  }
  yield sealPiece(key, nonce(true), Buffer.concat(held));
}

/**
 * Decrypts an age file. Throws DomainErrors: 'backup:error.not_backup' for what is none, 'backup:error.wrong_key',
 * 'backup:error.damaged' for a piece that was changed or is missing. `part` tells what was being read.
 */
export async function* decrypt(sealed: Bytes, opening: Opening, part: () => string): AsyncGenerator<Buffer> {
  const input = sealed[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  let ended = false;
  const fill = async (bytes: number): Promise<void> => {
    const pieces = [held];
    let size = held.length;
    while (size < bytes && !ended) {
      const next = await input.next();
      if (next.done) ended = true;
      else {
        pieces.push(next.value);
        size += next.value.length;
      }
    }
    if (pieces.length > 1) held = Buffer.concat(pieces);
  };
  const take = (bytes: number): Buffer => {
    const taken = held.subarray(0, bytes);
    held = held.subarray(bytes);
    return taken;
  };
  try {
    await fill(MAGIC.length);
    if (!isAge(held)) throw new DomainError(NOT_A_BACKUP);
    let length: number | undefined;
    for (let wanted = 1024; (length = headerLength(held)) === undefined; wanted *= 2) {
      if (ended || wanted > MAX_HEADER) throw damaged(part());
      await fill(wanted);
    }
    await fill(length + NONCE_BYTES);
    const key = await openHeader(take(length), take(NONCE_BYTES), opening, part);
    const nonce = nonces();
    for (;;) {
      await fill(PIECE + TAG + 1);
      const last = held.length <= PIECE + TAG;
      const plain = openPiece(key, nonce(last), take(PIECE + TAG));
      if (!plain) throw damaged(part());
      yield plain;
      if (last) return;
    }
  } finally {
    await input.return?.();
  }
}

/** Whether a file that begins with these bytes is an age file. */
export const isAge = (beginning: Buffer): boolean => beginning.subarray(0, MAGIC.length).toString('latin1') === MAGIC;

async function makeHeader({ recipients, passphrase }: Sealing): Promise<{ header: Buffer; key: Buffer }> {
  const encrypter = new Encrypter();
  let fileKey: Uint8Array | undefined;
  // Asked to wrap the file key as every recipient is; it keeps it and adds nothing to the header.
  const keep: Recipient = {
    wrapFileKey: (key) => {
      fileKey = key;
      return [];
    },
  };
  try {
    if (recipients.length > 0) for (const one of [...recipients, keep]) encrypter.addRecipient(one);
    else encrypter.setPassphrase(passphrase ?? '');
  } catch (error) {
    throw new DomainError('backup:error.recipient', { cause: error });
  }
  const empty = Buffer.from(await encrypter.encrypt(new Uint8Array(0)));
  const header = empty.subarray(0, empty.length - TAG);
  if (!fileKey) {
    const decrypter = new Decrypter();
    decrypter.addPassphrase(passphrase ?? '');
    fileKey = await decrypter.decryptHeader(header.subarray(0, header.length - NONCE_BYTES));
  }
  return { header, key: payloadKey(fileKey, header.subarray(-NONCE_BYTES)) };
}

async function openHeader(header: Buffer, nonce: Buffer, opening: Opening, part: () => string): Promise<Buffer> {
  const decrypter = new Decrypter();
  try {
    for (const identity of opening.identities) decrypter.addIdentity(identity);
  } catch (error) {
    throw new DomainError('backup:error.identity', { cause: error });
  }
  for (const passphrase of opening.passphrases ?? []) decrypter.addPassphrase(passphrase);
  try {
    return payloadKey(await decrypter.decryptHeader(header), nonce);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    // The library tells the two apart by its words alone; anything else is a header that was changed.
    if (/no identity matched/.test(reason)) throw new DomainError('backup:error.wrong_key', { cause: error });
    throw damaged(part(), error);
  }
}

/** Up to and with the line of the header's own check; undefined as long as it is not all there. */
function headerLength(bytes: Buffer): number | undefined {
  const mark = bytes.indexOf('\n--- ', 0, 'latin1');
  const end = mark < 0 ? -1 : bytes.indexOf(10, mark + 1);
  return end < 0 ? undefined : end + 1;
}

const payloadKey = (fileKey: Uint8Array, nonce: Buffer): Buffer =>
  Buffer.from(hkdfSync('sha256', fileKey, nonce, 'payload', 32));

/** 11 bytes of a counter, one that marks the last piece. */
function nonces(): (last: boolean) => Buffer {
  let counter = 0;
  return (last) => {
    const nonce = Buffer.alloc(12);
    nonce.writeUIntBE(counter++, 5, 6);
    nonce[11] = last ? 1 : 0;
    return nonce;
  };
}

function sealPiece(key: Buffer, nonce: Buffer, plain: Buffer): Buffer {
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG });
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function openPiece(key: Buffer, nonce: Buffer, sealed: Buffer): Buffer | undefined {
  if (sealed.length < TAG) return undefined;
  const decipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG });
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG)), decipher.final()]);
  } catch {
    return undefined;
  }
}
