import { createHash } from 'node:crypto';
import type { AnyTable, Snapshot, SqlValue } from '../database';
import type { TableFigures } from './manifest';

/** Characters of text in one part of a table, about. */
const PART_CHARACTERS = 1024 * 1024;

export interface Lines {
  /** Row lines, each with its line feed. */
  text: Buffer;
  rows: number;
}

/** The rows of one table as lines of the backup, with what the manifest says about them. */
export class TableLines {
  /** The first line of each part. */
  readonly header: Buffer;
  private readonly hash = createHash('sha256');
  private readonly bytesAt: number[];
  private readonly summedAt: number[];
  private readonly sums: number[];
  private readonly bigSums: bigint[];
  private rows = 0;

  constructor(private readonly table: AnyTable) {
    const places = (kinds: readonly string[]): number[] =>
      table.specs.flatMap(({ kind }, index) => (kinds.includes(kind) ? [index] : []));
    this.bytesAt = places(['bytes']);
    this.summedAt = places(['money', 'quantity']);
    this.sums = this.summedAt.map(() => 0);
    this.bigSums = this.summedAt.map(() => 0n);
    this.header = Buffer.from(`${JSON.stringify(table.specs.map(({ column }) => column))}\n`);
  }

  /** All rows of a snapshot, a part at a time. */
  async *read(snapshot: Snapshot): AsyncGenerator<Lines> {
    let lines: string[] = [];
    let characters = 0;
    for await (const page of snapshot.pages(this.table))
      for (const row of page) {
        const line = this.line(row);
        lines.push(line);
        characters += line.length;
        if (characters < PART_CHARACTERS) continue;
        yield this.finish(lines);
        lines = [];
        characters = 0;
      }
    if (lines.length > 0) yield this.finish(lines);
  }

  figures(): TableFigures {
    const sums = this.summedAt.map((at, index) => [
      this.table.specs[at]?.column ?? '',
      String((this.bigSums[index] as bigint) + BigInt(this.sums[index] as number)),
    ]);
    return { rows: this.rows, sha256: this.hash.copy().digest('hex'), sums: Object.fromEntries(sums) };
  }

  private finish(lines: readonly string[]): Lines {
    const text = Buffer.from(`${lines.join('\n')}\n`);
    this.hash.update(text);
    this.rows += lines.length;
    return { text, rows: lines.length };
  }

  private line(row: SqlValue[]): string {
    const { bytesAt, summedAt, sums } = this;
    for (const at of bytesAt) {
      const value = row[at];
      if (Buffer.isBuffer(value)) row[at] = value.toString('base64');
    }
    for (let index = 0; index < summedAt.length; index++) {
      const value = row[summedAt[index] as number];
      if (value === null) continue;
      if (!Number.isSafeInteger(value)) throw this.notWhole(index, value);
      const sum = (sums[index] as number) + (value as number);
      if (Number.isSafeInteger(sum)) sums[index] = sum;
      else {
        this.bigSums[index] = (this.bigSums[index] as bigint) + BigInt(sums[index] as number);
        sums[index] = value as number;
      }
    }
    return JSON.stringify(row);
  }

  private notWhole(index: number, value: unknown): RangeError {
    const column = this.table.specs[this.summedAt[index] as number]?.column;
    return new RangeError(`${this.table.name}.${column} is no whole number within ±2^53: ${String(value)}`);
  }
}
