import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { NODE_VERSION, type Target } from './targets';

const pkgMain = createRequire(import.meta.url).resolve('@yao-pkg/pkg/lib-es5/bin.js');

/** Wraps the staged program into one binary per target: `out`/<name>. Throws with everything pkg said when it fails. */
export async function runPkg(stageFolder: string, home: string, target: Target, output: string): Promise<void> {
  const args = ['--require', path.join(import.meta.dirname, 'pkg-preload.cjs'), pkgMain, stageFolder, '--sea'];
  args.push('--targets', `node${NODE_VERSION}-${target.id}`, '--output', output);
  const said = await run(process.execPath, args, { ...process.env, HOME: home, USERPROFILE: home, NODE_OPTIONS: '' });
  if (said.status !== 0) throw new Error(`pkg could not make ${path.basename(output)}:\n${said.text}`);
}

function run(file: string, args: string[], env: NodeJS.ProcessEnv): Promise<{ status: number | null; text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.stderr.on('data', (part: Buffer) => parts.push(part));
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, text: Buffer.concat(parts).toString('utf8') }));
  });
}
