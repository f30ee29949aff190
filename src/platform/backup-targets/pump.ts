import { Transform, type Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { PutOptions } from './target';

/** Nothing moved for too long: the other side hangs, or the line does. */
export class StalledError extends Error {
  constructor(readonly seconds: number) {
    super(`nothing moved for ${seconds} s`);
    this.name = 'StalledError';
  }
}

/** What is sent could not be read to its end; `cause` says why. No fault of the target. */
export class SourceError extends Error {
  constructor(cause: unknown) {
    super('the body broke off', { cause });
    this.name = 'SourceError';
  }
}

async function* piecesOf(body: Readable): AsyncGenerator<Buffer> {
  const pieces = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const piece = await pieces.next().catch((error: unknown) => {
        throw new SourceError(error);
      });
      if (piece.done) return;
      yield piece.value as Buffer;
    }
  } finally {
    body.destroy();
  }
}

/** Why a put ended: the reason of whoever stopped it, the trouble of the source, or else a fault of the target. */
export function putFailure(
  error: unknown,
  signal: AbortSignal | undefined,
  fault: (error: unknown) => unknown,
): unknown {
  if (signal?.aborted) return signal.reason;
  return error instanceof SourceError ? error.cause : fault(error);
}

/**
 * Sends the body into the sink, no faster than asked, and tells how many bytes went. Rejects with the reason of the signal
 * when it is aborted and with StalledError when nothing moves for `stallMs`; both ends are destroyed then.
 */
export async function pump(
  body: Readable,
  sink: Writable,
  { signal, bytesPerSecond, onBytes, stallMs }: PutOptions & { stallMs: number },
): Promise<number> {
  const stopped = new AbortController();
  const stall = (): void => stopped.abort(new StalledError(Math.round(stallMs / 1000)));
  let timer = setTimeout(stall, stallMs);
  const moved = (): void => {
    clearTimeout(timer);
    timer = setTimeout(stall, stallMs);
  };
  const stop = signal ? AbortSignal.any([signal, stopped.signal]) : stopped.signal;
  const startedAt = performance.now();
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      onBytes?.(bytes);
      moved();
      const aheadMs = bytesPerSecond ? (bytes / bytesPerSecond) * 1000 - (performance.now() - startedAt) : 0;
      if (aheadMs < 5) done(null, chunk);
      else {
        // Waiting on purpose is no stall.
        clearTimeout(timer);
        pause(aheadMs, undefined, { signal: stop }).then(
          () => (moved(), done(null, chunk)),
          () => done(stop.reason as Error),
        );
      }
    },
  });
  try {
    await pipeline(piecesOf(body), meter, sink, { signal: stop });
    return bytes;
  } catch (error) {
    if (stop.aborted) throw stop.reason;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Rejects with StalledError when the work takes longer; the work itself goes on unheard. */
export async function within<T>(work: Promise<T>, stallMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StalledError(Math.round(stallMs / 1000))), stallMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
