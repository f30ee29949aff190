import { type ChildProcess, spawn } from 'node:child_process';

export interface BrowserSetup {
  /** With the one-time token. */
  address: string;
  /** Everything that was printed so far. */
  output: () => string;
  ended: Promise<number | null>;
  stop: () => void;
}

/** Starts `setup --browser` and waits until its console shows the address. */
export function startBrowserSetup(
  [program, ...args]: readonly [string, ...string[]],
  { cwd, env = process.env, options = [] }: { cwd: string; env?: NodeJS.ProcessEnv; options?: readonly string[] },
): Promise<BrowserSetup> {
  const child: ChildProcess = spawn(program, [...args, 'setup', '--browser', ...options], {
    cwd,
    stdio: 'pipe',
    env: { ...env, ERP_LOCALE: 'en' },
  });
  let output = '';
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return new Promise((resolve, reject) => {
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
      const [address] = /https?:\/\/\S+token=\S+/.exec(output) ?? [];
      if (address) resolve({ address, output: () => output, ended, stop: () => void child.kill() });
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.on('close', () => reject(new Error(output)));
  });
}
