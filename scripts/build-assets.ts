/**
 * Puts the parts of installed packages that browsers load into public/vendor/ (generated, never committed):
 *   icons.svg                       one sprite with the icons named in src/platform/views/icon-names.ts
 *   barcode-detector.mjs, zxing_reader.wasm   camera scanning, fetched only by pages that open the camera
 * Runs before the server starts and before tests. A stamp of the inputs makes the second run a matter of milliseconds.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ICON_NAMES } from '../src/platform/views/icon-names';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const packageFolder = (name: string): string => {
  const resolve = createRequire(import.meta.url).resolve;
  const found = (resolve.paths(name) ?? []).map((folder) => path.join(folder, name)).find(existsSync);
  if (!found) throw new Error(`${name} is not installed; run npm install`);
  return found;
};

/** One <symbol>: the drawing without Tabler's invisible frame; colour and width come from the page's stylesheet. */
export function iconSymbol(name: string, svg: string): string {
  const body = svg
    .replace(/^[\s\S]*?<svg[\s\S]*?>/, '')
    .replace(/<\/svg>\s*$/, '')
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" ?\/>/, '')
    .replace(/\s*\n\s*/g, '')
    .replace(/ \/>/g, '/>');
  return `<symbol id="${name}" viewBox="0 0 24 24">${body}</symbol>`;
}

/** The sprite. Throws with every name that @tabler/icons does not have. */
export function buildSprite(names: readonly string[], folder: string): string {
  const missing = names.filter((name) => !existsSync(path.join(folder, `${name}.svg`)));
  if (missing.length > 0)
    throw new Error(`icon-names.ts lists icons that @tabler/icons does not have: ${missing.join(', ')}`);
  const symbols = names.map((name) => iconSymbol(name, readFileSync(path.join(folder, `${name}.svg`), 'utf8')));
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join('\n')}\n</svg>\n`;
}

function inputsStamp(): string {
  const hash = createHash('sha256')
    .update(readFileSync(fileURLToPath(import.meta.url)))
    .update(ICON_NAMES.join(' '));
  for (const name of ['@tabler/icons', 'barcode-detector', 'zxing-wasm', 'esbuild']) {
    hash.update(readFileSync(path.join(packageFolder(name), 'package.json')));
  }
  return hash.digest('hex');
}

/** The polyfill and its reader as one module without outside addresses: the .wasm lies beside it. */
async function bundleBarcodeDetector(target: string): Promise<void> {
  const { build } = await import('esbuild');
  await build({
    stdin: {
      contents: `export { BarcodeDetector, prepareZXingModule } from 'barcode-detector/ponyfill';`,
      resolveDir: root,
      loader: 'js',
    },
    bundle: true,
    format: 'esm',
    minify: true,
    target: 'es2020',
    legalComments: 'linked',
    logLevel: 'error',
    outfile: path.join(target, 'barcode-detector.mjs'),
  });
}

/** Fills `target` (public/vendor). Returns false when it was up to date. */
export async function buildAssets(target = path.join(root, 'public', 'vendor')): Promise<boolean> {
  const stampFile = path.join(target, '.stamp');
  const stamp = inputsStamp();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return false;
  // Built beside and then exchanged, so that a server running meanwhile never serves half a file.
  const fresh = `${target}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  writeFileSync(
    path.join(fresh, 'icons.svg'),
    buildSprite(ICON_NAMES, path.join(packageFolder('@tabler/icons'), 'icons', 'outline')),
  );
  await bundleBarcodeDetector(fresh);
  copyFileSync(
    path.join(packageFolder('zxing-wasm'), 'dist', 'reader', 'zxing_reader.wasm'),
    path.join(fresh, 'zxing_reader.wasm'),
  );
  writeFileSync(path.join(fresh, '.stamp'), stamp);
  rmSync(target, { recursive: true, force: true });
  renameSync(fresh, target);
  return true;
}

if (process.argv[1] && pathToFileURL(process.argv[1]).href === import.meta.url) {
  const built = await buildAssets();
  if (built) console.log(`public/vendor: ${ICON_NAMES.length} icons, barcode reader`);
}
