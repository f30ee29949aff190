import { Readable, Writable } from 'node:stream';
import type { SFTPWrapper } from 'ssh2';

/** Every server takes pieces of this size; several under way at once hide the distance. */
const PIECE = 32 * 1024;
const WINDOW = 32;

/** Writes into an open file. Ends when the server has confirmed every piece. */
export function sftpSink(sftp: SFTPWrapper, handle: Buffer): Writable {
  let position = 0;
  let under = 0;
  let failed: Error | undefined;
  let waiting: ((error?: Error) => void) | undefined;
  let wanted = WINDOW;
  const settle = (error?: Error | null): void => {
    under--;
    failed ??= error ?? undefined;
    if (!waiting || (!failed && under >= wanted)) return;
    const go = waiting;
    waiting = undefined;
    go(failed);
  };
  /** Goes on when fewer than `below` pieces are under way. */
  const wait = (below: number, done: (error?: Error) => void): void => {
    if (failed || under < below) done(failed);
    else [waiting, wanted] = [done, below];
  };
  return new Writable({
    highWaterMark: WINDOW * PIECE,
    write(chunk: Buffer, _encoding, done) {
      for (let at = 0; at < chunk.length; at += PIECE) {
        const length = Math.min(PIECE, chunk.length - at);
        under++;
        sftp.write(handle, chunk, at, length, position, settle);
        position += length;
      }
      wait(WINDOW, done);
    },
    final: (done) => wait(1, done),
  });
}

/** Reads an open file of a known size, several pieces ahead, and closes it in the end. */
export function sftpSource(sftp: SFTPWrapper, handle: Buffer, size: number): Readable {
  let asked = 0;
  const ahead: Promise<Buffer>[] = [];
  const ask = (): void => {
    while (ahead.length < WINDOW && asked < size) {
      const piece = readWhole(sftp, handle, asked, Math.min(PIECE, size - asked));
      // It is awaited in its turn; a failure before that is not unhandled.
      piece.catch(() => undefined);
      ahead.push(piece);
      asked += Math.min(PIECE, size - asked);
    }
  };
  return new Readable({
    highWaterMark: PIECE * 4,
    read() {
      ask();
      const next = ahead.shift();
      if (!next) this.push(null);
      else
        next.then(
          (piece) => this.push(piece),
          (error: Error) => this.destroy(error),
        );
    },
    destroy(error, done) {
      sftp.close(handle, () => undefined);
      done(error);
    },
  });
}

/** A server may give less than was asked for: asks for the rest. */
async function readWhole(sftp: SFTPWrapper, handle: Buffer, position: number, length: number): Promise<Buffer> {
  const piece = Buffer.alloc(length);
  for (let have = 0; have < length;) {
    have += await new Promise<number>((resolve, reject) => {
      sftp.read(handle, piece, have, length - have, position + have, (error, count) =>
        error ? reject(error) : count > 0 ? resolve(count) : reject(new Error('the file is shorter than it said')),
      );
    });
  }
  return piece;
}
