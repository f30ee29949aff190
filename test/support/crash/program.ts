import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** The program compiled once, so that a start takes a second: its entry file. It finds its views and texts in the source tree. */
export async function buildProgram(): Promise<{ entry: string; release: () => void }> {
  mkdirSync(path.join(root, 'out'), { recursive: true });
  const outdir = mkdtempSync(path.join(root, 'out', 'crash-'));
  await build({
    absWorkingDir: root,
    entryPoints: ['src/main.ts'],
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    packages: 'external',
    keepNames: true,
    logLevel: 'error',
  });
  return { entry: path.join(outdir, 'main.mjs'), release: () => rmSync(outdir, { recursive: true, force: true }) };
}

export interface Outcome {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface RunningProgram {
  child: ChildProcess;
  ended: Promise<Outcome>;
  /** The first match in what it printed, once it is there; rejects when the process ends before. */
  printed: (pattern: RegExp) => Promise<RegExpExecArray>;
  kill: (signal?: NodeJS.Signals) => Promise<Outcome>;
}

/** Starts the compiled program (or any script) with this Node. */
export function runProgram(entry: string, args: readonly string[], env: NodeJS.ProcessEnv): RunningProgram {
  const child = spawn(process.execPath, [entry, ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  const watchers = new Set<() => void>();
  const keep = (data: Buffer): string => {
    queueMicrotask(() => watchers.forEach((look) => look()));
    return String(data);
  };
  child.stdout.on('data', (data: Buffer) => (stdout += keep(data)));
  child.stderr.on('data', (data: Buffer) => (stderr += keep(data)));
  const ended = new Promise<Outcome>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr })),
  );
  return {
    child,
    ended,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(stdout) ?? pattern.exec(stderr);
          if (!found) return;
          watchers.delete(look);
          resolve(found);
        };
        watchers.add(look);
        look();
        void ended.then(({ code, signal }) =>
          reject(new Error(`ended (${signal ?? code}) before ${pattern}: ${stdout}${stderr}`)),
        );
      }),
    kill: (signal = 'SIGKILL') => {
      child.kill(signal);
      return ended;
    },
  };
}
