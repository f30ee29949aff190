import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { filesBelow, formatChecksums, sumsOf } from '../../src/platform/release';
import type { Signer } from './signing-key';
import { LICENCES } from './stage';

/** Puts the scripts, the licences and the change log beside the binaries, then the lists of sums and the signature. */
export async function finishRelease(root: string, staged: string, folder: string, signer: Signer): Promise<void> {
  for (const script of ['install.sh', 'install.ps1']) {
    copyFileSync(path.join(root, 'installer', script), path.join(folder, script));
  }
  chmodSync(path.join(folder, 'install.sh'), 0o755);
  copyFileSync(path.join(staged, LICENCES), path.join(folder, LICENCES));
  copyFileSync(path.join(root, 'CHANGELOG.md'), path.join(folder, 'CHANGELOG.md'));
  const files = filesBelow(folder);
  writeFileSync(path.join(folder, 'CHECKSUMS.sha256'), formatChecksums(await sumsOf(folder, files, 'sha256')));
  writeFileSync(path.join(folder, 'CHECKSUMS.md5'), formatChecksums(await sumsOf(folder, files, 'md5')));
  const list = readFileSync(path.join(folder, 'CHECKSUMS.sha256'));
  writeFileSync(path.join(folder, 'CHECKSUMS.sha256.sig'), signer.sign(list));
}
