import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { EMPTY, textCell, type Cell, type SheetRow, type SpreadsheetLimits } from './cell';
import { detectDelimiter, type Delimiter } from './delimiter';
import { isShortenedNumber } from './number-text';
import { damaged, refuse } from './read-error';
import { RowGuard } from './row-guard';
import { decodeText, detectEncoding, type TextEncoding } from './text-encoding';

export interface CsvFile {
  encoding: TextEncoding;
  delimiter: Delimiter;
  rows(): AsyncGenerator<SheetRow>;
}

/** Separator-delimited text: encoding and delimiter are found out, rows may have any number of fields. */
export function openCsv(bytes: Buffer, limits: SpreadsheetLimits): CsvFile {
  const encoding = detectEncoding(bytes);
  const start = decodeText(bytes, encoding).next().value ?? '';
  // "sep=;" on the first line is Excel's own hint, no data.
  const hint = /^sep=([,;\t|])\r?\n/i.exec(start);
  const delimiter = (hint?.[1] as Delimiter | undefined) ?? detectDelimiter(start);
  return { encoding, delimiter, rows: () => readRows(bytes, encoding, delimiter, hint ? 1 : 0, limits) };
}

async function* readRows(
  bytes: Buffer,
  encoding: TextEncoding,
  delimiter: Delimiter,
  skip: number,
  limits: SpreadsheetLimits,
): AsyncGenerator<SheetRow> {
  const guard = new RowGuard(limits);
  const parser = parse({
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: limits.cellLength * 32,
  });
  const source = Readable.from(decodeText(bytes, encoding));
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let number = 0;
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      number += 1;
      if (number <= skip) continue;
      const row = guard.accept(
        number,
        record.map((field) => fieldCell(field)),
      );
      if (!row) continue;
      for (const cell of row.cells) guard.checkLength(cell.text.length, number);
      yield row;
    }
  } catch (error) {
    throw explain(error, number + 1);
  } finally {
    source.destroy();
    parser.destroy();
  }
}

function fieldCell(field: string): Cell {
  if (field === '') return EMPTY;
  // ="0123" keeps a text from becoming a number; '=1+1 is how exports keep a text from becoming a formula.
  const text = /^="([^"]*)"$/.exec(field)?.[1] ?? (/^'[=+\-@\t\r]/.test(field) ? field.slice(1) : field);
  return isShortenedNumber(text) ? { text, type: 'text', lossy: true } : textCell(text);
}

function explain(error: unknown, row: number): Error {
  if (!(error instanceof CsvError)) return damaged('csv', error);
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') return refuse('quote_not_closed', { row });
  if (error.code === 'CSV_MAX_RECORD_SIZE') return refuse('record_too_long', { row });
  return refuse('csv_damaged', { row });
}
