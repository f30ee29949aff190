import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** The process that holds a lock. */
export interface LockHolder {
  pid: number;
  /** What tells it from a later process of the same number: ticks since the machine started; null where nothing says it. */
  startedAtTick: string | null;
  /** ISO 8601, for people. */
  since: string;
}

/** Another living process holds the lock. */
export class Locked extends Error {
  override name = 'Locked';
  constructor(
    readonly file: string,
    readonly holder: LockHolder | undefined,
  ) {
    super(`${file} is held by process ${holder?.pid ?? '?'}`);
  }
}

const TRIES = 5;
const held = new Set<string>();

/**
 * Takes the lock file for this process until `release`, or until the process ends however it ends: a lock whose process is
 * gone, or whose number now belongs to another process, is taken over. Throws Locked.
 */
export function takeLock(file: string): { release: () => void } {
  // Of this very process: two works in one program do not exclude each other by its number.
  if (held.has(file)) throw new Locked(file, ownHolder());
  const content = JSON.stringify(ownHolder());
  for (let tries = 0; !writeNew(file, content); tries++) {
    const found = readText(file);
    if (found === undefined) continue;
    const holder = parse(found);
    if (tries >= TRIES || (holder && isSameProcess(holder))) throw new Locked(file, holder);
    setAside(file, found);
  }
  held.add(file);
  const release = (): void => {
    process.off('exit', release);
    if (held.delete(file) && readText(file) === content) rmSync(file, { force: true });
  };
  process.once('exit', release);
  return { release };
}

/** Who holds the lock now; undefined: nobody who lives. */
export function lockHolder(file: string): LockHolder | undefined {
  const found = readText(file);
  const holder = found === undefined ? undefined : parse(found);
  return holder && isSameProcess(holder) ? holder : undefined;
}

/** False when the file exists. It appears with its content: an empty one would look like one that a dead process left. */
function writeNew(file: string, content: string): boolean {
  const beside = `${file}.${process.pid}.new`;
  // Another account that is refused may read who holds it.
  writeFileSync(beside, content, { mode: 0o644 });
  try {
    linkSync(beside, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(beside, { force: true });
  }
}

/** Somebody else may have taken over the stale lock in the meantime: theirs is put back. */
function setAside(file: string, stale: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (readText(aside) !== stale) {
    try {
      linkSync(aside, file);
    } catch {
      // There is a third one already.
    }
  }
  rmSync(aside, { force: true });
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** undefined: half written by a process that was killed while it did. */
function parse(text: string): LockHolder | undefined {
  try {
    const { pid, startedAtTick, since } = JSON.parse(text) as Partial<LockHolder>;
    return typeof pid === 'number' && pid > 0
      ? { pid, startedAtTick: startedAtTick ?? null, since: since ?? '' }
      : undefined;
  } catch {
    return undefined;
  }
}

const ownHolder = (): LockHolder => ({
  pid: process.pid,
  startedAtTick: startTick(process.pid),
  since: new Date(Date.now() - process.uptime() * 1000).toISOString(),
});

/** Whether that very process lives. */
export function isSameProcess({ pid, startedAtTick }: Pick<LockHolder, 'pid' | 'startedAtTick'>): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and is somebody else's.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = startTick(pid);
  return now === null || startedAtTick === null || now === startedAtTick;
}

/** Field 22 of /proc/PID/stat; the name of the program before it may hold blanks and parentheses. */
export function startTick(pid: number): string | null {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === undefined) return null;
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}
