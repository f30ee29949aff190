import type { X509Certificate } from 'node:crypto';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import type { TlsConfig } from '../../config';
import {
  commonName,
  covers,
  daysLeft,
  ensureOwnCertificate,
  keyFits,
  namesOf,
  ownCertificateFiles,
  readChain,
  type ServerNames,
} from '../../tls';
import { type Check, type CheckResult, text } from '../check';

export interface CertificateContext {
  /** Undefined: plain HTTP. */
  tls: TlsConfig | undefined;
  /** Where the server listens; on the loopback alone nobody needs HTTPS. */
  host: string;
  publicUrl?: string | undefined;
  /** The names and addresses of this machine. */
  names: ServerNames;
  /** Epoch milliseconds. */
  now: number;
  platform?: NodeJS.Platform;
}

/** Ordering a certificate from a company's own department takes weeks. */
const WARN_DAYS = 30;
/** A new authority means a visit to every till. */
const WARN_AUTHORITY_DAYS = 365;

type WithTls = CertificateContext & { tls: TlsConfig };

/** For checks that have nothing to look at without HTTPS. */
const whenTls =
  (run: (context: WithTls) => CheckResult): Check<CertificateContext>['run'] =>
  (context) =>
    context.tls
      ? run({ ...context, tls: context.tls })
      : { status: 'skipped', found: text('checks:certificates.https.off') };

const makeOwn = async ({ tls, names, now }: CertificateContext): Promise<void> => {
  if (tls?.mode === 'own') await ensureOwnCertificate(tls.folder, { names, now });
};

const https: Check<CertificateContext> = {
  id: 'certificates.https',
  category: 'certificates',
  title: text('checks:certificates.https.title'),
  required: text('checks:certificates.https.required'),
  run: ({ tls, host, publicUrl }) => {
    if (tls) return { status: 'ok', found: text(`checks:certificates.https.${tls.mode}`) };
    if (publicUrl?.startsWith('https:')) return { status: 'ok', found: text('checks:certificates.https.proxy') };
    if (['127.0.0.1', '::1', 'localhost'].includes(host))
      return { status: 'ok', found: text('checks:certificates.https.local') };
    return {
      status: 'warn',
      found: text('checks:certificates.https.off'),
      remedy: [text('checks:certificates.https.remedy')],
    };
  },
};

const key: Check<CertificateContext> = {
  id: 'certificates.key',
  category: 'certificates',
  title: text('checks:certificates.key.title'),
  required: text('checks:certificates.key.required'),
  run: whenTls(({ tls }) => {
    const { certFile, keyFile, mode } = tls;
    const remedy = [text(`checks:certificates.key.${mode}Remedy`, { certFile, keyFile })];
    try {
      const fits = keyFits(certificateOf(tls), readFileSync(keyFile, 'utf8'));
      if (fits) return { status: 'ok', found: text('checks:certificates.key.fits') };
      return { status: 'fail', found: text('checks:certificates.key.not', { keyFile, certFile }), remedy };
    } catch (error) {
      const evidence = error instanceof Error ? error.message : String(error);
      return { status: 'fail', found: text('checks:certificates.key.unreadable'), evidence, remedy };
    }
  }),
  fix: async (context) => {
    await makeOwn(context);
    return text(`checks:certificates.${context.tls?.mode === 'own' ? 'renewed' : 'notOurs'}`);
  },
};

const expiry: Check<CertificateContext> = {
  id: 'certificates.expiry',
  category: 'certificates',
  title: text('checks:certificates.expiry.title'),
  required: text('checks:certificates.expiry.required', { days: WARN_DAYS }),
  run: whenTls(({ tls, now }) => {
    const certificate = certificateOf(tls);
    const days = daysLeft(certificate, now);
    const until = certificate.validToDate.toISOString().slice(0, 10);
    if (certificate.validFromDate.getTime() > now)
      return {
        status: 'fail',
        found: text('checks:certificates.expiry.future', { from: certificate.validFrom }),
        remedy: [text('checks:certificates.expiry.futureRemedy')],
      };
    if (days < WARN_DAYS)
      return {
        status: days < 0 ? 'fail' : 'warn',
        found: text(`checks:certificates.expiry.${days < 0 ? 'ended' : 'soon'}`, { until, days }),
        remedy: [text(`checks:certificates.expiry.${tls.mode}Remedy`)],
      };
    return (
      authorityEnds(tls, now) ?? { status: 'ok', found: text('checks:certificates.expiry.found', { until, days }) }
    );
  }),
  fix: async (context) => {
    await makeOwn(context);
    return text(`checks:certificates.${context.tls?.mode === 'own' ? 'renewed' : 'notOurs'}`);
  },
};

