import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../../../shared/data/', import.meta.url);

/** Path of a file of the collection of real and hostile inputs kept beside the repository; null where it is absent. */
export function sharedFile(name: string): string | null {
  const path = fileURLToPath(new URL(name, folder));
  return existsSync(path) ? path : null;
}

/** Reason for skipping a test that reads it. */
export const COLLECTION_ABSENT = 'the collection of real and hostile inputs is not beside the repository';
