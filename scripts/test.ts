// npm test [-- KIND | FOLDER | FILE …] [--grep TEXT] [--jobs N]
// Environment: ERP_TEST_NO_SKIP=1 makes a skipped test a failure (except for outside services named by ERP_TEST_…_URL).
import './assert-node';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { forgetStatements } from '../test/support/statement-recorder';
import { selectTestFiles } from './test/files';
import type { TestResult } from './test/messages';
import { runInWorkers } from './test/pool';
import { printFile, printSummary } from './test/report';

const BUILD_ASSETS = 'scripts/build-assets.ts';

function prepare(): void {
  if (!existsSync(BUILD_ASSETS)) return;
  const done = spawnSync(process.execPath, ['--import', 'tsx', BUILD_ASSETS], { stdio: 'inherit' });
  if (done.status !== 0) throw new Error(`${BUILD_ASSETS} failed; the tests need its output`);
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { grep: { type: 'string', short: 'g' }, jobs: { type: 'string', short: 'j' } },
  });
  const files = selectTestFiles(positionals);
  process.env.NODE_ENV = 'test';
  if (positionals.length === 0 && !values.grep) {
    process.env.ERP_TEST_WHOLE_RUN = '1';
    forgetStatements();
  }
  prepare();

  const results: TestResult[] = [];
  const events = {
    onResult: (result: TestResult) => void results.push(result),
    onFile: (file: string, ms: number) => printFile(file, ms, results),
  };
  // An `it.only` left behind would silence the rest of its file: refused when everything runs.
  const options = { forbidOnly: positionals.length === 0, ...(values.grep ? { grep: values.grep } : {}) };
  const jobs = Number(values.jobs ?? Math.max(2, availableParallelism()));
  const startedAt = Date.now();
  await runInWorkers(files.together, jobs, options, events);
  await runInWorkers(files.alone, 1, options, events);
  await runInWorkers(files.last, jobs, options, events);
  return printSummary(results, Date.now() - startedAt, process.env.ERP_TEST_NO_SKIP === '1');
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
