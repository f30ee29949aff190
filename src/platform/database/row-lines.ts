import type { Dialect } from './dialect';
import type { SqlValue } from './sql';
import type { AnyTable } from './table';

/** Rows as lines of a backup (docs/formats/backup.md): JSON arrays as ECMAScript writes them, each with its line feed. */
export interface RowLines {
  text: Buffer;
  rows: number;
  /** Of the columns that `summedColumns` names, as the whole number's decimal text. */
  sums: readonly string[];
}

const columnsOf = (table: AnyTable, kinds: readonly string[]): string[] =>
  table.specs.flatMap(({ kind, column }) => (kinds.includes(kind) ? [column] : []));

/** What a manifest adds up. */
export const summedColumns = (table: AnyTable): string[] => columnsOf(table, ['money', 'quantity']);

const isNumber = (kind: string): boolean => ['id', 'int', 'quantity', 'money', 'instant', 'bool'].includes(kind);

/**
 * An expression that makes the database write the line (without its line feed) in place of this program, three times as fast;
 * undefined where it cannot: bytes, and the dialects that were not measured. A line with `\\u` in it may be written otherwise
 * than ECMAScript would: `exactly` mends it.
 */
export function lineExpression(table: AnyTable, dialect: Dialect): string | undefined {
  const { specs } = table;
  if (specs.some(({ kind }) => kind === 'bytes')) return undefined;
  if (dialect === 'sqlite') return `JSON_ARRAY(${specs.map(({ column }) => column).join(', ')})`;
  if (dialect !== 'mysql') return undefined;
  // Of the time of a line the words for nothing take a third, so only columns that may be empty have them: a line without a value
  // that must be there is nothing as a whole.
  const values = specs.map(({ column, kind, nullable }) => {
    const value = isNumber(kind) ? column : `JSON_QUOTE(${column})`;
    return nullable ? `IFNULL(${value}, 'null')` : value;
  });
  return `CONCAT('[', ${values.join(`, ',', `)}, ']')`;
}

/** Control characters have several forms in JSON; this gives them ECMAScript's. */
export function exactly(text: Buffer): Buffer {
  if (!text.includes('\\u') && !text.includes('\\/')) return text;
  const lines = text.toString('utf8', 0, text.length - 1).split('\n');
  return Buffer.from(`${lines.map((line) => JSON.stringify(JSON.parse(line))).join('\n')}\n`);
}

/** What this program writes itself. Throws RangeError for an amount that is no whole number within ±2^53. */
export function writeRows(table: AnyTable, rows: readonly SqlValue[][]): RowLines {
  const { specs } = table;
  const summed = specs.flatMap(({ kind }, at) => (kind === 'money' || kind === 'quantity' ? [at] : []));
  const bytes = specs.flatMap(({ kind }, at) => (kind === 'bytes' ? [at] : []));
  const sums = summed.map(() => 0n);
  const lines = rows.map((row) => {
    for (const at of bytes) {
      const value = row[at];
      if (Buffer.isBuffer(value)) row[at] = value.toString('base64');
    }
    for (const [index, at] of summed.entries()) {
      const value = row[at] ?? null;
      if (value === null) continue;
      if (!Number.isSafeInteger(value)) throw notWhole(table, specs[at]?.column ?? '', value);
      sums[index] = (sums[index] ?? 0n) + BigInt(value as number);
    }
    return JSON.stringify(row);
  });
  return { text: Buffer.from(`${lines.join('\n')}\n`), rows: rows.length, sums: sums.map(String) };
}

/** Sums that the database made: a single amount that is not whole shows in them. */
export function wholeSums(table: AnyTable, found: readonly (SqlValue | undefined)[]): string[] {
  return summedColumns(table).map((column, index) => {
    const sum = String(found[index] ?? '0');
    if (!/^-?\d+$/.test(sum)) throw notWhole(table, column, sum);
    return sum;
  });
}

const notWhole = (table: AnyTable, column: string, value: unknown): RangeError =>
  new RangeError(`${table.name}.${column} is no whole number within ±2^53: ${String(value)}`);
