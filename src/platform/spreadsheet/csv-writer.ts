import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import {
  DEFAULT_EXPORT,
  valueText,
  type ColumnType,
  type ExportColumn,
  type ExportOptions,
  type ExportRows,
} from './columns';

const BATCH = 500;

/**
 * Writes CSV as Excel reads it everywhere: UTF-8 with byte order mark, CRLF. Text that a spreadsheet program would
 * run as a formula gets a leading apostrophe (OWASP "CSV injection"), which reading takes off again.
 */
export function writeCsv(
  columns: readonly ExportColumn[],
  rows: ExportRows,
  options: Partial<ExportOptions> = {},
): Readable {
  return Readable.from(pieces(columns, rows, { ...DEFAULT_EXPORT, ...options }));
}

async function* pieces(
  columns: readonly ExportColumn[],
  rows: ExportRows,
  options: ExportOptions,
): AsyncGenerator<string> {
  yield `\ufeff${toText([columns.map(({ header }) => neutralise(header))])}`;
  let batch: string[][] = [];
  for await (const row of rows) {
    batch.push(columns.map(({ type }, index) => cellText(valueText(row[index], type, options), type)));
    if (batch.length < BATCH) continue;
    yield toText(batch);
    batch = [];
  }
  if (batch.length > 0) yield toText(batch);
}

function cellText(text: string, type: ColumnType): string {
  return type === 'text' || type === 'bool' ? neutralise(text) : text;
}

/** Also behind blanks, and in the full-width forms that some programs fold. */
export function neutralise(text: string): string {
  return /^[\t\r\n]|^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
}

function toText(rows: string[][]): string {
  return stringify(rows, { record_delimiter: '\r\n', quoted_match: /^\s|\s$|[\r\n;\t|]/ });
}
