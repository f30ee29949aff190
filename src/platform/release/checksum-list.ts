/** A line of a list of sums: the format of sha256sum(1) and md5sum(1), so that those programs check it as well. */
export interface ChecksumEntry {
  /** Path below the folder of the list, with forward slashes. */
  file: string;
  /** Lower-case hexadecimal digits. */
  sum: string;
}

export interface ChecksumFinding {
  file: string;
  /** `extra`: there, but not in the list. */
  problem: 'changed' | 'missing' | 'extra';
}

const LINE = /^([0-9a-f]{32}|[0-9a-f]{64}) [ *](.+)$/;

/** The list as text, sorted by path, so that the same files always give the same bytes. */
export function formatChecksums(entries: readonly ChecksumEntry[]): string {
  const sorted = [...entries].sort((a, b) => (a.file < b.file ? -1 : 1));
  return sorted.map(({ file, sum }) => `${sum}  ${file}\n`).join('');
}

/** Throws with the number of the first line that is none. A path may not leave the folder of the list. */
export function parseChecksums(text: string): ChecksumEntry[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line, index) => {
    const [, sum = '', file = ''] = LINE.exec(line) ?? [];
    if (!file || file.startsWith('/') || file.split(/[\\/]/).includes('..'))
      throw new Error(`line ${index + 1} of the list of checksums is not "sum  file"`);
    return { file, sum };
  });
}
