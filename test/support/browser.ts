import { chromium, type Browser } from 'playwright-core';
import { atEnd } from './at-end';
import { findProgram, skipUnless } from './skip';

let browser: Promise<Browser> | undefined;

/** Debian's chromium, started once for all browser tests of this process; skips by name where it is not installed. */
export async function chromiumFor(context: Mocha.Context): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? findProgram('chromium') ?? findProgram('chromium-browser');
  skipUnless(context, executablePath, 'chromium is not installed (pages are tested in it)');
  browser ??= chromium
    .launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] })
    .then((started) => {
      atEnd(() => started.close());
      return started;
    });
  return browser;
}
