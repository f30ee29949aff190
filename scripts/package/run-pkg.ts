import { spawn } from 'node:child_process';
import { copyFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { NODE_VERSION, type Target } from './targets';

const pkgMain = createRequire(import.meta.url).resolve('@yao-pkg/pkg/lib-es5/bin.js');

/**
 * Wraps the staged program into one binary per target, all from one blob: `folder`/<name>-<target>. Throws with everything
 * that pkg said when it fails.
 */
export async function runPkg(
  stageFolder: string,
  home: string,
  targets: readonly Target[],
  folder: string,
  name: string,
): Promise<void> {
  const scratch = path.join(home, 'made');
  const args = ['--require', path.join(import.meta.dirname, 'pkg-preload.cjs'), pkgMain, stageFolder, '--sea'];
  args.push('--targets', targets.map(({ id }) => `node${NODE_VERSION}-${id}`).join(), '--out-path', scratch);
  const said = await run(process.execPath, args, { ...process.env, HOME: home, USERPROFILE: home, NODE_OPTIONS: '' });
  if (said.status !== 0) throw new Error(`pkg could not make ${name}:\n${said.text}`);
  const made = readdirSync(scratch);
  for (const { id, ending } of targets) {
    // With one target pkg leaves its name out.
    const file = targets.length === 1 ? made[0] : made.find((one) => one.endsWith(`-${id}${ending}`));
    if (!file) throw new Error(`pkg made no binary for ${id}:\n${said.text}`);
    renameOver(path.join(scratch, file), path.join(folder, `${name}-${id}${ending}`));
  }
}

/** The scratch folder may lie on another disk. */
function renameOver(from: string, to: string): void {
  copyFileSync(from, to);
  rmSync(from);
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
