import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { extract } from 'tar';
import { withoutAuthenticode } from './authenticode';
import { NODE_VERSION, type Target } from './targets';

const run = promisify(execFile);

/**
 * Puts Node for the target where pkg looks for it (`home`/.pkg-cache/sea, in pkg 6.23), so that it fetches nothing itself:
 * an empty archive marked as checked, and the program marked as unpacked. Node comes from the registry, checked against the
 * sum pinned in targets.ts, and is kept in `cache` for the next time.
 */
export async function provideNode(target: Target, cache: string, home: string): Promise<void> {
  const program = await nodeProgram(target, cache);
  const sea = path.join(home, '.pkg-cache', 'sea');
  const name = `node-v${NODE_VERSION}-${target.id}`;
  const place = target.ending ? path.join(sea, `${name}.exe`) : path.join(sea, name, 'bin', 'node');
  mkdirSync(path.dirname(place), { recursive: true });
  copyFileSync(program, place);
  chmodSync(place, 0o755);
  writeFileSync(`${place}.ok`, '');
  const archive = path.join(sea, `${name}.${target.ending ? 'zip' : 'tar.gz'}`);
  writeFileSync(archive, '');
  writeFileSync(`${archive}.ok`, '');
}

async function nodeProgram(target: Target, cache: string): Promise<string> {
  const installed = installedNode(target);
  if (installed) return installed;
  const kept = path.join(cache, `node-v${NODE_VERSION}-${target.id}${target.ending}`);
  if (existsSync(kept)) return kept;
  const scratch = path.join(cache, `${target.id}.${process.pid}`);
  mkdirSync(scratch, { recursive: true });
  try {
    const archive = await download(target, scratch);
    await extract({ file: archive, cwd: scratch });
    const program = path.join(scratch, target.program);
    if (target.ending) writeFileSync(program, withoutAuthenticode(readFileSync(program)));
    renameSync(program, kept);
    return kept;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The Node that npm installed for this machine, checked by npm against the sum in package-lock.json. */
function installedNode({ nodePackage, program }: Target): string | undefined {
  const folder = path.resolve(import.meta.dirname, '..', '..', 'node_modules', nodePackage);
  const manifest = path.join(folder, 'package.json');
  if (!existsSync(manifest)) return undefined;
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return version === NODE_VERSION ? path.join(folder, path.relative('package', program)) : undefined;
}

async function download({ nodePackage, integrity }: Target, folder: string): Promise<string> {
  await run('npm', ['pack', `${nodePackage}@${NODE_VERSION}`, '--silent', '--pack-destination', folder], {
    cwd: folder,
    shell: process.platform === 'win32',
  });
  const archive = path.join(folder, `${nodePackage}-${NODE_VERSION}.tgz`);
  const sum = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (sum !== integrity) throw new Error(`${nodePackage}@${NODE_VERSION} is not the package that was pinned (${sum})`);
  return archive;
}
