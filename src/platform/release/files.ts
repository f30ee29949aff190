import { createHash } from 'node:crypto';
import { createReadStream, readdirSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ChecksumEntry } from './checksum-list';

type Algorithm = 'sha256' | 'md5';

/** The sum of a file in hexadecimal digits. Streams: a package is well over a hundred megabytes. */
export async function sumOf(name: string, algorithm: Algorithm): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(name), hash);
  return hash.digest('hex');
}

/** The sums of files, named relative to `folder`, in their order. */
export async function sumsOf(folder: string, files: readonly string[], algorithm: Algorithm): Promise<ChecksumEntry[]> {
  const entries: ChecksumEntry[] = [];
  for (const file of files) entries.push({ file, sum: await sumOf(path.join(folder, file), algorithm) });
  return entries;
}

/** All files below a folder, relative to it, with forward slashes, sorted. */
export function filesBelow(folder: string, prefix = ''): string[] {
  return readdirSync(path.join(folder, prefix), { withFileTypes: true })
    .flatMap((entry) => {
      const name = prefix ? `${prefix}/${entry.name}` : entry.name;
      return entry.isDirectory() ? filesBelow(folder, name) : [name];
    })
    .sort();
}
