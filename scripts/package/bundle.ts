import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, type Metafile, transform } from 'esbuild';

const MADE = '.mjs';
const KEPT = '.cjs';

/**
 * The program as CommonJS files in `folder`: `name`.cjs and the parts that it loads when it comes to them. In one file the
 * engine would read all of it before the first line runs, which takes longer than a command such as --version itself; so
 * each import() of the source is a seam. Names are kept (error names and table definitions rely on them) and lines stay
 * lines, so that a stack trace from a customer can be read.
 */
export async function bundleProgram(root: string, folder: string, name: string): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { [name]: path.join(root, 'src', 'main.ts') },
    outdir: folder,
    outExtension: { '.js': MADE },
    chunkNames: 'part-[hash]',
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    keepNames: true,
    metafile: true,
    logLevel: 'error',
    legalComments: 'none',
    // Optional native parts of ssh2: asked for inside try, never shipped.
    external: ['cpu-features', '*.node'],
  });
  const parts = readdirSync(folder).filter((file) => file.endsWith(MADE));
  await Promise.all(parts.map((file) => toCommonJs(path.join(folder, file), parts)));
  return metafile;
}

/** esbuild splits only modules of the newer kind, which a single executable cannot load. */
async function toCommonJs(file: string, parts: readonly string[]): Promise<void> {
  const { code } = await transform(readFileSync(file, 'utf8'), {
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    // Becomes require(), a moment later.
    supported: { 'dynamic-import': false },
    legalComments: 'none',
    // A CommonJS file has no import.meta; resources.ts looks for the folders beside it.
    define: { 'import.meta.url': '__bundleUrl' },
    banner: "const __bundleUrl = require('node:url').pathToFileURL(__filename).href;",
  });
  const text = code.replaceAll(/\brequire\("\.\/([\w-]+\.mjs)"\)/g, (whole, part: string) =>
    parts.includes(part) ? `require("./${part.replace(MADE, KEPT)}")` : whole,
  );
  rmSync(file);
  // pkg takes a first line such as #!/usr/bin/env node away; taken away here, the sum in PAYLOAD.sha256 is that of what it packs.
  writeFileSync(file.replace(MADE, KEPT), text.replace(/^#!.*\n/, ''));
}
