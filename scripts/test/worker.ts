// One process that runs test files one after another and reports each test as it ends, so that a crash costs one file
// and is told with its name. Modules that tests share (a started database, a browser) stay loaded between files.
import '../assert-node';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import Mocha from 'mocha';
import { skipOf } from '../../test/support/skip';
import { runCleanups } from '../../test/support/at-end';
import { recordStatements } from '../../test/support/statement-recorder';
import type { RunnerMessage, TestResult, WorkerMessage, WorkerOptions } from './messages';

const options = JSON.parse(process.argv[2] ?? '{}') as WorkerOptions;
const { constants } = Mocha.Runner;
const send = (message: WorkerMessage) => process.send?.(message);

async function runFile(file: string, timeout: number): Promise<void> {
  const startedAt = Date.now();
  const mocha = new Mocha({ ui: 'bdd', timeout, reporter: Silent, forbidOnly: options.forbidOnly });
  if (options.grep) mocha.grep(options.grep);
  // The events that make describe, it and the hooks belong to this run. Loading by import() rather than by mocha's own
  // loader, which would use require() and give a second copy of every module that is also imported dynamically.
  mocha.suite.emit('pre-require', globalThis, file, mocha);
  const report = (result: Omit<TestResult, 'file'>) => send({ kind: 'test', result: { file, ...result } });
  try {
    const exported: unknown = await import(pathToFileURL(path.resolve(file)).href);
    mocha.suite.emit('require', exported, file, mocha);
    mocha.suite.emit('post-require', globalThis, file, mocha);
    await new Promise<void>((resolve) => {
      const runner = mocha.run(() => resolve());
      runner.on(constants.EVENT_TEST_PASS, (test) => report({ ...about(test), outcome: 'passed' }));
      runner.on(constants.EVENT_TEST_FAIL, (test, error) =>
        report({ ...about(test), outcome: 'failed', error: explain(error) }),
      );
      runner.on(constants.EVENT_TEST_PENDING, (test) =>
        report({ ...about(test), outcome: 'skipped', ...skipOf(test) }),
      );
    });
  } catch (error) {
    report({ title: 'the file could not be loaded', outcome: 'failed', ms: 0, error: explain(error) });
  }
  send({ kind: 'file-done', file, ms: Date.now() - startedAt });
}

/** mocha prints nothing by itself; the runner process prints for all workers. */
class Silent extends Mocha.reporters.Base {}

function about(test: Mocha.Runnable): { title: string; ms: number } {
  return { title: test.fullTitle(), ms: test.duration ?? 0 };
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { actual, expected, showDiff } = error as Error & { actual?: unknown; expected?: unknown; showDiff?: boolean };
  const own = (error.stack ?? String(error))
    .split('\n')
    .filter((line) => !/node_modules\/(mocha|chai|tsx)|node:internal/.test(line));
  const differs = showDiff !== false && (actual !== undefined || expected !== undefined);
  const difference = differs ? Mocha.reporters.Base.generateDiff(text(actual), text(expected)) : '';
  const cause = error.cause ? `\ncaused by ${explain(error.cause)}` : '';
  return own.join('\n') + difference + cause;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : Mocha.utils.stringify(value);
}

process.on('message', (message: RunnerMessage) => {
  if (message.kind === 'run') void runFile(message.file, message.timeoutMs);
  else void runCleanups().finally(() => process.exit(0));
});
// Thrown again it becomes an uncaught exception, which mocha counts against the running test.
process.on('unhandledRejection', (reason) => {
  throw reason;
});
// The runner is gone (Ctrl-C, killed): do not stay behind.
process.on('disconnect', () => void runCleanups().finally(() => process.exit(1)));
recordStatements();
send({ kind: 'ready' });
