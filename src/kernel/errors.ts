/** What is wrong with one field of the input; `path` as in a form field name ("lines.3.quantity"), `code` an i18n key. */
export interface FieldProblem {
  path: string;
  code: string;
  details?: Record<string, unknown>;
}

export type DomainStatus = 403 | 404 | 409 | 422;

export interface DomainErrorOptions {
  details?: Record<string, unknown>;
  status?: DomainStatus;
  fields?: FieldProblem[];
  cause?: unknown;
}

/**
 * An expected failure that a person can do something about. `code` is an i18n key "namespace:key"; `details` are its
 * placeholders. Anything thrown that is not a DomainError is a defect of the program.
 */
export class DomainError extends Error {
  readonly code: string;
  readonly details: Record<string, unknown>;
  readonly status: DomainStatus;
  readonly fields: FieldProblem[];

  constructor(code: string, options: DomainErrorOptions = {}) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'DomainError';
    this.code = code;
    this.details = options.details ?? {};
    this.status = options.status ?? 422;
    this.fields = options.fields ?? [];
  }
}

/** `what` is the resource's word in a code ("catalog.product"); the page decides how to say it. */
export function notFound(what: string, id: string | number): DomainError {
  return new DomainError('errors:not_found', { status: 404, details: { what, id } });
}

export function forbidden(permission: string): DomainError {
  return new DomainError('errors:forbidden', { status: 403, details: { permission } });
}

/** Somebody else changed the record since it was read. */
export function stale(): DomainError {
  return new DomainError('errors:stale', { status: 409 });
}

export function invalid(code: string, details: Record<string, unknown> = {}, fields: FieldProblem[] = []): DomainError {
  return new DomainError(code, { details, fields });
}

/** One field of a form is wrong; the message stands beside it. */
export function invalidField(path: string, code: string, details: Record<string, unknown> = {}): DomainError {
  return invalid('errors:form', {}, [{ path, code, details }]);
}

export function isDomainError(error: unknown): error is DomainError {
  return error instanceof DomainError;
}
