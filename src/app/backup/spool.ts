import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, open, readdir, rename, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { DomainError } from '../../kernel';
import type { Bytes } from '../../platform/backup';

const RUN = /^run-(\d+)-/;
/** Kept free beside the backup, for the database itself. */
const SPARE_BYTES = 64 * 1024 * 1024;

export interface Spooled {
  file: string;
  bytes: number;
  /** SHA-256 of the whole file. */
  sha256: string;
}

/**
 * Writes a file that is there whole or not at all: under another name first, on the disk before it gets its own. Throws
 * 'backup:error.no_space' when the disk is full.
 */
export async function spool(folder: string, name: string, content: Bytes, signal?: AbortSignal): Promise<Spooled> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const part = path.join(folder, `${name}.${process.pid}.part`);
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    const handle = await open(part, 'w', 0o600);
    try {
      for await (const chunk of content) {
        signal?.throwIfAborted();
        await handle.write(chunk);
        hash.update(chunk);
        bytes += chunk.length;
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    const file = path.join(folder, name);
    await rename(part, file);
    return { file, bytes, sha256: hash.digest('hex') };
  } catch (error) {
    await rm(part, { force: true });
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
      throw new DomainError('backup:error.no_space', { details: await spaceDetails(folder, bytes), cause: error });
    throw error;
  }
}

/** Throws 'backup:error.no_space' unless so many bytes fit, with some to spare. */
export async function expectSpace(folder: string, bytes: number): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < bytes + SPARE_BYTES)
    throw new DomainError('backup:error.no_space', { details: await spaceDetails(folder, bytes) });
}

async function spaceDetails(folder: string, bytes: number): Promise<Record<string, unknown>> {
  const { bavail, bsize } = await statfs(folder);
  const megabytes = (count: number): number => Math.ceil(count / 1024 / 1024);
  return { folder, neededMb: megabytes(bytes + SPARE_BYTES), freeMb: megabytes(bavail * bsize) };
}

/** Folders of this process that are in use. */
const ownFolders = new Set<string>();

/**
 * Gives `work` a folder of its own in the spool, which is removed afterwards. What runs that were killed have left goes first:
 * whole files, too, which nobody would ever look for.
 */
export async function withSpoolFolder<T>(spoolDir: string, work: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(spoolDir, { recursive: true, mode: 0o700 });
  await clearSpool(spoolDir);
  const folder = await mkdtemp(path.join(spoolDir, `run-${process.pid}-`));
  ownFolders.add(folder);
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
    ownFolders.delete(folder);
  }
}

async function clearSpool(spoolDir: string): Promise<void> {
  for (const name of await readdir(spoolDir)) {
    const pid = RUN.exec(name)?.[1];
    const folder = path.join(spoolDir, name);
    if (pid !== undefined && !isInUse(folder, Number(pid))) await rm(folder, { recursive: true, force: true });
  }
}

/** A server in a container has the number of the one before it. */
function isInUse(folder: string, pid: number): boolean {
  if (pid === process.pid) return ownFolders.has(folder);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
