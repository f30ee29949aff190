import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { readSealedWhole, writeSealed } from '../sealed-files';
import type { Services } from '../services';

const folderOf = (services: Services): string => path.resolve(services.config.dataDir, 'imports');

/** Where a stored file is; names are our own, never the reader's. */
export const storedPath = (services: Services, storedAs: string): string =>
  path.join(folderOf(services), path.basename(storedAs));

/** The content of a stored file; ENOENT when it was cleared away. */
export const storedFile = (services: Services, storedAs: string): Promise<Buffer> =>
  readSealedWhole(storedPath(services, storedAs), services.keys);

/** Writes an uploaded file whole or not at all, encrypted, readable by the server only. */
export async function storeFile(services: Services, content: Buffer): Promise<string> {
  await mkdir(folderOf(services), { recursive: true, mode: 0o700 });
  const storedAs = randomUUID();
  const temporary = storedPath(services, `${storedAs}.part`);
  await writeSealed(temporary, [content], services.keys, 0o600);
  await rename(temporary, storedPath(services, storedAs));
  return storedAs;
}

export const removeFile = (services: Services, storedAs: string): Promise<void> =>
  rm(storedPath(services, storedAs), { force: true });

/** Removes what lies in the folder since before an instant (epoch milliseconds): files, their problems, broken uploads. */
export async function removeFilesBefore(services: Services, instant: number): Promise<number> {
  const folder = folderOf(services);
  let removed = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    const file = path.join(folder, name);
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile() || found.mtimeMs >= instant) continue;
    await rm(file, { force: true });
    removed += 1;
  }
  return removed;
}
