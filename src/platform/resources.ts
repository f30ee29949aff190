import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Absolute path of a file that ships with the program (views, locales, public, config …), wherever this code lies:
 * in the source tree, or bundled into one file beside those folders.
 */
export function resourcePath(...segments: string[]): string {
  return path.join(root, ...segments);
}

const root = findRoot(path.dirname(fileURLToPath(import.meta.url)));

function findRoot(from: string): string {
  if (existsSync(path.join(from, 'config', 'default.yaml'))) return from;
  const parent = path.dirname(from);
  if (parent === from) throw new Error('config/default.yaml is missing: the installation is not complete');
  return findRoot(parent);
}
