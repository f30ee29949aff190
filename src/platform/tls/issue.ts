import { randomBytes, webcrypto } from 'node:crypto';
import type * as X509 from '@peculiar/x509';
import type { ServerNames } from './machine-names';
import { NAME_CONSTRAINTS, permittedNames, PRIVATE_ENDINGS } from './name-constraints';

const DAY_MS = 86_400_000;
/** Ten years: as long as a till lives. Putting a new authority on every till is work for a day. */
const AUTHORITY_DAYS = 3650;
/** Safari and Chrome refuse certificates of own authorities that are valid for longer. */
export const SERVER_DAYS = 825;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
/** Tills whose clock is a day late still accept a certificate of today. */
const CLOCK_TOLERANCE_MS = DAY_MS;

/** Certificate and private key as PEM. */
export interface PemPair {
  cert: string;
  key: string;
}

/**
 * A new authority that can vouch for these names, for names below private endings and for private addresses, and for nothing
 * else. Its alternative names list what it may vouch for, so that this can be read without decoding the constraints.
 */
export async function issueAuthority(names: ServerNames, host: string, now: number): Promise<PemPair> {
  const x509 = await library();
  const keys = await newKeys();
  const dns = [...new Set([...names.dns.map((name) => name.replace(/^\*\./, '')), ...PRIVATE_ENDINGS])];
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ O: ['Phone Retail ERP'] }, { CN: [`Phone ERP CA ${host} ${new Date(now).toISOString().slice(0, 10)}`] }],
    notBefore: new Date(now - CLOCK_TOLERANCE_MS),
    notAfter: new Date(now + AUTHORITY_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      new x509.Extension(NAME_CONSTRAINTS, true, permittedNames(dns, names.addresses)),
      alternativeNames(x509, { dns, addresses: names.addresses }),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: `${certificate.toString('pem')}\n`, key: await privatePem(keys) };
}

/** A certificate for a server of these names, signed by the authority; never valid for longer than the authority. */
export async function issueServerCertificate(authority: PemPair, names: ServerNames, now: number): Promise<PemPair> {
  const x509 = await library();
  const keys = await newKeys();
  const issuer = new x509.X509Certificate(authority.cert);
  const until = Math.min(now + SERVER_DAYS * DAY_MS - CLOCK_TOLERANCE_MS, issuer.notAfter.getTime());
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ O: ['Phone Retail ERP'] }, { CN: [(names.dns[0] ?? names.addresses[0] ?? 'phone-erp').slice(0, 64)] }],
    issuer: issuer.subjectName,
    notBefore: new Date(now - CLOCK_TOLERANCE_MS),
    notAfter: new Date(until),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: await readPrivateKey(authority.key),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      alternativeNames(x509, names),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: `${certificate.toString('pem')}\n`, key: await privatePem(keys) };
}

/** Loaded only when something is issued: a server that starts with a valid certificate does without. */
async function library(): Promise<typeof X509> {
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  // The library names the browser's type of the same interface.
  x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);
  return x509;
}

function alternativeNames(x509: typeof X509, { dns, addresses }: ServerNames): X509.SubjectAlternativeNameExtension {
  return new x509.SubjectAlternativeNameExtension([
    ...dns.map((value) => ({ type: 'dns' as const, value })),
    ...addresses.map((value) => ({ type: 'ip' as const, value })),
  ]);
}

/** 127 random bits, positive (RFC 5280 allows 20 bytes). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function privatePem({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n');
}

async function readPrivateKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  return webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']);
}
