import { readFileSync } from 'node:fs';
import type { TlsConfig } from '../config';
import type { Logger } from '../logging';
import { keyFits, readChain } from './certificate-facts';
import { machineNames } from './machine-names';
import { ensureOwnCertificate } from './own-certificate';

/** How soon a renewed file, or another address of this machine, is noticed. */
const LOOK_MS = 60_000;

export interface Secret {
  cert: string;
  key: string;
}

export interface LiveCertificate {
  current: () => Secret;
  /** Looks at the files now; true when another certificate is served from here on. Keeps the old one when they are not in order. */
  refresh: () => Promise<boolean>;
  stop: () => void;
}

export interface LiveCertificateOptions {
  publicUrl?: string | undefined;
  log: Logger;
  /** Another certificate took the place of the old one. */
  onChange: (secret: Secret) => void;
  now?: () => number;
  lookMs?: number;
}

/**
 * The certificate of a server that runs for months: makes and renews the own one, notices when a given one was replaced on
 * the disk (by the company's tool for certificates), and tells the server, so that nobody has to restart it.
 */
export async function openLiveCertificate(
  config: TlsConfig,
  { publicUrl, log, onChange, now = Date.now, lookMs = LOOK_MS }: LiveCertificateOptions,
): Promise<LiveCertificate> {
  let secret = await load();
  let complaint = '';
  const refresh = async (): Promise<boolean> => {
    try {
      const found = await load();
      complaint = '';
      if (found.cert === secret.cert && found.key === secret.key) return false;
      onChange(found);
      secret = found;
      log.info({ until: readChain(found.cert)[0].validToDate.toISOString() }, 'another certificate is served');
      return true;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      // Between two writes of the company's tool this is normal; said once, not every minute.
      if (message !== complaint)
        log.warn({ err: error }, 'the certificate on the disk is not in order; the old one is served');
      complaint = message;
      return false;
    }
  };
  const timer = setInterval(() => void refresh(), lookMs).unref();
  return { current: () => secret, refresh, stop: () => clearInterval(timer) };

  async function load(): Promise<Secret> {
    if (config.mode === 'own') await makeOwn();
    const found = { cert: readFileSync(config.certFile, 'utf8'), key: readFileSync(config.keyFile, 'utf8') };
    const [own] = readChain(found.cert);
    if (!keyFits(own, found.key)) throw new Error(`the key ${config.keyFile} does not belong to ${config.certFile}`);
    return found;
  }

  async function makeOwn(): Promise<void> {
    const made = await ensureOwnCertificate(config.folder, {
      names: machineNames({ names: config.names, publicUrl }),
      now: now(),
    });
    if (made.authorityMade)
      log.warn({ file: made.authorityFile }, 'a certificate authority was made: install it on the tills');
    else if (made.certificateMade) log.info({ leftOut: made.leftOut }, 'the own certificate was renewed');
  }
}
