import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

interface Manifest {
  name: string;
  version: string;
  license?: string;
}

/** Packages whose code or files are taken along without being imported by the program: the icons and the camera's reader. */
const TAKEN_ALONG = ['@tabler/icons', 'barcode-detector', 'zxing-wasm'];

/** What the licences of the packages inside the program ask to be handed on: name, version, licence, its text. */
export function thirdPartyLicences(root: string, bundledFiles: readonly string[]): string {
  const folders = new Set(TAKEN_ALONG.map((name) => path.join('node_modules', name)));
  for (const file of bundledFiles) {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file);
    if (found?.[1]) folders.add(found[1]);
  }
  const parts = [...folders].map((folder) => licenceOf(path.join(root, folder)));
  return [...new Set(parts)].sort().join(`\n${'-'.repeat(100)}\n\n`);
}

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;
  const files = existsSync(folder)
    ? readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
    : [];
  const texts = files.sort().map((file) => readFileSync(path.join(folder, file), 'utf8').trim());
  return `${[`${name} ${version} (${license ?? 'licence in its text'})`, ...texts].join('\n\n')}\n`;
}
