import { chromium, type Browser, type Page } from 'playwright-core';
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

const POLL_MS = 50;

/**
 * Waits until an expression is true in the page; `otherwise` tells of the page when it never is. Playwright's own
 * waitForFunction evaluates a text again inside the page, which the content security policy forbids.
 */
export async function until(
  tab: Page,
  expression: string,
  otherwise: () => Promise<string> = () => Promise.resolve(''),
  withinMs = 30_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await tab.evaluate(`Boolean(${expression})`))) {
    if (Date.now() > deadline) throw new Error(`never true: ${expression}\n${await otherwise()}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
