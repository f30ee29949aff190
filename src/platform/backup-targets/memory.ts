import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** What this machine knows of a target from the first contact on. */
export interface RememberedTarget {
  /** SHA256:… of the SFTP host that a person agreed to. */
  hostKey?: string;
  /** Stands in a file on the disk of a local target: a folder without it is the empty mount point. */
  mark?: string;
  /** Where that was: another folder under the same name is another disk. */
  folder?: string;
}

type Remembered = Record<string, RememberedTarget>;

const fileOf = (dataDir: string): string => path.join(dataDir, 'backup-targets.json');

export async function rememberedTarget(dataDir: string, id: string): Promise<RememberedTarget> {
  return (await readAll(dataDir))[id] ?? {};
}

/** Keeps what is given beside what is known already; one writer after another. */
export function rememberTarget(dataDir: string, id: string, known: RememberedTarget): Promise<void> {
  return change(dataDir, (all) => ({ ...all, [id]: { ...all[id], ...known } }));
}

/** The next contact is the first one again: another disk was put in. */
export function forgetTarget(dataDir: string, id: string): Promise<void> {
  return change(dataDir, ({ [id]: _, ...others }) => others);
}

let last: Promise<void> = Promise.resolve();

function change(dataDir: string, edit: (all: Remembered) => Remembered): Promise<void> {
  const work = last.then(async () => {
    const text = JSON.stringify(edit(await readAll(dataDir)), null, 2);
    await mkdir(dataDir, { recursive: true, mode: 0o750 });
    const temporary = `${fileOf(dataDir)}.${randomBytes(6).toString('hex')}`;
    await writeFile(temporary, `${text}\n`, { mode: 0o640, flush: true });
    await rename(temporary, fileOf(dataDir));
  });
  last = work.catch(() => undefined);
  return work;
}

async function readAll(dataDir: string): Promise<Remembered> {
  try {
    return JSON.parse(await readFile(fileOf(dataDir), 'utf8')) as Remembered;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
