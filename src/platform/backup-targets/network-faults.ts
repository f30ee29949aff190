import { isDomainError } from '../../kernel';
import { StalledError } from './pump';
import { targetError, type TargetFault, type TargetIdentity } from './target';

const BY_CODE: Readonly<Record<string, TargetFault>> = {
  ENOTFOUND: 'hostUnknown',
  EAI_AGAIN: 'hostUnknown',
  ECONNREFUSED: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ETIMEDOUT: 'unreachable',
  ECONNRESET: 'vanished',
  EPIPE: 'vanished',
  ERR_STREAM_PREMATURE_CLOSE: 'vanished',
  EPROTO: 'refused',
  // The file with the authority is not there.
  ENOENT: 'certificate',
  EACCES: 'certificate',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate',
  CERT_HAS_EXPIRED: 'certificate',
  CERT_NOT_YET_VALID: 'certificate',
};

/** An error of the line as a fault of the target; `otherwise` for one without a known code. */
export function networkFault(target: TargetIdentity, error: unknown, otherwise: TargetFault): unknown {
  if (isDomainError(error)) return error;
  if (error instanceof StalledError) return targetError(target, 'stalled', { seconds: error.seconds }, error);
  const { code, message } = error as NodeJS.ErrnoException;
  // Several addresses were tried and all failed: the first says why.
  if (error instanceof AggregateError && error.errors.length > 0)
    return networkFault(target, error.errors[0], otherwise);
  return targetError(target, BY_CODE[code ?? ''] ?? otherwise, { detail: message }, error);
}
