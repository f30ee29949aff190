import { statSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../../platform/config';

/** Not on the disk of the data, nor on this machine by its own address. */
export function isOutside(target: Config['backup']['targets'][number], dataDir: string): boolean {
  if (target.kind === 'local') return diskOf(target.path) !== diskOf(dataDir);
  const host =
    target.kind === 'sftp' ? target.host : new URL(target.kind === 's3' ? target.endpoint : target.url).hostname;
  return !/^(localhost|127\..*|\[?::1\]?)$/.test(host);
}

/** Number of the disk that the folder lies on, or will lie on. */
function diskOf(folder: string): number | undefined {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const found = statSync(at, { throwIfNoEntry: false });
    if (found) return found.dev;
    if (at === path.dirname(at)) return undefined;
  }
}
