import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The product's server as a process of its own. */
export interface ProductServer {
  url: string;
  /** From the start of the process to the first 200 of /readyz. */
  readyMs: number;
  /** Resident memory now. */
  residentBytes: () => number;
  /** Processor time since the start of the process. */
  cpuMs: () => number;
  stop: () => Promise<void>;
}

export interface ServerOptions {
  databaseUrl: string;
  dataDir: string;
  /** A file with more settings. */
  config?: string;
  /** Flags of the run time, such as --cpu-prof. */
  execArgv?: readonly string[];
}

const READY_WITHIN_MS = 60_000;

/**
 * As in the npm scripts and in the package. With the run time's own choice the space for short-lived objects alone grows to a
 * hundred megabytes, and what got old by chance is first collected when there are hundreds of it.
 */
const SMALL_SPACES = ['--max-semi-space-size=16', '--initial-old-space-size=48', '--heap-growing-percent=20'];

/** Arguments of the run time that start the program as `npm run erp -- …` does. */
export function programArgs(args: readonly string[]): string[] {
  const root = path.join(import.meta.dirname, '..');
  return [...SMALL_SPACES, path.join(root, 'scripts', 'run-built.mjs'), path.join(root, 'src', 'main.ts'), ...args];
}

/** As `npm run erp -- serve` does it. */
export function startProductServer({
  databaseUrl,
  dataDir,
  config,
  execArgv = [],
}: ServerOptions): Promise<ProductServer> {
  const args = programArgs(['serve', ...(config ? ['--config', config] : [])]);
  return startServer([...profilerFlags(), ...execArgv, ...args], '/readyz', {
    ERP_DATABASE_URL: databaseUrl,
    ERP_DATA_DIR: dataDir,
    ERP_SERVER_PORT: '0',
    ERP_LOGGING_STDOUT: 'false',
    NODE_ENV: 'production',
  });
}

/** ERP_BENCH_PROFILE=FOLDER: the servers write a profile of the processor there when they stop. */
function profilerFlags(): string[] {
  const folder = process.env.ERP_BENCH_PROFILE;
  return folder ? ['--cpu-prof', `--cpu-prof-dir=${folder}`] : [];
}

/** Starts a program that prints its address, and waits until it answers. */
export async function startServer(
  args: readonly string[],
  readyPath: string,
  env: Record<string, string> = {},
): Promise<ProductServer> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  try {
    const url = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the server did not start: ${output}`)), READY_WITHIN_MS);
      const look = (data: Buffer): void => {
        output += String(data);
        const found = /(http:\/\/127\.0\.0\.1:\d+)/.exec(output);
        if (found) {
          clearTimeout(timer);
          resolve(found[1] as string);
        }
      };
      child.stdout.on('data', look);
      child.stderr.on('data', look);
      void ended.then(() => reject(new Error(`the server ended: ${output}`)));
    });
    while ((await fetch(url + readyPath)).status !== 200)
      if (performance.now() - startedAt > READY_WITHIN_MS) throw new Error(`the server is not ready: ${output}`);
    return { url, readyMs: performance.now() - startedAt, ...meters(child), stop: () => stop(child, ended) };
  } catch (error) {
    await stop(child, ended);
    throw error;
  }
}

/** From the kernel's view of the process (Linux). */
function meters(child: ChildProcess): Pick<ProductServer, 'residentBytes' | 'cpuMs'> {
  const read = (name: string): string => readFileSync(`/proc/${child.pid}/${name}`, 'utf8');
  return {
    residentBytes: () => Number(/^VmRSS:\s+(\d+) kB/m.exec(read('status'))?.[1] ?? 0) * 1024,
    cpuMs: () => {
      const fields = read('stat')
        .replace(/^.*\) /, '')
        .split(' ');
      // utime and stime, in ticks of 10 ms.
      return (Number(fields[11]) + Number(fields[12])) * 10;
    },
  };
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await ended;
    clearTimeout(timer);
  }
}
