import { spawn } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { atEnd } from '../at-end';
import { environment } from '../packaged';
import type { Installed } from './installation';
import { NEW, OLD, type Versions } from './versions';

const HOOK = path.resolve(import.meta.dirname, 'kill-at.mjs');

export interface KilledRun {
  signal: NodeJS.Signals | null;
  code: number | null;
  /** What the last points were, as kill-at.mjs tells them. */
  points: string[];
}

/** `phone-erp upgrade` or another command of the old version, killed at a point as kill-at.mjs numbers or names it; '': never. */
export function runKilled(versions: Versions, one: Installed, args: readonly string[], at: string): Promise<KilledRun> {
  const log = path.join(one.dataDir, 'kill.log');
  rmSync(log, { force: true });
  // What the wrapper of the old version starts.
  const main = /'([^']+main\.mjs)'/.exec(readFileSync(versions.old, 'utf8'))?.[1] ?? '';
  const child = spawn(process.execPath, ['--import', HOOK, main, ...args, '--config', one.configFile], {
    env: environment({ KILL_AT: at, KILL_LOG: log }),
    stdio: 'ignore',
  });
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      const points = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
      resolve({ code, signal, points });
    });
  });
}

/** Old with old or new with new, open, and nothing of the other: what is wrong in words. */
export async function notWhole(one: Installed, before: object): Promise<string[]> {
  const [version, data, state] = [one.version(), await one.look(), one.state()];
  const problems: string[] = [];
  const say = (right: boolean, words: string): void => void (right || problems.push(words));
  say(version === OLD || version === NEW, `the link leads to ${version}`);
  say(!data.maintenance.includes('upgrade'), 'maintenance is still on');
  say(state === undefined || (state.outcome !== 'running' && state.outcome !== 'stuck'), `it ended ${state?.outcome}`);
  const { maintenance: _, ...rows } = data;
  if (version === OLD) say(JSON.stringify(rows) === JSON.stringify(before), `old version, but ${JSON.stringify(rows)}`);
  else
    say(
      rows.notes.join() === 'made by 99.1.0' && rows.stores.every((name) => name === 'next') && rows.steps > 0,
      `new version, but ${JSON.stringify(rows)}`,
    );
  return problems;
}

/** The three ways in which a shop comes back after an interruption. */
export const WAYS = ['resume', 'serve', 'again'] as const;
export type Way = (typeof WAYS)[number];

export async function comeBack(versions: Versions, one: Installed, way: Way): Promise<void> {
  if (way === 'serve') return (await startServer(one)).stop();
  const args = way === 'resume' ? ['resume'] : [versions.next.good, '--yes'];
  const { code, stdout, stderr } = await one.run('upgrade', ...args, '--config', one.configFile);
  if (code !== 0 && !/not_newer|is in force/.test(stdout + stderr))
    throw new Error(`${way}: ${code} ${stdout}${stderr}`);
}

/** `current/phone-erp serve`, once it says that it is ready. */
export async function startServer(one: Installed): Promise<{ url: string; pid: number; stop: () => Promise<void> }> {
  const child = spawn(path.join(one.folder, 'current', 'phone-erp'), ['serve', '--config', one.configFile], {
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (part: Buffer) => (said += part.toString()));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  atEnd(() => void child.kill('SIGKILL'));
  const url = `http://127.0.0.1:${one.port}`;
  for (const until = Date.now() + 120_000; ; await pause(100)) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`the server does not come up: ${said}`);
    if ((await statusOf(`${url}/readyz`)) === 200) break;
  }
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  return { url, pid: child.pid ?? 0, stop };
}

export async function statusOf(url: string): Promise<number> {
  try {
    const response = await fetch(url, { headers: { accept: 'text/html' } });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}

/** Copies an installation away, to try the same point in several ways. */
export function snapshot(one: Installed): () => void {
  const whole = path.dirname(one.folder);
  const copy = `${whole}-copy`;
  rmSync(copy, { recursive: true, force: true });
  cpSync(whole, copy, { recursive: true, verbatimSymlinks: true });
  return () => {
    rmSync(whole, { recursive: true, force: true });
    cpSync(copy, whole, { recursive: true, verbatimSymlinks: true });
  };
}
