import { accessSync, constants } from 'node:fs';
import path from 'node:path';

interface Skip {
  reason: string;
  /** True for what no installation can bring, such as a vendor's database server: CI may skip it too. */
  outside: boolean;
}

// Looked up by the test runner, which prints each skipped test by name with its reason.
const skips = new WeakMap<object, Skip>();

/**
 * Skips the running test, or all tests of the suite when called in a `before` hook, unless the condition holds.
 * With ERP_TEST_NO_SKIP=1 (as in CI, where everything is installed) it fails instead.
 */
export function skipUnless(context: Mocha.Context, condition: unknown, reason: string): asserts condition {
  if (condition) return;
  if (process.env.ERP_TEST_NO_SKIP === '1') throw new Error(`Nothing may be skipped here, but: ${reason}`);
  skip(context, { reason, outside: false });
}

/** As skipUnless, for what no installation can bring (a vendor's server, a collection of files beside the repository): CI may skip it too. */
export function skipUnlessOutside(context: Mocha.Context, condition: unknown, reason: string): asserts condition {
  if (!condition) skip(context, { reason, outside: true });
}

/** Path of the first of these programs that is installed; skips when none is. `why` says what needs it. */
export function skipWithoutProgram(context: Mocha.Context, names: readonly string[], why: string): string {
  const found = names.map(findProgram).find((file) => file !== undefined);
  skipUnless(context, found, `${names.join(' or ')} is not installed (${why})`);
  return found;
}

/** Value of an environment variable that names an outside service, such as ERP_TEST_MSSQL_URL; skips when it is not set, in CI too. */
export function skipWithoutEnvironment(context: Mocha.Context, name: string): string {
  const value = process.env[name];
  skipUnlessOutside(context, value, `${name} is not set`);
  return value;
}

export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => path.join(folder, name)).find(isExecutable);
}

/** What was recorded for this test or for a suite around it. */
export function skipOf(test: Mocha.Test): Skip | undefined {
  for (let at: Mocha.Runnable | Mocha.Suite | undefined = test; at; at = at.parent) {
    const recorded = skips.get(at);
    if (recorded) return recorded;
  }
  return undefined;
}

function skip(context: Mocha.Context, what: Skip): never {
  const runnable = context.runnable();
  const isHook = (runnable as Mocha.Runnable & { type?: string }).type === 'hook';
  skips.set(isHook && runnable.parent ? runnable.parent : runnable, what);
  context.skip();
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
