import type { TestResult } from './messages';

const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code: number) => (text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
const red = paint(31);
const green = paint(32);
const yellow = paint(33);
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** One line for a finished file, and at once what failed in it. */
export function printFile(file: string, ms: number, results: readonly TestResult[]): void {
  const own = results.filter((result) => result.file === file);
  const [passed, failed, skipped] = count(own);
  const mark = failed > 0 ? red('✗') : passed > 0 ? green('✓') : yellow('–');
  const parts = [`${passed} passed`];
  if (failed > 0) parts.push(red(`${failed} failed`));
  if (skipped > 0) parts.push(yellow(`${skipped} skipped`));
  console.log(`${mark} ${file}  ${parts.join(', ')}  (${seconds(ms)})`);
  for (const result of own) if (result.outcome === 'failed') printFailure(result);
}

/**
 * Prints what was skipped by name and why, what failed, and as the very last line "N passed, N failed, N skipped".
 * Returns the exit code. With `noSkip` a skipped test counts as failed, except one for an outside service.
 */
export function printSummary(all: readonly TestResult[], ms: number, noSkip: boolean): number {
  const results = noSkip ? all.map(skipIsFailure) : all;
  const skippedTests = results.filter((result) => result.outcome === 'skipped');
  if (skippedTests.length > 0) console.log(`\n${yellow('Skipped')}`);
  for (const result of skippedTests) console.log(`- ${result.title} [${result.file}]: ${reasonOf(result)}`);

  const failures = results.filter((result) => result.outcome === 'failed');
  if (failures.length > 0) console.log(`\n${red('Failed')}`);
  failures.forEach(printFailure);

  const [passed, failed, skipped] = count(results);
  if (results.length === 0) console.log('\nNo test was run.');
  console.log(`\n${seconds(ms)}`);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  return failed > 0 || results.length === 0 ? 1 : 0;
}

function skipIsFailure(result: TestResult): TestResult {
  if (result.outcome !== 'skipped' || result.outside) return result;
  return { ...result, outcome: 'failed', error: `skipped: ${reasonOf(result)}` };
}

function reasonOf(result: TestResult): string {
  return result.reason ?? 'marked in the source as not to be run (it.skip, describe.skip or a test without a body)';
}

function printFailure(result: TestResult): void {
  console.log(`  ${red('✗')} ${result.title} [${result.file}]`);
  console.log((result.error ?? '').trimEnd().replace(/^/gm, '      '));
}

function count(results: readonly TestResult[]): [passed: number, failed: number, skipped: number] {
  const of = (outcome: TestResult['outcome']) => results.filter((result) => result.outcome === outcome).length;
  return [of('passed'), of('failed'), of('skipped')];
}
