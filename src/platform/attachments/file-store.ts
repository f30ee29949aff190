import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { KeyRing } from '../crypto';
import { isSealed, readSealed, writeSealed } from '../sealed-files';

/** Contents by their SHA-256, below `<dataDir>/attachments`: one copy of each, whatever its names, encrypted on the disk. */
export interface FileStore {
  /** Returns the SHA-256. The content is on disk, under its name, when this resolves. */
  put: (content: Buffer) => Promise<string>;
  /** Rejects with ENOENT when the content is not there. */
  read: (sha256: string) => Promise<Readable>;
  /** As it lies on the disk, for a backup that nobody may read without the key file. */
  readStored: (sha256: string) => Promise<Buffer>;
  /** Puts what a backup holds under this name: a content, or one as `readStored` gave it. */
  restore: (sha256: string, content: Buffer) => Promise<void>;
  /** The contents that nobody has put since an instant (epoch milliseconds). */
  olderThan: (instant: number) => AsyncGenerator<string>;
  /** Removes a content unless somebody has put it again since the instant. */
  remove: (sha256: string, instant: number) => Promise<boolean>;
}

/** Without `keys`, which only a restore lacks, contents are written in clear and sealed at the next start. */
export function openFileStore(dataDir: string, keys: KeyRing | undefined): FileStore {
  const pathOf = (sha256: string): string => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError('not a SHA-256');
    return path.join(dataDir, 'attachments', sha256.slice(0, 2), sha256);
  };
  const write = async (sha256: string, content: Buffer): Promise<void> => {
    const target = pathOf(sha256);
    if (await touch(target)) return;
    const folder = path.dirname(target);
    await mkdir(folder, { recursive: true, mode: 0o750 });
    const temporary = path.join(folder, `.${sha256.slice(0, 8)}.${randomBytes(6).toString('hex')}`);
    try {
      if (keys && !isSealed(content)) await writeSealed(temporary, [content], keys, 0o640);
      else await writeThrough(temporary, content);
      await rename(temporary, target);
      await syncFolder(folder);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  };
  const hashOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
  return {
    async put(content) {
      const sha256 = hashOf(content);
      await write(sha256, content);
      return sha256;
    },
    async restore(sha256, content) {
      if (!isSealed(content) && hashOf(content) !== sha256) throw new Error(`content ${sha256} has another checksum`);
      await write(sha256, content);
    },
    read: (sha256) => readSealed(pathOf(sha256), keys),
    readStored: (sha256) => readFile(pathOf(sha256)),
    async *olderThan(instant) {
      const root = path.join(dataDir, 'attachments');
      for (const folder of await readdir(root).catch(() => []))
        for (const name of await readdir(path.join(root, folder)).catch(() => [])) {
          if (!/^[0-9a-f]{64}$/.test(name)) continue;
          const found = await stat(pathOf(name)).catch(() => undefined);
          if (found && found.mtimeMs < instant) yield name;
        }
    },
    async remove(sha256, instant) {
      // Out of the way first: whoever puts the same content meanwhile finds nothing and writes it anew.
      const aside = `${pathOf(sha256)}.${randomBytes(6).toString('hex')}`;
      await rename(pathOf(sha256), aside);
      if ((await stat(aside)).mtimeMs >= instant) {
        await rename(aside, pathOf(sha256));
        return false;
      }
      await rm(aside, { force: true });
      return true;
    },
  };
}

/** Whether the file is there; it counts as put now. */
async function touch(file: string): Promise<boolean> {
  const now = new Date();
  return utimes(file, now, now).then(
    () => true,
    () => false,
  );
}

async function writeThrough(file: string, content: Buffer): Promise<void> {
  const handle = await open(file, 'wx', 0o640);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** So that the new name survives a power cut; Windows cannot and need not. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
