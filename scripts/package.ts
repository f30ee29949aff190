// npm run package [-- --target linux-x64,… --out FOLDER]: the release: one binary per target, the licences, the install
// scripts, CHECKSUMS.sha256, CHECKSUMS.md5 and the signature of the list. Steps: browser parts → bundle and stage (outside
// the tree, where no node_modules is in reach) → Node for each target → pkg → sums → signature.
// Interrupted, the next run starts again; the finished release is exchanged at the end, never half of it.
import './assert-node';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { version } from '../src/platform/version';
import { buildAssets } from './build-assets';
import { provideNode } from './package/node-runtimes';
import { finishRelease } from './package/release-folder';
import { runPkg } from './package/run-pkg';
import { openSigner } from './package/signing-key';
import { stage } from './package/stage';
import { targets } from './package/targets';

const root = path.resolve(import.meta.dirname, '..');

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { target: { type: 'string' }, out: { type: 'string' } } });
  const asked = values.target?.split(',') ?? targets.map(({ id }) => id);
  const unknown = asked.filter((id) => !targets.some((target) => target.id === id));
  if (unknown.length > 0)
    throw new Error(`no such target: ${unknown.join(', ')}. There are ${targets.map(({ id }) => id).join(', ')}`);
  const out = path.resolve(values.out ?? path.join(root, 'out', 'bin'));
  const cache = path.join(root, 'out', 'cache');
  mkdirSync(cache, { recursive: true });
  const signer = openSigner();
  const scratch = mkdtempSync(path.join(tmpdir(), 'phone-erp-package-'));
  const fresh = `${out}.${process.pid}`;
  try {
    await step('parts for browsers', () => buildAssets());
    const staged = path.join(scratch, 'phone-erp');
    await step('bundle', () => stage(root, staged, version, signer));
    const home = path.join(scratch, 'home');
    mkdirSync(fresh, { recursive: true });
    const wanted = targets.filter(({ id }) => asked.includes(id));
    await step('Node for each target', () => Promise.all(wanted.map((target) => provideNode(target, cache, home))));
    await step('binaries', () => runPkg(staged, home, wanted, fresh, `phone-erp-${version}`));
    await step('checksums and signature', () => finishRelease(root, staged, fresh, signer));
    rmSync(out, { recursive: true, force: true });
    renameSync(fresh, out);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    rmSync(fresh, { recursive: true, force: true });
  }
  console.log(
    `${out}, signed with the ${signer.key.kind} key${signer.key.kind === 'development' ? ' (for tests only)' : ''}`,
  );
}

async function step(title: string, work: () => unknown): Promise<void> {
  const startedAt = Date.now();
  await work();
  console.log(`${title}: ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

await main();
