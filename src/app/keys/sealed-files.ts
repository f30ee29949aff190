import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { KeyRing } from '../../platform/crypto';
import { resealFile, sealedWith } from '../../platform/sealed-files';

/** A temporary file that nobody has written to for so long belongs to a process that ended. */
const ABANDONED_MS = 24 * 3_600_000;

/** Attached files and files of imports below the data folder. What a process that ended left behind is removed on the way. */
async function* sealedFiles(dataDir: string, now: number): AsyncGenerator<string> {
  for (const folder of ['attachments', 'imports']) {
    const root = path.join(dataDir, folder);
    for (const entry of await readdir(root, { withFileTypes: true }).catch(() => []))
      if (entry.isDirectory()) yield* filesIn(path.join(root, entry.name), now);
      else if (entry.isFile()) yield* wanted(root, entry.name, now);
  }
}

async function* filesIn(folder: string, now: number): AsyncGenerator<string> {
  for (const name of await readdir(folder).catch(() => [])) yield* wanted(folder, name, now);
}

async function* wanted(folder: string, name: string, now: number): AsyncGenerator<string> {
  const file = path.join(folder, name);
  if (!name.startsWith('.') && !name.endsWith('.part')) {
    yield file;
    return;
  }
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() && found.mtimeMs < now - ABANDONED_MS) await rm(file, { force: true });
}

/** How many files each key seals, by its id. `plain`: not sealed at all. */
export async function fileKeyUse(dataDir: string, now: number): Promise<Map<string, number>> {
  const use = new Map<string, number>();
  for await (const file of sealedFiles(dataDir, now)) {
    const keyId = await sealedWith(file);
    if (keyId !== undefined) use.set(keyId ?? 'plain', (use.get(keyId ?? 'plain') ?? 0) + 1);
  }
  return use;
}

/** Seals every file with the current key. What is done says so itself: an interrupted call is simply made again. */
export async function resealFiles(
  dataDir: string,
  {
    keys,
    keyId,
    now,
    onProgress,
  }: { keys: KeyRing; keyId: string; now: number; onProgress: (done: number) => Promise<void> },
): Promise<{ done: number; unreadable: number }> {
  const total = { done: 0, unreadable: 0 };
  for await (const file of sealedFiles(dataDir, now)) {
    const sealedBy = await sealedWith(file);
    if (sealedBy === undefined || sealedBy === keyId) continue;
    try {
      await resealFile(file, keys);
      total.done += 1;
      await onProgress(total.done);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Removed meanwhile; a full disk and the like end the run, a file that cannot be opened stays as it is.
      if (code === 'ENOENT') continue;
      if (code !== undefined && !code.startsWith('ERR_')) throw error;
      total.unreadable += 1;
    }
  }
  return total;
}
