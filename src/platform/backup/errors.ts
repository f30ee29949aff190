import { DomainError } from '../../kernel';

export const NOT_A_BACKUP = 'backup:error.not_backup';
const DAMAGED = 'backup:error.damaged';

/** A part of a backup is not what was written, or the file ends in it. */
export const damaged = (part: string, cause?: unknown): DomainError =>
  new DomainError(DAMAGED, { details: { part }, cause });

/** The name of the part when this is what happened. */
export function damagedPart(error: unknown): string | undefined {
  return error instanceof DomainError && error.code === DAMAGED ? String(error.details.part) : undefined;
}
