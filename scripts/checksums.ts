// checksums.ts make | check: CHECKSUMS.sha256 lists the SHA-256 of every file under version control except itself,
// in the format of sha256sum(1), sorted by path: "sha256sum -c CHECKSUMS.sha256" says the same as check.
import './assert-node';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const LIST = 'CHECKSUMS.sha256';

function trackedFiles(): string[] {
  const names = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8', maxBuffer: 1 << 26 }).split('\0');
  return names.filter((name) => name !== '' && name !== LIST && existsSync(name)).sort();
}

function sumOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function make(): void {
  const files = trackedFiles();
  writeFileSync(LIST, files.map((file) => `${sumOf(file)}  ${file}\n`).join(''));
  console.log(`${LIST}: ${files.length} files`);
}

/** Names every file that was changed, is missing, or is not listed. */
function check(): number {
  const lines = readFileSync(LIST, 'utf8').split('\n').filter(Boolean);
  const listed = new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
  const findings: string[] = [];
  for (const [file, sum] of listed) {
    if (!existsSync(file)) findings.push(`${file} is missing`);
    else if (sumOf(file) !== sum) findings.push(`${file} was changed`);
  }
  for (const file of trackedFiles()) if (!listed.has(file)) findings.push(`${file} is not listed`);
  findings.forEach((finding) => console.log(finding));
  console.log(`${listed.size} files listed, ${findings.length} findings`);
  return findings.length === 0 ? 0 : 1;
}

const [action] = process.argv.slice(2);
if (action === 'make') make();
else if (action === 'check') process.exitCode = check();
else {
  console.error('usage: checksums.ts make | check');
  process.exitCode = 2;
}
