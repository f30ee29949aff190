import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { type MasterKeys, readKeyFile } from './key-file';

/** Encrypts personal data and secrets, and makes keyed hashes. `purpose` names the field and is bound to the result. */
export interface KeyRing {
  /** AES-256-GCM: `e1.<key id>.<nonce, tag and ciphertext in base64url>`; about 50 + 4/3 × length characters. */
  encrypt(text: string, purpose: string): string;
  /** Throws when the text was changed, belongs to another purpose, or its key is not in the key file. */
  decrypt(sealed: string, purpose: string): string;
  /**
   * HMAC-SHA256 in base64url, 43 characters: equal texts have equal hashes, so that an encrypted phone number can be
   * searched. Always by the oldest key; normalise the text first.
   */
  hash(text: string, purpose: string): string;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Opens the key file of the configuration (`config.security.keyFile`); makes it on first use. */
export const openKeyRing = (keyFile: string): KeyRing => createKeyRing(readKeyFile(keyFile));

export function createKeyRing({ current, keys }: MasterKeys): KeyRing {
  // One key per use, derived (RFC 5869), so that no key both encrypts and hashes.
  const derive = (master: Buffer, use: string): Buffer =>
    Buffer.from(hkdfSync('sha256', master, '', `phone-erp ${use}`, 32));
  const cipherKeys = new Map([...keys].map(([id, master]) => [id, derive(master, 'encrypt')]));
  const oldest = keys.values().next().value;
  const currentKey = cipherKeys.get(current);
  if (!oldest || !currentKey) throw new Error('key ring without a current key');
  const hashKey = derive(oldest, 'hash');
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
    hash: (text, purpose) => createHmac('sha256', hashKey).update(`${purpose}\0${text}`).digest('base64url'),
  };
}
