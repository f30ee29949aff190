import { type DomainError, isDomainError } from '../../src/kernel';

/** The DomainError that the work throws; fails when it throws none. */
export async function refusal(work: Promise<unknown> | (() => unknown)): Promise<DomainError> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    if (isDomainError(error)) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
