import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { access, mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Contents by their SHA-256, below `<dataDir>/attachments`: one copy of each, whatever its names. */
export interface FileStore {
  /** Returns the SHA-256. The content is on disk, under its name, when this resolves. */
  put: (content: Buffer) => Promise<string>;
  /** Rejects with ENOENT when the content is not there. */
  read: (sha256: string) => Promise<ReadStream>;
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
      if (await exists(target)) return sha256;
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
  };
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
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
