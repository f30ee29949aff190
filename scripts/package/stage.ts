import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { filesBelow, formatChecksums, sumsOf } from '../../src/platform/release';
import { bundleProgram } from './bundle';
import { thirdPartyLicences } from './licences';
import type { Signer } from './signing-key';

const PROGRAM = 'program.cjs';
/** What starts: it answers --version by itself, because the engine reads all of the program before its first line runs. */
const ENTRY = 'phone-erp.cjs';
/** Folders that the program reads at run time. Migrations and the document model are code and lie in the program itself. */
const FOLDERS = ['views', 'public', 'locales', 'config', 'docs/manual', 'docs/releases'];
export const LICENCES = 'THIRD-PARTY-LICENCES.txt';

/**
 * Fills `folder` with what goes into the binary: the bundled program, its files, the licences, and PAYLOAD.sha256 with its
 * signature, by which the binary checks itself. The same source gives the same bytes.
 */
export async function stage(root: string, folder: string, version: string, signer: Signer): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { inputs } = await bundleProgram(root, path.join(folder, PROGRAM));
  writeFileSync(path.join(folder, ENTRY), entry(version));
  for (const name of FOLDERS) {
    const from = path.join(root, name);
    if (existsSync(from)) cpSync(from, path.join(folder, name), { recursive: true, filter: isShipped });
  }
  writeFileSync(path.join(folder, LICENCES), thirdPartyLicences(root, Object.keys(inputs)));
  const list = formatChecksums(await sumsOf(folder, filesBelow(folder), 'sha256'));
  writeFileSync(path.join(folder, 'PAYLOAD.sha256'), list);
  writeFileSync(path.join(folder, 'PAYLOAD.sha256.sig'), signer.sign(Buffer.from(list)));
  // pkg reads from here what to take; it changes this file on the way, so it stands outside the list.
  const assets = filesBelow(folder).filter((file) => file !== ENTRY);
  writeFileSync(
    path.join(folder, 'package.json'),
    JSON.stringify({ name: 'phone-erp', version, bin: ENTRY, pkg: { assets } }, undefined, 2),
  );
}

const entry = (version: string): string => `'use strict';
const asked = process.argv.slice(2);
if (asked.length === 1 && (asked[0] === '--version' || asked[0] === '-V')) process.stdout.write(${JSON.stringify(`${version}\n`)});
else require('./program.cjs');
`;

/** Not the stamps and the half-made folders of the build. */
function isShipped(name: string): boolean {
  return !/^(\.|vendor\.)/.test(path.basename(name));
}
