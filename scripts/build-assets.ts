/**
 * Puts the parts of installed packages that browsers load into public/vendor/ (generated, never committed):
 *   icons.svg                       one sprite with the icons named in src/platform/views/icon-names.ts
 *   barcode-detector.mjs, zxing_reader.wasm   camera scanning, fetched only by pages that open the camera
 * Runs before the server starts and before tests. A stamp of the inputs makes the second run a matter of milliseconds.
 */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ICON_NAMES } from '../src/platform/views/icon-names';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
/** Folder of an installed package, as `from` (a folder) would find it. */
function packageFolder(name: string, from = root): string {
  const paths = createRequire(path.join(from, 'package.json')).resolve.paths(name) ?? [];
  const found = paths.map((folder) => path.join(folder, name)).find(existsSync);
  if (!found) throw new Error(`${name} is not installed; run npm install`);
  return found;
}

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
  for (const name of ['@tabler/icons', 'barcode-detector', 'esbuild']) {
    hash.update(readFileSync(path.join(packageFolder(name), 'package.json')));
  }
  return hash.digest('hex');
}

/**
 * The camera's barcode reader: the script as one module, and beside it the WebAssembly file made for this very script. It
 * comes with barcode-detector's own zxing-wasm, which need not be the version at the top of node_modules. The script names
 * the version it fits in the address from which it would otherwise fetch the file; that address is taken out.
 */
async function buildBarcodeReader(target: string): Promise<void> {
  const { build } = await import('esbuild');
  const script = path.join(target, 'barcode-detector.mjs');
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
    legalComments: 'inline',
    logLevel: 'error',
    outfile: script,
  });
  const reader = packageFolder('zxing-wasm', realpathSync(packageFolder('barcode-detector')));
  const { version } = JSON.parse(readFileSync(path.join(reader, 'package.json'), 'utf8')) as { version: string };
  const text = readFileSync(script, 'utf8');
  const outside = new RegExp(`https://[\\w.]+/npm/zxing-wasm@${version.replaceAll('.', '\\.')}/dist`, 'g');
  if (!outside.test(text)) throw new Error(`zxing-wasm ${version} is not the one barcode-detector was built with`);
  writeFileSync(script, text.replace(outside, '.'));
  copyFileSync(path.join(reader, 'dist', 'reader', 'zxing_reader.wasm'), path.join(target, 'zxing_reader.wasm'));
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
  await buildBarcodeReader(fresh);
  writeFileSync(path.join(fresh, '.stamp'), stamp);
  rmSync(target, { recursive: true, force: true });
  renameSync(fresh, target);
  return true;
}

if (process.argv[1] && pathToFileURL(process.argv[1]).href === import.meta.url) {
  const built = await buildAssets();
  if (built) console.log(`public/vendor: ${ICON_NAMES.length} icons, barcode reader`);
}
