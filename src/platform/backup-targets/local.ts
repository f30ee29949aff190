import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { isDomainError } from '../../kernel';
import type { BackupTargetConfig } from '../config';
import { fileFault } from './file-faults';
import { forgetTarget, rememberedTarget, rememberTarget } from './memory';
import { pump, putFailure, within } from './pump';
import {
  backupName,
  type BackupTarget,
  isBackupName,
  isLeftover,
  partName,
  type StoredBackup,
  targetError,
  type TargetContext,
} from './target';
import { tryTarget } from './try-target';

type LocalConfig = Extract<BackupTargetConfig, { kind: 'local' }>;

/** On the disk, beside the backups: tells it from the empty folder that it is mounted on. */
const MARK = '.phone-erp-target';

/** What lies in a folder that backups alone go to. */
export const isBackupFile = (name: string): boolean => name === MARK || isBackupName(name) || isLeftover(name);

/** A folder of this machine: a second disk, a USB disk, a share that the system has mounted. */
export function openLocal(
  config: Readonly<LocalConfig>,
  { dataDir, databaseFile, stallMs }: TargetContext,
): BackupTarget {
  const { id, path: folder } = config;
  const identity = { id, place: folder };
  const at = (name: string): string => path.join(folder, name);

  /** What the file system said, as a fault of this target. */
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await within(work(), stallMs);
    } catch (error) {
      throw fileFault(identity, error);
    }
  };

  const refuseDatabaseFolder = async (): Promise<void> => {
    const real = await realFolder(folder);
    for (const data of [dataDir, ...(databaseFile ? [path.dirname(databaseFile)] : [])]) {
      const below = path.relative(await realFolder(data), real);
      if (below === '' || (!below.startsWith('..') && !path.isAbsolute(below)))
        throw targetError(identity, 'databaseFolder', { folder: data });
    }
  };

  /** A folder that carried our mark and carries it no more is a mount point without its disk. */
  const expectMark = async (): Promise<boolean> => {
    const { mark, folder: known } = await rememberedTarget(dataDir, id);
    if (mark === undefined || (known !== undefined && known !== folder)) return false;
    const found = await readFile(at(MARK), 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return '';
      throw error;
    });
    if (found.trim() !== mark) throw targetError(identity, 'notMounted');
    return true;
  };

  const prepare = async (): Promise<void> => {
    await refuseDatabaseFolder();
    if (await expectMark()) return;
    await mkdir(folder, { recursive: true, mode: 0o750 });
    const found = (await readFile(at(MARK), 'utf8').catch(() => '')).trim();
    const mark = /^[0-9a-f]{24}$/.test(found) ? found : randomBytes(12).toString('hex');
    if (mark !== found) await writeFile(at(MARK), `${mark}\n`, { mode: 0o640, flush: true });
    await rememberTarget(dataDir, id, { mark, folder });
  };

  const filesOf = async (wanted: (name: string) => boolean): Promise<StoredBackup[]> => {
    await expectMark();
    const found: StoredBackup[] = [];
    const names = await readdir(folder).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    for (const name of names) {
      if (!wanted(name)) continue;
      const file = await stat(at(name)).catch(() => undefined);
      if (file?.isFile()) found.push({ name, bytes: file.size, modifiedAt: Math.floor(file.mtimeMs) });
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  };

  const target: BackupTarget = {
    id,
    kind: 'local',
    place: folder,
    async put(name, body, options = {}) {
      const final = at(backupName(name));
      const temporary = at(partName(name, randomBytes(6).toString('hex')));
      try {
        await within(prepare(), stallMs);
        // `flush`: on the disk before it is closed.
        const sink = createWriteStream(temporary, { flags: 'wx', mode: 0o640, flush: true });
        const bytes = await pump(body, sink, { ...options, stallMs });
        options.signal?.throwIfAborted();
        await within(rename(temporary, final), stallMs);
        await within(syncFolder(folder), stallMs);
        return { bytes };
      } catch (error) {
        body.destroy();
        await within(rm(temporary, { force: true }), stallMs).catch(() => undefined);
        throw putFailure(error, options.signal, (thrown) => fileFault(identity, thrown));
      }
    },
    get: (name, { signal } = {}) =>
      guarded(async (): Promise<Readable> => {
        await expectMark();
        const handle = await open(at(backupName(name)), 'r');
        return handle.createReadStream({ signal });
      }),
    list: () => guarded(() => filesOf(isBackupName)),
    leftovers: () => guarded(async () => (await filesOf(isLeftover)).map(({ name }) => name)),
    removeLeftovers: (instant) =>
      guarded(async () => {
        const old = (await filesOf(isLeftover)).filter(({ modifiedAt }) => modifiedAt < instant);
        for (const { name } of old) await rm(at(name), { force: true });
        return old.map(({ name }) => name);
      }),
    remove: (name) =>
      guarded(async () => {
        await expectMark();
        await rm(at(backupName(name)), { force: true });
        await syncFolder(folder);
      }),
    test: () => tryTarget(target),
    close: () => Promise.resolve(),
  };
  return target;
}

/** Takes the disk that is in the place now as the one of this target. */
export const acceptDisk = forgetTarget;

const isMissing = (error: unknown): boolean =>
  !isDomainError(error) && (error as NodeJS.ErrnoException).code === 'ENOENT';

/** With links followed as far as the folder exists. */
async function realFolder(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch {
    const parent = path.dirname(folder);
    return parent === folder ? folder : path.join(await realFolder(parent), path.basename(folder));
  }
}

/** So that the new name survives a power cut; Windows cannot and need not. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some network file systems cannot; the file itself is on the disk already.
    if (!['EINVAL', 'ENOTSUP', 'EPERM', 'EBADF'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await handle.close();
  }
}
