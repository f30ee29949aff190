type Cleanup = () => Promise<void> | void;

const cleanups: Cleanup[] = [];

/**
 * Registers work for the end of this test process, for things that several test files share: a database server, a browser.
 * What a single file starts is stopped in its own `after` hook.
 */
export function atEnd(cleanup: Cleanup): void {
  cleanups.push(cleanup);
}

/** Called by the test worker before it ends; the last registered goes first, and one failure does not stop the others. */
export async function runCleanups(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) {
    try {
      await cleanup();
    } catch (error) {
      console.error('cleaning up after the tests failed:', error);
    }
  }
}

// When mocha runs a file directly there is no worker; then the event loop running dry is the end.
process.once('beforeExit', () => void runCleanups());