function authorityEnds(tls: TlsConfig, now: number): CheckResult | undefined {
  if (tls.mode !== 'own') return undefined;
  const authority = readChain(readFileSync(ownCertificateFiles(tls.folder).authorityFile, 'utf8'))[0];
  const days = daysLeft(authority, now);
  if (days >= WARN_AUTHORITY_DAYS) return undefined;
  return {
    status: 'warn',
    found: text('checks:certificates.expiry.authority', { days, name: commonName(authority.subject) }),
    required: text('checks:certificates.expiry.required', { days: WARN_AUTHORITY_DAYS }),
    remedy: [text('checks:certificates.expiry.authorityRemedy')],
  };
}

const names: Check<CertificateContext> = {
  id: 'certificates.names',
  category: 'certificates',
  title: text('checks:certificates.names.title'),
  required: text('checks:certificates.names.required'),
  run: whenTls(({ tls, publicUrl, names: own }) => {
    const certificate = certificateOf(tls);
    const listed = namesOf(certificate).join(', ');
    const visited = publicUrl ? [new URL(publicUrl).hostname.replace(/^\[|\]$/g, '')] : [];
    const missing = visited.filter((name) => !covers(certificate, name));
    if (missing.length > 0) return namesMissing('fail', missing, listed, tls.mode);
    // A given certificate rarely names addresses; people then use its name.
    const further = tls.mode === 'own' ? [...own.dns, ...own.addresses] : [];
    const unnamed = further.filter((name) => !covers(certificate, name));
    if (unnamed.length > 0) return namesMissing('warn', unnamed, listed, tls.mode);
    return { status: 'ok', found: text('checks:certificates.names.found', { names: listed }) };
  }),
};

function namesMissing(
  status: 'warn' | 'fail',
  missing: string[],
  listed: string,
  mode: TlsConfig['mode'],
): CheckResult {
  return {
    status,
    found: text('checks:certificates.names.missing', { names: missing.join(', ') }),
    evidence: listed,
    remedy: [text(`checks:certificates.names.${mode}Remedy`)],
  };
}

const permissions: Check<CertificateContext> = {
  id: 'certificates.permissions',
  category: 'certificates',
  title: text('checks:certificates.permissions.title'),
  required: text('checks:certificates.permissions.required'),
  run: ({ tls, platform = process.platform }) => {
    if (!tls) return { status: 'skipped', found: text('checks:certificates.https.off') };
    if (platform === 'win32') return { status: 'skipped', found: text('checks:certificates.permissions.windows') };
    const open = keyFilesOf(tls).filter((file) => (statSync(file).mode & 0o007) !== 0);
    if (open.length === 0) return { status: 'ok', found: text('checks:certificates.permissions.found') };
    return {
      status: 'fail',
      found: text('checks:certificates.permissions.open', { files: open.join(', ') }),
      remedy: [text('checks:certificates.permissions.remedy', { files: open.join(' ') })],
    };
  },
  fix: ({ tls }) => {
    const files = tls ? keyFilesOf(tls) : [];
    files.forEach((file) => chmodSync(file, statSync(file).mode & 0o770));
    return Promise.resolve(text('checks:certificates.permissions.fixed'));
  },
};

const keyFilesOf = (tls: TlsConfig): string[] =>
  tls.mode === 'own' ? [tls.keyFile, ownCertificateFiles(tls.folder).authorityKeyFile] : [tls.keyFile];

const certificateOf = ({ certFile }: TlsConfig): X509Certificate => readChain(readFileSync(certFile, 'utf8'))[0];

export const certificateChecks: readonly Check<CertificateContext>[] = [https, key, expiry, names, permissions];
