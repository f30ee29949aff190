import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import path from 'node:path';

const CHUNK_BYTES = 64 * 1024;

/** One line of a log; `text` is the whole line when it is no record of ours. */
export interface LogLine {
  /** ISO 8601, UTC. */
  time?: string;
  level?: string;
  msg?: string;
  text: string;
}

/** The last lines of the log folder, oldest first, over the border of a day. Reads from the end: a file may be 50 MB. */
export function logTail(dir: string, count: number): LogLine[] {
  if (!existsSync(dir)) return [];
  const files = readdirSync(dir)
    .filter((name) => /^phone-erp\..*\.log$/.test(name))
    // The day, then the number within it: phone-erp.2026-11-22.10.log is younger than ….9.log.
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((name) => path.join(dir, name));
  let lines: string[] = [];
  for (const file of files) {
    if (lines.length >= count) break;
    lines = [...lastLines(file, count - lines.length), ...lines];
  }
  return lines.map(readLine);
}

function lastLines(file: string, count: number): string[] {
  const descriptor = openSync(file, 'r');
  try {
    let at = fstatSync(descriptor).size;
    let bytes = Buffer.alloc(0);
    // One more than asked for: the first may have been cut by the border of a chunk.
    while (at > 0 && newlines(bytes) <= count) {
      const size = Math.min(CHUNK_BYTES, at);
      const chunk = Buffer.alloc(size);
      at -= size;
      readSync(descriptor, chunk, 0, size, at);
      bytes = Buffer.concat([chunk, bytes]);
    }
    const lines = bytes.toString('utf8').split('\n').filter(Boolean);
    return lines.slice(-count);
  } finally {
    closeSync(descriptor);
  }
}

function newlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}

function readLine(text: string): LogLine {
  try {
    const { time, level, msg } = JSON.parse(text) as Record<string, unknown>;
    const part = (name: string, value: unknown): object => (typeof value === 'string' ? { [name]: value } : {});
    return { ...part('time', time), ...part('level', level), ...part('msg', msg), text };
  } catch {
    return { text };
  }
}
