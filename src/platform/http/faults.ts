import { MulterError } from 'multer';
import { type DomainError, isDomainError } from '../../kernel';
import { isConnectionError } from '../database';

/** The error pages under views/errors. */
export type FaultView =
  | 'closed'
  | 'conflict'
  | 'expired'
  | 'failure'
  | 'forbidden'
  | 'invalid'
  | 'maintenance'
  | 'module-off'
  | 'not-found'
  | 'stale'
  | 'too-large'
  | 'too-many';

export type HttpFaultKind =
  | 'expired'
  | 'foreign'
  | 'not-found'
  | 'module-off'
  | 'sign-in'
  | 'detour'
  | 'too-many'
  | 'too-large'
  | 'bad-request'
  | 'closed'
  | 'draining';

/** A request that cannot be served as it came; not a failure of a use case (DomainError) and not a defect. */
export class HttpFault extends Error {
  constructor(
    readonly status: number,
    readonly kind: HttpFaultKind,
    readonly details: { module?: string; seconds?: number; limit?: string; note?: string; since?: number } = {},
  ) {
    super(`${status} ${kind}`);
    this.name = 'HttpFault';
  }
}

/** `away`: the database cannot be reached. Nothing is wrong with the request, and the page opens again by itself. */
export type Failure =
  | { kind: 'http'; fault: HttpFault }
  | { kind: 'domain'; error: DomainError }
  | { kind: 'away'; error: unknown }
  | { kind: 'defect'; error: unknown };

/** Sorts what was thrown. Errors of the parsers (broken encoding, too large, unknown charset …) are the sender's: 4xx. */
export function failureOf(error: unknown): Failure {
  if (isDomainError(error)) return { kind: 'domain', error };
  if (error instanceof HttpFault) return { kind: 'http', fault: error };
  if (error instanceof MulterError)
    return {
      kind: 'http',
      fault: error.code.startsWith('LIMIT_') ? new HttpFault(413, 'too-large') : new HttpFault(400, 'bad-request'),
    };
  const status = (error as { status?: unknown } | null)?.status;
  if (typeof status === 'number' && status >= 400 && status < 500)
    return {
      kind: 'http',
      fault: new HttpFault(status, status === 413 ? 'too-large' : status === 404 ? 'not-found' : 'bad-request'),
    };
  return { kind: isConnectionError(error) ? 'away' : 'defect', error };
}
