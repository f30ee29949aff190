import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';

/** Contents by their SHA-256, below `<dataDir>/attachments`: one copy of each, whatever its names. */
export interface FileStore {
  /** Returns the SHA-256. The content is on disk, under its name, when this resolves. */
  put: (content: Buffer) => Promise<string>;
  /** Rejects with ENOENT when the content is not there. */
  read: (sha256: string) => Promise<ReadStream>;
  /** The contents that nobody has put since an instant (epoch milliseconds). */
  olderThan: (instant: number) => AsyncGenerator<string>;
  /** Removes a content unless somebody has put it again since the instant. */
  remove: (sha256: string, instant: number) => Promise<boolean>;
}

export function openFileStore(dataDir: string): FileStore {
  const pathOf = (sha256: string): string => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError('not a SHA-256');
    return path.join(dataDir, 'attachments', sha256.slice(0, 2), sha256);
  };
  return {
    async put(content) {
      const sha256 = createHash('sha256').update(content).digest('hex');
      const target = pathOf(sha256);
      if (await touch(target)) return sha256;
      const folder = path.dirname(target);
      await mkdir(folder, { recursive: true, mode: 0o750 });
      const temporary = path.join(folder, `.${sha256.slice(0, 8)}.${randomBytes(6).toString('hex')}`);
      try {
        await writeThrough(temporary, content);
        await rename(temporary, target);
        await syncFolder(folder);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
      return sha256;
    },
    async read(sha256) {
      const file = pathOf(sha256);
      await access(file);
      return createReadStream(file);
    },
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
