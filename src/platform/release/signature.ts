import { createPublicKey, verify } from 'node:crypto';

/**
 * A key that releases are signed with (Ed25519). The private half never lies in the project, but for the development key:
 * that one is made from a sentence in scripts/package/signing-key.ts, anybody can sign with it, and every place that shows a
 * signature says so.
 */
export interface ReleaseKey {
  id: string;
  kind: 'release' | 'development';
  /** The 32 bytes of the public key, base64url. */
  publicKey: string;
}

export const releaseKeys: readonly ReleaseKey[] = [
  { id: 'development', kind: 'development', publicKey: '82P_38lBnpJUPDL7iJVDFntylTP07T8affTek9Ygnno' },
];

export interface SignatureState {
  /** `unsigned`: no signature is there; `unknown`: none of our keys made it, or what it signs was changed. */
  state: 'release' | 'development' | 'unsigned' | 'unknown';
  keyId?: string;
}

/** Which of our keys signed these bytes; `signature` is base64 text, undefined when there is none. */
export function signatureOf(signed: Buffer, signature: string | undefined): SignatureState {
  if (signature === undefined || signature.trim() === '') return { state: 'unsigned' };
  const bytes = Buffer.from(signature.trim(), 'base64');
  const key = releaseKeys.find(({ publicKey }) => verify(null, signed, publicKeyObject(publicKey), bytes));
  return key ? { state: key.kind, keyId: key.id } : { state: 'unknown' };
}

/** The entry of a public key, for who signs. */
export function findKey(publicKey: string): ReleaseKey | undefined {
  return releaseKeys.find((key) => key.publicKey === publicKey);
}

function publicKeyObject(publicKey: string): ReturnType<typeof createPublicKey> {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
}
