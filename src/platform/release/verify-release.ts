import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { type ChecksumEntry, type ChecksumFinding, parseChecksums } from './checksum-list';
import { filesBelow, sumOf } from './files';
import { type SignatureState, signatureOf } from './signature';

const SHA256_LIST = 'CHECKSUMS.sha256';
const MD5_LIST = 'CHECKSUMS.md5';
const SIGNATURE = `${SHA256_LIST}.sig`;
const LISTS = new Set([SHA256_LIST, MD5_LIST, SIGNATURE]);

export interface ReleaseFinding {
  file: string;
  /** `unlisted`: the file asked for is not in the list; `no-list`: there is no list beside it; `bad-list`: it cannot be read. */
  problem: ChecksumFinding['problem'] | 'unlisted' | 'no-list' | 'bad-list';
  detail?: string;
}

export interface ReleaseReport {
  /** The folder with the list. */
  folder: string;
  /** How many files were compared. */
  files: number;
  findings: ReleaseFinding[];
  signature: SignatureState;
}

/**
 * Compares a release directory (all its files) or one package of it (that file) with CHECKSUMS.sha256 and CHECKSUMS.md5
 * beside it, and the list with its signature. Throws the file system's error when the target does not exist.
 */
export async function verifyRelease(target: string): Promise<ReleaseReport> {
  const whole = statSync(target).isDirectory();
  const folder = whole ? target : path.dirname(target);
  const listFile = path.join(folder, SHA256_LIST);
  const none = { folder, files: 0, signature: { state: 'unsigned' } satisfies SignatureState };
  if (!existsSync(listFile)) return { ...none, findings: [{ file: listFile, problem: 'no-list' }] };
  const list = readFileSync(listFile);
  const signatureFile = path.join(folder, SIGNATURE);
  const signature = signatureOf(list, existsSync(signatureFile) ? readFileSync(signatureFile, 'utf8') : undefined);
  const findings: ReleaseFinding[] = [];
  let files = 0;
  for (const [name, algorithm] of [
    [SHA256_LIST, 'sha256'],
    [MD5_LIST, 'md5'],
  ] as const) {
    if (!existsSync(path.join(folder, name))) continue;
    try {
      const entries = parseChecksums(readFileSync(path.join(folder, name), 'utf8'));
      const compared = await compare(folder, entries, algorithm, whole ? undefined : path.basename(target));
      if (algorithm === 'sha256') files = compared.files;
      // The same file is wrong in both lists: said once.
      findings.push(...compared.findings.filter((found) => !findings.some(({ file }) => file === found.file)));
    } catch (error) {
      findings.push({
        file: name,
        problem: 'bad-list',
        detail: error instanceof Error ? error.message : String(error),
      });
    }
  }
  return { folder, files, findings, signature };
}

async function compare(
  folder: string,
  entries: readonly ChecksumEntry[],
  algorithm: 'sha256' | 'md5',
  only: string | undefined,
): Promise<{ files: number; findings: ReleaseFinding[] }> {
  const wanted = only === undefined ? entries : entries.filter(({ file }) => file === only);
  if (only !== undefined && wanted.length === 0) return { files: 0, findings: [{ file: only, problem: 'unlisted' }] };
  const findings: ReleaseFinding[] = [];
  for (const { file, sum } of wanted) {
    const name = path.join(folder, file);
    if (!existsSync(name)) findings.push({ file, problem: 'missing' });
    else if ((await sumOf(name, algorithm)) !== sum) findings.push({ file, problem: 'changed' });
  }
  if (only === undefined) {
    const listed = new Set(entries.map(({ file }) => file));
    for (const file of filesBelow(folder)) {
      if (!listed.has(file) && !LISTS.has(file)) findings.push({ file, problem: 'extra' });
    }
  }
  return { files: wanted.length, findings };
}
