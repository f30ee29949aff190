import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { skipUnlessOutside } from './skip';

/** Mounts a disk of two megabytes on the folder; skips where the system does not let the tests do so. */
export function mountSmallDisk(context: Mocha.Context, folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  let mounted = true;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    mounted = false;
  }
  skipUnlessOutside(context, mounted, 'mounting a small disk is not allowed here');
  return () => {
    execFileSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true, force: true });
  };
}
