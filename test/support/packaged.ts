import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { version } from '../../src/platform/version';
import { atEnd } from './at-end';
import { makeScratch } from './scratch-folder';

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

export interface Release {
  folder: string;
  /** The binary for this machine. */
  binary: string;
}

const root = path.resolve(import.meta.dirname, '..', '..');

/** Binaries are made and tried on Linux on x64; the other targets are wrapped the same way. */
export const canPackage = process.platform === 'linux' && process.arch === 'x64';

/** Makes the release for this machine as `npm run package` does; gone at the end of the tests. */
export async function packageRelease(): Promise<Release> {
  const folder = scratchFolder('release');
  const out = path.join(folder, 'bin');
  const made = await run(
    process.execPath,
    ['--import', 'tsx', 'scripts/package.ts', '--target', 'linux-x64', '--out', out],
    {
      cwd: root,
    },
  );
  if (made.code !== 0) throw new Error(`packaging failed: ${made.stdout}${made.stderr}`);
  return { folder: out, binary: path.join(out, `phone-erp-${version}-linux-x64`) };
}

let shared: Promise<Release> | undefined;

/** One release for all test files of this process: making it takes longer than most of what is tried with it. */
export const sharedRelease = (): Promise<Release> => (shared ??= packageRelease());

/** The release's binary with one sentence of its English texts changed, which only the payload has. */
export function tamperedCopy(release: Release, folder: string): string {
  const tampered = path.join(folder, 'phone-erp');
  const bytes = readFileSync(release.binary);
  const at = bytes.indexOf('You do not have this permission');
  if (at < 0) throw new Error('the sentence to change is not in the binary');
  bytes[at] = 'y'.charCodeAt(0);
  writeFileSync(tampered, bytes, { mode: 0o755 });
  return tampered;
}

export function scratchFolder(kind: string): string {
  const folder = makeScratch(kind);
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

interface RunOptions {
  cwd: string;
  env?: Record<string, string>;
}

/** An environment of its own: nothing of the tests' settings reaches the program. */
export function environment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { PATH = '', HOME = '', LANG = 'C.UTF-8' } = process.env;
  return { PATH, HOME, LANG, ERP_LOCALE: 'en', ...extra };
}

export function run(file: string, args: readonly string[], { cwd, env }: RunOptions): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(file, [...args], { cwd, env: environment(env), maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
  });
}

/** Starts the program and waits until it prints its address. */
export async function startServing(
  file: string,
  args: readonly string[],
  { cwd, env }: RunOptions,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const child = spawn(file, [...args], { cwd, env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] });
  atEnd(() => void child.kill('SIGKILL'));
  const url = await addressOf(child);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (part: Buffer): void => {
      said += part.toString();
      const found = /https?:\/\/[\w.:[\]-]+/.exec(said);
      if (found) resolve(found[0]);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${said}`)));
  });
}
