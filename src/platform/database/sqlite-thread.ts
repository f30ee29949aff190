import { Worker } from 'node:worker_threads';
import { type SqliteFailure, withCode } from './node-sqlite-driver';
import type { SqlValue } from './sql';

/** Bytes of lines that are made into values at a time, about: the values of a whole part would live long enough to pile up. */
const PIECE_BYTES = 128 * 1024;

/**
 * The embedded database in a thread of its own: what takes seconds — a backup, the load of one, the checks of all books — holds
 * up nobody who works in this process. On Linux the thread gives way to the others, where the kernel knows priorities of threads.
 *
 * Written as text because the packaged program has no file that a thread could be started from. `load` takes lines of a backup:
 * to parse them here saves sending every value.
 */
const PROGRAM = `
'use strict';
const { setPriority } = require('node:os');
const { DatabaseSync } = require('node:sqlite');
const { parentPort, workerData } = require('node:worker_threads');
if (process.platform === 'linux' && workerData.gentle) setPriority(0, 5);
const database = new DatabaseSync(workerData.file, workerData.options);
const kept = new Map();
const prepared = (text) => {
  let statement = kept.get(text);
  if (statement) return statement;
  statement = database.prepare(text);
  statement.setReturnArrays(true);
  if (kept.size >= 200) kept.clear();
  kept.set(text, statement);
  return statement;
};
const work = {
  exec: ({ text }) => database.exec(text),
  rows: ({ text, values }) => {
    const statement = prepared(text);
    return { columns: statement.columns().map(({ name }) => name), rows: statement.all(...values) };
  },
  load: ({ text, lines, bytesAt }) => {
    const statement = prepared(text);
    const all = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength);
    for (let start = 0, feed; start < all.length; start = feed + 1) {
      feed = all.indexOf(10, Math.min(start + ${PIECE_BYTES}, all.length) - 1);
      for (const row of JSON.parse('[' + all.toString('utf8', start, feed).replaceAll('\\n', ',') + ']')) {
        for (const at of bytesAt) if (row[at] !== null) row[at] = Buffer.from(row[at], 'base64');
        statement.run(...row);
      }
    }
    // Given back at once: the collector comes for memory outside of its heap when there are tens of megabytes of it.
    lines.buffer.transfer(0);
  },
  close: () => database.close(),
};
parentPort.on('message', (asked) => {
  const { id } = asked;
  try {
    const answer = work[asked.what](asked);
    const given = [];
    for (const row of answer?.rows ?? [])
      for (const value of row)
        if (value instanceof Uint8Array && value.byteLength === value.buffer.byteLength) given.push(value.buffer);
    parentPort.postMessage({ id, answer }, given);
  } catch (error) {
    parentPort.postMessage({ id, error: { message: error.message, errcode: error.errcode } });
  }
  if (asked.what === 'close') parentPort.close();
});
`;

/** A shorter buffer may share its memory with others. */
const OWN_BYTES = 64 * 1024;

/** Values pass through it and are gone: a small nursery keeps the process small. */
const LIMITS = { maxYoungGenerationSizeMb: 4 };

export interface ThreadOptions {
  readOnly: boolean;
  /** Lets the rest of this process work first. */
  gentle: boolean;
}

interface Rows {
  columns: string[];
  rows: SqlValue[][];
}

interface Waiting {
  resolve: (answer: unknown) => void;
  reject: (reason: unknown) => void;
}

/** Requests are worked off one after another in the order in which they come. */
export class SqliteThread {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private serial = 0;
  private broken: Error | undefined;

  constructor(file: string, { readOnly, gentle }: ThreadOptions) {
    const options = { readOnly, timeout: 5000, enableForeignKeyConstraints: false };
    this.worker = new Worker(PROGRAM, {
      eval: true,
      workerData: { file, options, gentle },
      execArgv: [],
      resourceLimits: LIMITS,
    });
    this.worker.on('message', (message: { id: number; answer?: unknown; error?: SqliteFailure }) => this.take(message));
    this.worker.on('error', (error) => this.fail(new Error('the thread of the database failed', { cause: error })));
    this.worker.on('exit', () => this.fail(new Error('the thread of the database has ended')));
    this.worker.unref();
  }

  async exec(text: string): Promise<void> {
    await this.ask({ what: 'exec', text });
  }

  async rows(text: string, values: readonly SqlValue[]): Promise<Rows> {
    const { columns, rows } = (await this.ask({ what: 'rows', text, values })) as Rows;
    for (const row of rows)
      for (let at = 0; at < row.length; at++) {
        const value: unknown = row[at];
        if (value instanceof Uint8Array) row[at] = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      }
    return { columns, rows };
  }

  /**
   * One row a line, each a JSON array of the statement's values; `bytesAt`: which of them are base64. A large `lines` is handed
   * over and empty afterwards: it would be copied otherwise.
   */
  async load(text: string, lines: Buffer, bytesAt: readonly number[]): Promise<void> {
    const memory = lines.buffer;
    const own = lines.byteLength >= OWN_BYTES && memory instanceof ArrayBuffer ? [memory] : [];
    await this.ask({ what: 'load', text, lines, bytesAt }, own);
  }

  async close(): Promise<void> {
    if (this.broken === undefined) await this.ask({ what: 'close' }).catch(() => undefined);
    await this.worker.terminate();
  }

  private ask(request: Record<string, unknown>, handedOver: ArrayBuffer[] = []): Promise<unknown> {
    if (this.broken !== undefined) return Promise.reject(this.broken);
    const id = ++this.serial;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      // Nobody would wait for the answer otherwise: the process ends when nothing keeps it.
      this.worker.ref();
      this.worker.postMessage({ id, ...request }, handedOver);
    });
  }

  private take({ id, answer, error }: { id: number; answer?: unknown; error?: SqliteFailure }): void {
    const one = this.waiting.get(id);
    this.waiting.delete(id);
    if (this.waiting.size === 0) this.worker.unref();
    if (error) one?.reject(withCode(Object.assign(new Error(error.message), { errcode: error.errcode })));
    else one?.resolve(answer);
  }

  private fail(reason: Error): void {
    this.broken ??= reason;
    const all = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of all) reject(this.broken);
  }
}
