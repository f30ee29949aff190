import { createHash } from 'node:crypto';
import { type AnyTable, type Snapshot, summedColumns } from '../database';
import type { TableFigures } from './manifest';

/** Bytes of text in one part of a table, about. */
const PART_BYTES = 1024 * 1024;

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
  private readonly summed: readonly string[];
  private readonly sums: bigint[];
  private rows = 0;

  constructor(private readonly table: AnyTable) {
    this.summed = summedColumns(table);
    this.sums = this.summed.map(() => 0n);
    this.header = Buffer.from(`${JSON.stringify(table.specs.map(({ column }) => column))}\n`);
  }

  /** All rows of a snapshot, a part at a time. */
  async *read(snapshot: Snapshot): AsyncGenerator<Lines> {
    let pieces: Buffer[] = [];
    let bytes = 0;
    let inPart = 0;
    for await (const { text, rows, sums } of snapshot.lines(this.table)) {
      this.hash.update(text);
      this.rows += rows;
      for (const [index, sum] of sums.entries()) this.sums[index] = (this.sums[index] ?? 0n) + BigInt(sum);
      pieces.push(text);
      bytes += text.length;
      inPart += rows;
      if (bytes < PART_BYTES) continue;
      yield { text: Buffer.concat(pieces), rows: inPart };
      pieces = [];
      bytes = inPart = 0;
    }
    if (inPart > 0) yield { text: Buffer.concat(pieces), rows: inPart };
  }

  figures(): TableFigures {
    const sums = this.summed.map((column, index) => [column, String(this.sums[index])]);
    return { rows: this.rows, sha256: this.hash.copy().digest('hex'), sums: Object.fromEntries(sums) };
  }
}
