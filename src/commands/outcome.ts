import { isDomainError } from '../kernel';
import { ConfigError } from '../platform/config';

/** What a command tells the shell; scripts rely on these numbers. */
export const ExitCode = { ok: 0, failed: 1, usage: 2, refused: 3 } as const;

/** Between two lines about a long work. */
const STEP_MS = 1000;
const JSON_STEP_MS = 200;

export interface CommandOptions {
  /** Print one JSON document on standard output and nothing else there. */
  json?: boolean;
}

export interface CommandOutput {
  /** A line for a person: standard output, or standard error when --json keeps that clean. */
  say(text: string): void;
  /** A line about what is going on; always standard error, so that it never lands in a pipe. */
  progress(text: string): void;
  /** Where a long command stands: a line for a person, or one JSON object; either not more often than one can read. */
  step(value: Record<string, unknown>, text: () => string): void;
  /** The command did its work and found something wrong (a check failed): exit code 1, the result is printed all the same. */
  fail(): void;
}

/** The command may not or must not be done as things are: exit code 3. */
export class RefusedError extends Error {
  override name = 'RefusedError';
}

/** The command line or the configuration is wrong: exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/**
 * Runs a command and turns its outcome into output and exit code. The value that `work` returns is the result for
 * --json; for people the command says what it has to say through `out`. A DomainError or RefusedError is "refused", a
 * ConfigError or UsageError is "usage", anything else "failed".
 */
export async function runCommand(
  options: CommandOptions,
  work: (out: CommandOutput) => Promise<unknown>,
  /** With --json one object per line: `{type: 'progress', …}` while it works, `{type: 'result', …}` at the end. */
  { lines = false } = {},
): Promise<void> {
  const json = options.json === true;
  let found = false;
  let steppedAt = 0;
  const print = (value: object): void => {
    const text = lines ? JSON.stringify({ type: 'result', ...value }) : JSON.stringify(value, undefined, 2);
    process.stdout.write(`${text}\n`);
  };
  const out: CommandOutput = {
    say: (text) => (json ? process.stderr : process.stdout).write(`${text}\n`),
    progress: (text) => void process.stderr.write(`${text}\n`),
    step: (value, text) => {
      if (performance.now() - steppedAt < (json ? JSON_STEP_MS : STEP_MS)) return;
      steppedAt = performance.now();
      if (json) process.stdout.write(`${JSON.stringify({ type: 'progress', ...value })}\n`);
      else process.stderr.write(`${text()}\n`);
    },
    fail: () => void (found = true),
  };
  try {
    const result = await work(out);
    if (json) print(result ?? { ok: !found });
    process.exitCode = found ? ExitCode.failed : ExitCode.ok;
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    // Loaded only now: most commands succeed, and --version must not wait for the texts.
    const message = isDomainError(error) ? (await import('./words')).explainDomainError(error) : textOf(error);
    if (json) print({ ok: false, error: describe(error, message) });
    else process.stderr.write(`${message}\n`);
  }
}

function exitCodeOf(error: unknown): number {
  // An address on the command line that is none; in a configuration it is a ConfigError.
  if (isDomainError(error) && error.code === 'database:error.url') return ExitCode.usage;
  if (isDomainError(error) || error instanceof RefusedError) return ExitCode.refused;
  if (error instanceof ConfigError || error instanceof UsageError) return ExitCode.usage;
  return ExitCode.failed;
}

function describe(error: unknown, message: string): object {
  if (isDomainError(error)) return { code: error.code, message, details: error.details, fields: error.fields };
  if (error instanceof ConfigError) return { code: error.name, message: error.message, problems: error.problems };
  if (error instanceof Error) return { code: error.name, message: error.message };
  return { code: 'Error', message };
}

/** A defect keeps its stack, which the maker needs; an expected failure is one sentence. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const expected = exitCodeOf(error) !== ExitCode.failed;
  return expected ? error.message : (error.stack ?? error.message);
}
