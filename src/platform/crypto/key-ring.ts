import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { statSync } from 'node:fs';
import { type MasterKeys, readKeyFile } from './key-file';

/** Encrypts personal data and secrets, and makes keyed hashes. `purpose` names the field and is bound to the result. */
export interface KeyRing {
  /** AES-256-GCM: `e1.<key id>.<nonce, tag and ciphertext in base64url>`; about 50 + 4/3 × length characters. */
  encrypt(text: string, purpose: string): string;
  /** Throws when the text was changed, belongs to another purpose, or its key is not in the key file. */
  decrypt(sealed: string, purpose: string): string;
  /**
   * HMAC-SHA256 in base64url, 43 characters: equal texts have equal hashes, so that an encrypted phone number can be
   * compared. Always by what came of the first key: for what cannot be made anew, such as seals.
   */
  hash(text: string, purpose: string): string;
  /** As `hash`, by what came of the current key: for columns that are searched. Normalise the text first. */
  searchHash(text: string, purpose: string): string;
  /** The same by every key of the file, the oldest first: a column may hold any of them while the key is changed. */
  searchHashes(text: string, purpose: string): { keyId: string; hash: string }[];
  /** Id of the key that `searchHash` uses. */
  readonly searchId: string;
  /**
   * The key of one file, made of the file's salt (16 random bytes): under the current key, or the one named. Throws when that is
   * not in the key file.
   */
  fileKey(salt: Buffer, keyId?: string): { keyId: string; key: KeyObject };
}

/** The id of the key that a text was encrypted with. */
export const keyIdOf = (sealed: string): string => sealed.split('.')[1] ?? '';

/** How a text begins that this key has encrypted. */
export const sealedBy = (keyId: string): string => `e1.${keyId}.`;

/** The id that the first key of an installation has. */
const FIRST_KEY = 'k1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** How often a running program looks whether the key file was changed by a rotation. */
const LOOK_EVERY_MS = 1000;

/**
 * Opens the key file of the configuration (`config.security.keyFile`); makes it on first use. A rotation by another process
 * is followed within a second: what is encrypted from then on has the new key.
 */
export function openKeyRing(keyFile: string): KeyRing {
  let ring = createKeyRing(readKeyFile(keyFile));
  let stamp = stampOf(keyFile);
  let lookedAt = Date.now();
  const follow = (): void => {
    lookedAt = Date.now();
    const now = stampOf(keyFile);
    if (now === null || now === stamp) return;
    // A file that cannot be read at this moment is no reason to stop: the keys at hand still work.
    try {
      ring = createKeyRing(readKeyFile(keyFile));
      stamp = now;
    } catch {
      lookedAt = Date.now();
    }
  };
  const fresh = (): KeyRing => {
    if (Date.now() - lookedAt >= LOOK_EVERY_MS) follow();
    return ring;
  };
  /** What fails was perhaps encrypted a moment ago, with a key that is newer than what was read. */
  const again = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      const before = ring;
      follow();
      if (ring === before) throw error;
      return work();
    }
  };
  return {
    encrypt: (text, purpose) => fresh().encrypt(text, purpose),
    decrypt: (sealed, purpose) => again(() => ring.decrypt(sealed, purpose)),
    fileKey: (salt, keyId) => (keyId === undefined ? fresh().fileKey(salt) : again(() => ring.fileKey(salt, keyId))),
    hash: (text, purpose) => ring.hash(text, purpose),
    searchHash: (text, purpose) => fresh().searchHash(text, purpose),
    searchHashes: (text, purpose) => fresh().searchHashes(text, purpose),
    get searchId() {
      return fresh().searchId;
    },
  };
}

function stampOf(file: string): string | null {
  try {
    const { mtimeMs, ino, size } = statSync(file);
    return `${mtimeMs}/${ino}/${size}`;
  } catch {
    return null;
  }
}

/** One key per use, derived (RFC 5869), so that no key both encrypts and hashes. */
const derive = (master: Buffer, use: string, salt: Buffer | string = ''): Buffer =>
  Buffer.from(hkdfSync('sha256', master, salt, `phone-erp ${use}`, 32));

/** What keyed hashes are made with; stays when the key it came from goes. */
export function hashKeyOf({ keys, hashKey }: MasterKeys): Buffer {
  const oldest = keys.values().next().value;
  if (!oldest) throw new Error('key ring without a key');
  return hashKey ?? derive(oldest, 'hash');
}

/** Tells keys of the same id of different installations apart; says nothing about the key. 8 hexadecimal digits. */
export const fingerprintOf = (master: Buffer): string => derive(master, 'fingerprint').toString('hex').slice(0, 8);

const hmac = (key: KeyObject, text: string, purpose: string): string =>
  createHmac('sha256', key).update(`${purpose}\0${text}`).digest('base64url');

export function createKeyRing(master: MasterKeys): KeyRing {
  const { current, keys } = master;
  // Key objects: a buffer would be made into one for every text, which takes five times as long as hashing it.
  const cipherKeys = new Map([...keys].map(([id, key]) => [id, createSecretKey(derive(key, 'encrypt'))]));
  const currentKey = cipherKeys.get(current);
  if (!currentKey) throw new Error('key ring without a current key');
  const hashKey = createSecretKey(hashKeyOf(master));
  // What the first key made was made before keys of hashes changed.
  const searchKeys = new Map(
    [...keys].map(([id, key]) => [id, id === FIRST_KEY ? hashKey : createSecretKey(derive(key, 'search'))]),
  );
  const currentSearchKey = searchKeys.get(current) ?? hashKey;
  return {
    encrypt(text, purpose) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', currentKey, nonce).setAAD(Buffer.from(purpose));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `e1.${current}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
    },
    decrypt(sealed, purpose) {
      const [version, keyId = '', content = ''] = sealed.split('.');
      const key = cipherKeys.get(keyId);
      if (version !== 'e1' || !key) throw new Error(`encrypted with key ${keyId}, which the key file does not hold`);
      const bytes = Buffer.from(content, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(purpose)).setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const body = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([body, decipher.final()]).toString('utf8');
    },
    hash: (text, purpose) => hmac(hashKey, text, purpose),
    searchHash: (text, purpose) => hmac(currentSearchKey, text, purpose),
    searchHashes: (text, purpose) => [...searchKeys].map(([keyId, key]) => ({ keyId, hash: hmac(key, text, purpose) })),
    searchId: current,
    fileKey(salt, keyId = current) {
      const key = keys.get(keyId);
      if (!key) throw new Error(`sealed with key ${keyId}, which the key file does not hold`);
      return { keyId, key: createSecretKey(derive(key, 'file', salt)) };
    },
  };
}
