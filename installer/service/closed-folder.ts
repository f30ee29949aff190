import { existsSync, statSync } from 'node:fs';
import path from 'node:path';

const PASS_FOR_OTHERS = 0o001;

/**
 * The nearest folder on the way to a file that other accounts may not pass, such as a home or /root; undefined when there is
 * none. `opened`: folders that are given to the account. Linux only.
 */
export function closedFolder(file: string, opened: readonly string[]): string | undefined {
  for (let at = path.dirname(file); ; at = path.dirname(at)) {
    if (existsSync(at) && !opened.includes(at) && (statSync(at).mode & PASS_FOR_OTHERS) === 0) return at;
    if (at === path.dirname(at)) return undefined;
  }
}
