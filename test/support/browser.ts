import { chromium, type Browser } from 'playwright-core';
import { atEnd } from './at-end';
import { findProgram, skipUnless } from './skip';

export const chromiumFlags = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];

let browser: Promise<Browser> | undefined;

/** Debian's chromium; skips by name where it is not installed. */
export function chromiumPath(context: Mocha.Context): string {
  const found = process.env['CHROMIUM'] ?? findProgram('chromium') ?? findProgram('chromium-browser');
  skipUnless(context, found, 'chromium is not installed (pages are tested in it)');
  return found;
}

/** One browser for all tests of this process. */
export function chromiumFor(context: Mocha.Context): Promise<Browser> {
  const executablePath = chromiumPath(context);
  browser ??= chromium.launch({ executablePath, args: chromiumFlags }).then((started) => {
    atEnd(() => started.close());
    return started;
  });
  return browser;
}
