import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import tls from 'node:tls';

const DAY_MS = 86_400_000;
const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates of a PEM file: the server's own first, those that vouch for it after it. Throws when there is none. */
export function readChain(pem: string): [X509Certificate, ...X509Certificate[]] {
  const [own, ...further] = (pem.match(PEM_CERTIFICATE) ?? []).map((one) => new X509Certificate(one));
  if (!own) throw new Error('no certificate in PEM form');
  return [own, ...further];
}

/** Whole days until the certificate ends; negative when it has ended. */
export const daysLeft = (certificate: X509Certificate, now: number): number =>
  Math.floor((certificate.validToDate.getTime() - now) / DAY_MS);

/** Whether a browser that asked for this name or address accepts the certificate as far as names go. */
export function covers(certificate: X509Certificate, name: string): boolean {
  return isIP(name) !== 0
    ? certificate.checkIP(name) !== undefined
    : certificate.checkHost(name, { subject: 'never' }) !== undefined;
}

/** The names and addresses that the certificate stands for, as it lists them. */
export function namesOf(certificate: X509Certificate): string[] {
  return (certificate.subjectAltName ?? '')
    .split(', ')
    .flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1] ?? []);
}

/** False as well when the key cannot be read at all. */
export function keyFits(certificate: X509Certificate, keyPem: string): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(keyPem));
  } catch {
    return false;
  }
}

/** `CN=Phone ERP CA …` out of a subject or issuer; the whole when it has no common name. */
export const commonName = (subject: string): string =>
  /^CN=(.+)$/m.exec(subject)?.[1] ?? subject.replaceAll('\n', ', ');

const signedBy = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

/**
 * Whether every browser believes the certificate: its chain leads to an authority that this machine was delivered with or
 * was told to trust. A certificate that signed itself never counts.
 */
export function isPubliclyTrusted([own, ...further]: readonly [X509Certificate, ...X509Certificate[]]): boolean {
  let last = own;
  const rest = [...further];
  for (;;) {
    const at = rest.findIndex((candidate) => signedBy(last, candidate));
    if (at < 0) break;
    last = rest.splice(at, 1)[0] ?? last;
  }
  const known = [...tls.getCACertificates('bundled'), ...tls.getCACertificates('system')];
  return known.some((pem) => isIssuerOf(pem, last));
}

function isIssuerOf(pem: string, certificate: X509Certificate): boolean {
  try {
    const root = new X509Certificate(pem);
    return root.fingerprint256 === certificate.fingerprint256 ? root.ca : signedBy(certificate, root);
  } catch {
    // A machine's store may hold what this program cannot read.
    return false;
  }
}
