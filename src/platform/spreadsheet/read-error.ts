import { DomainError, invalid } from '../../kernel';

/** A refusal to read or write a sheet; `key` is in locales/…/spreadsheet.json under "error". */
export function refuse(key: string, details: Record<string, unknown> = {}): DomainError {
  return invalid(`spreadsheet:error.${key}`, details);
}

/** A file that breaks its format's rules. Whatever a parser throws ends here, so that no input is a fault of ours. */
export function damaged(part: string, cause?: unknown): DomainError {
  if (cause instanceof DomainError) return cause;
  return new DomainError('spreadsheet:error.damaged', { details: { part }, cause });
}

export function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(bytes < 10 * 1024 * 1024 ? 1 : 0);
}
