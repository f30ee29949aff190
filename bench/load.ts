import { fork } from 'node:child_process';
import path from 'node:path';
import type { Job, Outcome } from './load-process';

export interface Load {
  pid: number;
  /** Throws when a request failed. */
  run: (job: Job) => Promise<Outcome>;
  stop: () => Promise<void>;
}

export function startLoad(): Load {
  const child = fork(path.join(import.meta.dirname, 'load-process.ts'), { execArgv: ['--import', 'tsx'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    pid: child.pid ?? 0,
    run: async (job) => {
      const outcome = await new Promise<Outcome>((resolve, reject) => {
        child.once('message', (message) => resolve(message as Outcome));
        void ended.then(() => reject(new Error('the load process ended')));
        child.send(job);
      });
      if (outcome.failures.length > 0)
        throw new Error(`${outcome.failures.length} requests failed: ${outcome.failures[0]}`);
      return outcome;
    },
    stop: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
