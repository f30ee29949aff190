import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { pino, type Logger as PinoLogger, type StreamEntry } from 'pino';
import roll from 'pino-roll';
import { bufferLines } from './line-buffer';
import { redact } from './redact';
import { serializeError } from './serializers';

export type Logger = PinoLogger;

export interface LoggingOptions {
  level: string;
  /** Folder of the files phone-erp.DATE.N.log. */
  dir: string;
  stdout: boolean;
}

const DAYS_KEPT = 14;
const MAX_FILE = '50m';

/** A logger and the means to end it; nothing that was logged before `close` is lost. */
export interface OpenLogger {
  logger: Logger;
  close(): Promise<void>;
}

/**
 * One JSON object per line, to a file that rolls daily and at 50 MB (14 kept) and, if wanted, to the console.
 * In process, not in a worker, because workers cannot be started from the packaged program.
 */
export async function openLogger({ level, dir, stdout }: LoggingOptions): Promise<OpenLogger> {
  // Readable by the service account only: even masked logs tell who works when.
  mkdirSync(dir, { recursive: true, mode: 0o750 });
  const file = await roll({
    file: path.join(dir, 'phone-erp'),
    extension: '.log',
    frequency: 'daily',
    dateFormat: 'yyyy-MM-dd',
    size: MAX_FILE,
    limit: { count: DAYS_KEPT, removeOtherLogFiles: true },
    mode: 0o640,
  });
  const lines = bufferLines(file);
  const streams: StreamEntry[] = [{ stream: lines, level: 'trace' }];
  if (stdout) streams.push({ stream: process.stdout, level: 'trace' });
  return {
    logger: createLogger(level, pino.multistream(streams)),
    close: () =>
      new Promise((resolve) => {
        file.once('close', () => resolve());
        lines.close();
        file.end();
      }),
  };
}

/** A logger over any destination; used by openLogger and by tests that look at what is written. */
export function createLogger(level: string, destination: pino.DestinationStream): Logger {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (record) => redact(record) as Record<string, unknown>,
      },
      serializers: { err: serializeError, error: serializeError },
    },
    destination,
  );
  // The formatter above does not see what a child is bound to; children inherit this method, so it covers theirs too.
  const { child } = logger;
  logger.child = function (this: Logger, bindings, options) {
    return child.call(this, redact(bindings) as pino.Bindings, options) as never;
  };
  return logger;
}

/** For tests and for commands that report on the console themselves. */
export function silentLogger(): Logger {
  return pino({ level: 'silent' });
}
