import { chownSync, mkdirSync, statSync } from 'node:fs';

export interface Owner {
  uid: number;
  gid: number;
}

/**
 * Whom a folder belongs to, for an administrator who writes into the folder of a service: its account must be able to go on with
 * what is written. Undefined where this process writes as itself.
 */
export function ownerOf(folder: string): Owner | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const { uid, gid } = statSync(folder);
  return { uid, gid };
}

function giveTo(owner: Owner | undefined, file: string): void {
  if (owner) chownSync(file, owner.uid, owner.gid);
}

/** A folder for its owner alone; those above it must be there. */
export function makeOwnFolder(folder: string, owner: Owner | undefined): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  giveTo(owner, folder);
}
