/** What is written to: the file of the log. */
interface LineTarget {
  write(text: string): unknown;
  flushSync(): void;
}

export interface LineBuffer {
  write(line: string): void;
  /** Writes what is left and forgets the process's end. */
  close(): void;
}

const LATEST_MS = 100;
const MOST_CHARACTERS = 16_000;

/**
 * Lines of a tenth of a second go to the file together: under load a write for each of them cost a twentieth of all requests.
 * What waits is written when the process ends, for whatever reason but a kill -9.
 */
export function bufferLines(target: LineTarget): LineBuffer {
  let waiting = '';
  let timer: NodeJS.Timeout | undefined;
  let isOpen = true;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting !== '') target.write(waiting);
    waiting = '';
  };
  const atExit = (): void => {
    flush();
    try {
      target.flushSync();
    } catch {
      // The file was not opened yet, or its disk is full: nobody is left to tell.
    }
  };
  process.once('exit', atExit);
  return {
    write: (line) => {
      // What is cut short by the end of a server may still have something to say.
      if (!isOpen) return;
      waiting += line;
      if (waiting.length > MOST_CHARACTERS) flush();
      else timer ??= setTimeout(flush, LATEST_MS).unref();
    },
    close: () => {
      process.off('exit', atExit);
      flush();
      isOpen = false;
    },
  };
}
