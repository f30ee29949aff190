import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, type Metafile } from 'esbuild';

/**
 * The whole program as one CommonJS file. Names are kept (error names and table definitions rely on them) and lines stay
 * short, so that a stack trace from a customer can be read; spaces and comments, a third of it, are left out.
 */
export async function bundleProgram(root: string, outfile: string): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [path.join(root, 'src', 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    keepNames: true,
    minifyWhitespace: true,
    lineLimit: 200,
    metafile: true,
    logLevel: 'error',
    legalComments: 'none',
    // Optional native parts of ssh2: asked for inside try, never shipped.
    external: ['cpu-features', '*.node'],
    // A CommonJS file has no import.meta; resources.ts looks for the folders beside it.
    define: { 'import.meta.url': '__bundleUrl' },
    banner: { js: "const __bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
  // pkg takes the first line away (#!/usr/bin/env node); taken away here, the sum in PAYLOAD.sha256 is that of what it packs.
  writeFileSync(outfile, readFileSync(outfile, 'utf8').replace(/^#!.*\n/, ''));
  return metafile;
}
