import { DomainError, isDomainError } from '../../kernel';
import { redactText } from '../logging';
import type { Failure } from './tables';

/** Reasons in `notifications:fault.<code>`; each has its `Remedy`. */
type Fault =
  | 'hostUnknown'
  | 'unreachable'
  | 'timeout'
  | 'certificate'
  | 'signIn'
  | 'recipient'
  | 'mailRefused'
  | 'status'
  | 'robot'
  | 'redirected'
  | 'forbiddenAddress'
  | 'neutralised'
  | 'other';

export const notifyError = (fault: Fault, details: Record<string, string | number> = {}): DomainError =>
  new DomainError(`notifications:fault.${fault}`, { details });

const BY_CODE: Readonly<Record<string, Fault>> = {
  ENOTFOUND: 'hostUnknown',
  EAI_AGAIN: 'hostUnknown',
  EDNS: 'hostUnknown',
  ECONNREFUSED: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ECONNRESET: 'unreachable',
  EPIPE: 'unreachable',
  ECONNECTION: 'unreachable',
  ESOCKET: 'unreachable',
  ETIMEDOUT: 'timeout',
  EAUTH: 'signIn',
  ENOAUTH: 'signIn',
  EENVELOPE: 'recipient',
  EMESSAGE: 'mailRefused',
  ETLS: 'certificate',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate',
  CERT_HAS_EXPIRED: 'certificate',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate',
  EPROTO: 'certificate',
};
const LONGEST_DETAIL = 160;

/**
 * An error of the line or of the other side, as people read it. `secrets` are taken out of what the other side said: a mail
 * server may quote the line it did not like.
 */
export function failureOf(error: unknown, secrets: readonly (string | undefined)[]): Failure {
  if (isDomainError(error)) return { code: error.code, details: error.details as Failure['details'] };
  const { code = '', message, cause } = error as NodeJS.ErrnoException & { cause?: unknown };
  const inner = (cause as NodeJS.ErrnoException | undefined)?.code ?? '';
  const fault = certificateIn(message) ?? BY_CODE[inner] ?? BY_CODE[code] ?? 'other';
  return { code: `notifications:fault.${fault}`, details: { detail: cleaned(message, secrets) } };
}

const certificateIn = (message: string): Fault | undefined =>
  /self.signed|certificate|wrong version number|altnames/i.test(message) ? 'certificate' : undefined;

export function cleaned(text: string, secrets: readonly (string | undefined)[]): string {
  let left = text.replace(/\s+/g, ' ').trim();
  for (const secret of secrets)
    for (const form of formsOf(secret)) if (form.length >= 4) left = left.replaceAll(form, '***');
  return redactText(left).slice(0, LONGEST_DETAIL);
}

/** As it is, as mail servers are told it, and as addresses write it. */
function formsOf(secret: string | undefined): string[] {
  if (!secret) return [];
  return [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret)];
}
