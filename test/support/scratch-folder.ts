import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** In memory where the machine has that: for data that need not outlive a power cut. */
export const memoryFolder = (): string => (existsSync('/dev/shm') ? '/dev/shm' : tmpdir());

const swept = new Set<string>();

/**
 * A folder `erp-<kind>-<pid>-…` for this process, which removes it at its end. Who is killed cannot, so the first folder that
 * a process makes somewhere clears away those there whose process is gone, with the database servers that outlived it.
 */
export function makeScratch(kind: string, base: string = tmpdir()): string {
  if (!swept.has(base)) {
    swept.add(base);
    clearLeftovers(base);
  }
  return mkdtempSync(path.join(base, `erp-${kind}-${process.pid}-`));
}

/** The names of the folders that were removed. */
export function clearLeftovers(base: string): string[] {
  const left = readdirSync(base).filter((name) => {
    const pid = Number(/^erp-[a-z-]+-(\d+)-\w{6}(?:-copy)?$/.exec(name)?.[1]);
    return pid > 0 && !isAlive(pid);
  });
  for (const name of left) {
    const folder = path.join(base, name);
    endServer(folder);
    // Another process may be clearing the same; what cannot be removed is no reason not to test.
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    } catch (error) {
      console.error(`${folder} is left over and cannot be removed:`, error);
    }
  }
  return left;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** The database server that works in this folder, if one does: its number may have gone to another program since. */
function endServer(folder: string): void {
  try {
    const pid = Number(readFileSync(path.join(folder, 'pid'), 'utf8'));
    if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${folder}/`)) process.kill(pid, 'SIGKILL');
  } catch {
    // No such file, no such process.
  }
}
