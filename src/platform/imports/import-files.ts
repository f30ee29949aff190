import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Services } from '../services';

const folderOf = (services: Services): string => path.resolve(services.config.dataDir, 'imports');

/** Where a stored file is; names are our own, never the reader's. */
export const storedPath = (services: Services, storedAs: string): string =>
  path.join(folderOf(services), path.basename(storedAs));

/** Writes an uploaded file whole or not at all, readable by the server only. */
export async function storeFile(services: Services, content: Buffer): Promise<string> {
  await mkdir(folderOf(services), { recursive: true, mode: 0o700 });
  const storedAs = randomUUID();
  const temporary = storedPath(services, `${storedAs}.part`);
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
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
