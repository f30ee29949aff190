import { type X509Certificate } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { covers, daysLeft, keyFits, namesOf, readChain } from './certificate-facts';
import { issueAuthority, issueServerCertificate, type PemPair } from './issue';
import type { ServerNames } from './machine-names';
import { isPrivateAddress } from './name-constraints';

/** Renewed when fewer days are left: a month in which a server that was switched off still comes back in order. */
const RENEW_DAYS = 30;

export interface OwnCertificateFiles {
  authorityFile: string;
  authorityKeyFile: string;
  certFile: string;
  keyFile: string;
}

export const ownCertificateFiles = (folder: string): OwnCertificateFiles => ({
  authorityFile: path.join(folder, 'authority.crt'),
  authorityKeyFile: path.join(folder, 'authority.key'),
  certFile: path.join(folder, 'server.crt'),
  keyFile: path.join(folder, 'server.key'),
});

export interface OwnCertificateOptions {
  names: ServerNames;
  /** Epoch milliseconds. */
  now?: number;
  /** A new authority although the old one is in order; every till has to be told. */
  newAuthority?: boolean;
  /** A new server certificate although the old one is in order. */
  renew?: boolean;
}

export interface OwnCertificateState extends OwnCertificateFiles {
  /** The authority was made just now: tills that trusted another one have to be told. */
  authorityMade: boolean;
  certificateMade: boolean;
  /** Names that the authority may not vouch for; a new authority would. */
  leftOut: string[];
}

/**
 * Sees to it that `folder` holds an authority and a certificate for the server that is valid for its names; makes what is
 * missing, damaged, about to end or no longer fits. Files are readable by their owner alone. A new authority is made only when
 * there is none that works, or when asked: it means a visit to every till.
 */
export async function ensureOwnCertificate(
  folder: string,
  { names, now = Date.now(), newAuthority = false, renew = false }: OwnCertificateOptions,
): Promise<OwnCertificateState> {
  const files = ownCertificateFiles(folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  giveToOwnerAbove(folder);
  const found = newAuthority ? undefined : readPair(files.authorityFile, files.authorityKeyFile);
  const usable = found && daysLeft(found.certificate, now) > 0 ? found : undefined;
  const authority = usable ?? (await makeAuthority(files, names, now));
  const wanted = permitted(authority.certificate, names);
  const current = readPair(files.certFile, files.keyFile);
  const keep = !renew && current !== undefined && stillFits(current.certificate, authority.certificate, wanted, now);
  if (!keep) {
    const made = await issueServerCertificate(authority, wanted, now);
    writePair(files.certFile, files.keyFile, made);
  }
  const leftOut = [...names.dns, ...names.addresses].filter(
    (name) => !wanted.dns.includes(name) && !wanted.addresses.includes(name),
  );
  return { ...files, authorityMade: !usable, certificateMade: !keep, leftOut };
}

interface ReadPair extends PemPair {
  certificate: X509Certificate;
}

async function makeAuthority(files: OwnCertificateFiles, names: ServerNames, now: number): Promise<ReadPair> {
  const made = await issueAuthority(names, os.hostname(), now);
  writePair(files.authorityFile, files.authorityKeyFile, made);
  return { ...made, certificate: readChain(made.cert)[0] };
}

/** Undefined when a file is missing or damaged or the two do not belong together. A file that may not be read is an error. */
function readPair(certFile: string, keyFile: string): ReadPair | undefined {
  if (!existsSync(certFile) || !existsSync(keyFile)) return undefined;
  const [cert, key] = [readFileSync(certFile, 'utf8'), readFileSync(keyFile, 'utf8')];
  try {
    const [certificate] = readChain(cert);
    return keyFits(certificate, key) ? { cert, key, certificate } : undefined;
  } catch {
    return undefined;
  }
}

function stillFits(
  certificate: X509Certificate,
  authority: X509Certificate,
  { dns, addresses }: ServerNames,
  now: number,
): boolean {
  return (
    certificate.verify(authority.publicKey) &&
    (daysLeft(certificate, now) >= RENEW_DAYS || certificate.validTo === authority.validTo) &&
    daysLeft(certificate, now) > 0 &&
    [...dns, ...addresses].every((name) => covers(certificate, name))
  );
}

/** Those of the names that the authority may vouch for; see issueAuthority. */
function permitted(authority: X509Certificate, { dns, addresses }: ServerNames): ServerNames {
  const listed = namesOf(authority);
  const below = (name: string): boolean => listed.some((one) => name === one || name.endsWith(`.${one}`));
  return {
    dns: dns.filter((name) => below(name.replace(/^\*\./, ''))),
    addresses: addresses.filter((address) => isPrivateAddress(address) || covers(authority, address)),
  };
}

/** The key first: a certificate without its key is found and replaced, a key in wait harms nobody. */
function writePair(certFile: string, keyFile: string, { cert, key }: PemPair): void {
  for (const [file, content] of [
    [keyFile, key],
    [certFile, cert],
  ] as const) {
    const temporary = `${file}.${process.pid}.new`;
    writeFileSync(temporary, content, { mode: 0o600, flush: true });
    chmodSync(temporary, 0o600);
    giveToOwnerAbove(temporary);
    renameSync(temporary, file);
  }
}

/** An administrator who makes certificates as root makes them for the account that the server runs under. */
function giveToOwnerAbove(file: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(path.dirname(file));
  chownSync(file, uid, gid);
}
