import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { kindOf } from './files';
import type { TestResult, WorkerMessage, WorkerOptions } from './messages';

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url));
/** A worker that reports nothing for this long is taken for hung; longer than the longest test's own limit. */
const SILENCE_MS = 11 * 60_000;
const STOP_MS = 30_000;

export interface PoolEvents {
  onResult(result: TestResult): void;
  onFile(file: string, ms: number): void;
}

/** Runs the files in `size` processes that take one file after another. A process that dies fails its file and is replaced. */
export async function runInWorkers(
  files: readonly string[],
  size: number,
  options: WorkerOptions,
  events: PoolEvents,
): Promise<void> {
  const queue = [...files];
  await Promise.all(Array.from({ length: Math.min(size, files.length) }, () => runQueue(queue, options, events)));
}

async function runQueue(queue: string[], options: WorkerOptions, events: PoolEvents): Promise<void> {
  let worker: ChildProcess | undefined;
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    worker ??= start(options);
    const problem = await runOne(worker, file, events);
    if (problem === undefined) continue;
    events.onResult({ file, title: 'the test process', outcome: 'failed', ms: 0, error: problem });
    events.onFile(file, 0);
    worker = undefined;
  }
  if (worker) await stop(worker, events);
}

function start(options: WorkerOptions): ChildProcess {
  return fork(WORKER, [JSON.stringify(options)], {
    execArgv: ['--import', 'tsx', '--enable-source-maps'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

/** Resolves with undefined when the file was run to its end, else with what happened to the process. */
function runOne(worker: ChildProcess, file: string, events: PoolEvents): Promise<string | undefined> {
  return new Promise((resolve) => {
    let lastTitle = 'before the first test ended';
    const onSilence = () => {
      worker.kill('SIGKILL');
      finish(`reported nothing for ${SILENCE_MS / 60_000} minutes, after: ${lastTitle}`);
    };
    let silence = setTimeout(onSilence, SILENCE_MS);
    const onMessage = (message: WorkerMessage) => {
      clearTimeout(silence);
      silence = setTimeout(onSilence, SILENCE_MS);
      if (message.kind === 'test') {
        lastTitle = message.result.title;
        events.onResult(message.result);
      } else if (message.kind === 'file-done') {
        events.onFile(message.file, message.ms);
        finish(undefined);
      }
    };
    const onExit = (code: number | null, signal: NodeJS.Signals | null) =>
      finish(`ended (${signal ?? `exit code ${code}`}) while the file ran, after: ${lastTitle}`);
    const finish = (problem: string | undefined) => {
      clearTimeout(silence);
      worker.off('message', onMessage);
      worker.off('exit', onExit);
      resolve(problem);
    };
    worker.on('message', onMessage);
    worker.on('exit', onExit);
    // A worker that has already gone refuses the message; its exit event tells why.
    worker.send({ kind: 'run', file, timeoutMs: kindOf(file).timeoutMs }, () => undefined);
  });
}

function stop(worker: ChildProcess, events: PoolEvents): Promise<void> {
  return new Promise((resolve) => {
    if (worker.exitCode !== null || worker.signalCode !== null) {
      resolve();
      return;
    }
    const timer = setTimeout(() => {
      worker.kill('SIGKILL');
      events.onResult({
        file: 'the end of the run',
        title: 'stopping the test process',
        outcome: 'failed',
        ms: 0,
        error: `its clean-up took over ${STOP_MS / 1000} s`,
      });
    }, STOP_MS);
    worker.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    worker.send({ kind: 'stop' }, () => undefined);
  });
}
