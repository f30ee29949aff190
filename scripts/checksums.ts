// checksums.ts make | check: CHECKSUMS.sha256 lists the SHA-256 of every file under version control except itself,
// in the format of sha256sum(1), sorted by path: "sha256sum -c CHECKSUMS.sha256" says the same as check.
import './assert-node';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { formatChecksums, parseChecksums, sumOf, sumsOf } from '../src/platform/release';

const LIST = 'CHECKSUMS.sha256';

function trackedFiles(): string[] {
  const names = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8', maxBuffer: 1 << 26 }).split('\0');
  return names.filter((name) => name !== '' && name !== LIST && existsSync(name));
}

async function make(): Promise<void> {
  const files = trackedFiles();
  writeFileSync(LIST, formatChecksums(await sumsOf('.', files, 'sha256')));
  console.log(`${LIST}: ${files.length} files`);
}

/** Names every file that was changed, is missing, or is not listed. */
async function check(): Promise<number> {
  const listed = parseChecksums(readFileSync(LIST, 'utf8'));
  const findings: string[] = [];
  for (const { file, sum } of listed) {
    if (!existsSync(file)) findings.push(`${file} is missing`);
    else if ((await sumOf(file, 'sha256')) !== sum) findings.push(`${file} was changed`);
  }
  const names = new Set(listed.map(({ file }) => file));
  for (const file of trackedFiles()) if (!names.has(file)) findings.push(`${file} is not listed`);
  findings.forEach((finding) => console.log(finding));
  console.log(`${listed.length} files listed, ${findings.length} findings`);
  return findings.length === 0 ? 0 : 1;
}

const [action] = process.argv.slice(2);
if (action === 'make') await make();
else if (action === 'check') process.exitCode = await check();
else {
  console.error('usage: checksums.ts make | check');
  process.exitCode = 2;
}
