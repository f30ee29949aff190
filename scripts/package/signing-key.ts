import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { findKey, type ReleaseKey } from '../../src/platform/release';

/** PKCS #8 frame around the 32 secret bytes of an Ed25519 key (RFC 8410). */
const PKCS8_FRAME = Buffer.from('302e020100300506032b657004220420', 'hex');
/** Known to everybody on purpose: it shows that the machinery works, never where a package comes from. */
const DEVELOPMENT_SENTENCE = 'phone-erp development signing key, worth nothing';

export interface Signer {
  key: ReleaseKey;
  /** Base64 text with a line break; the same bytes give the same signature. */
  sign: (bytes: Buffer) => string;
}

/**
 * The key to sign a release with: the PEM file named by ERP_RELEASE_KEY_FILE, else the development key. Throws when the
 * program does not carry the public half: nobody could check what it signs.
 */
export function openSigner(file = process.env.ERP_RELEASE_KEY_FILE): Signer {
  const secret = file ? createPrivateKey(readFileSync(file)) : developmentKey();
  const key = findKey(publicHalf(secret));
  if (!key)
    throw new Error(
      `the public half of ${file} is not in src/platform/release/signature.ts: add { publicKey: '${publicHalf(secret)}' } there first`,
    );
  return { key, sign: (bytes) => `${sign(null, bytes, secret).toString('base64')}\n` };
}

export function developmentKey(): KeyObject {
  const seed = createHash('sha256').update(DEVELOPMENT_SENTENCE).digest();
  return createPrivateKey({ key: Buffer.concat([PKCS8_FRAME, seed]), format: 'der', type: 'pkcs8' });
}

/** The 32 public bytes, base64url, as src/platform/release/signature.ts lists them. */
export function publicHalf(secret: KeyObject): string {
  return createPublicKey(secret).export({ format: 'jwk' }).x ?? '';
}
