import { open } from 'node:fs/promises';
import { DEFAULT_LIMITS, type SheetInfo, type SheetRow, type SpreadsheetLimits } from './cell';
import { openCsv } from './csv-reader';
import type { Delimiter } from './delimiter';
import { detectFormat } from './detect-format';
import { megabytes, refuse } from './read-error';
import type { TextEncoding } from './text-encoding';
import { readSheetRows } from './xlsx-reader';
import { readWorkbook } from './xlsx-workbook';

export interface OpenedSpreadsheet {
  format: 'xlsx' | 'csv';
  /** CSV only: what was found out, for the reader to confirm. */
  encoding?: TextEncoding;
  delimiter?: Delimiter;
  /** In the order of the workbook; a CSV file has one without a name. */
  sheets: SheetInfo[];
  /** Rows of a sheet by its place (0 is the first); without one, of the first sheet that is not hidden. May be read again. */
  rows(sheet?: number): AsyncGenerator<SheetRow>;
}

/**
 * Opens an .xlsx, .csv or .tsv file, from memory or a path. Never answers with a guess: rows come out, or a DomainError
 * "spreadsheet:error.…" that says what is wrong and what to do — here, or while the rows are read.
 */
export async function openSpreadsheet(
  source: Uint8Array | string,
  limits: Partial<SpreadsheetLimits> = {},
): Promise<OpenedSpreadsheet> {
  const bounds = { ...DEFAULT_LIMITS, ...limits };
  const bytes =
    typeof source === 'string'
      ? await load(source, bounds.fileBytes)
      : Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  if (bytes.length > bounds.fileBytes) throw tooLarge(bytes.length, bounds.fileBytes);
  const detected = detectFormat(bytes, bounds.unpackedBytes);
  if (detected.format === 'csv') {
    const csv = openCsv(bytes, bounds);
    const { encoding, delimiter } = csv;
    return {
      format: 'csv',
      encoding,
      delimiter,
      sheets: [{ name: '', hidden: false }],
      rows: (sheet) => rowsOf(sheet, () => csv.rows()),
    };
  }
  const workbook = await readWorkbook(detected.zip, bounds);
  if (workbook.sheets.length === 0) throw refuse('no_sheet');
  const first = Math.max(
    0,
    workbook.sheets.findIndex(({ hidden }) => !hidden),
  );
  return {
    format: 'xlsx',
    sheets: workbook.sheets.map(({ name, hidden }) => ({ name, hidden })),
    rows(index = first) {
      const sheet = workbook.sheets[index];
      if (!sheet) throw refuse('sheet_not_found', { sheet: index + 1 });
      // Reading again counts afresh: the bound is on one pass over the file.
      return readSheetRows(detected.zip.again(), workbook, sheet, bounds);
    },
  };
}

/** All rows at once, for small sheets. */
export async function readAllRows(
  source: Uint8Array | string,
  limits: Partial<SpreadsheetLimits> = {},
): Promise<SheetRow[]> {
  const rows: SheetRow[] = [];
  for await (const row of (await openSpreadsheet(source, limits)).rows()) rows.push(row);
  return rows;
}

function rowsOf(sheet: number | undefined, rows: () => AsyncGenerator<SheetRow>): AsyncGenerator<SheetRow> {
  if (sheet !== undefined && sheet !== 0) throw refuse('sheet_not_found', { sheet: sheet + 1 });
  return rows();
}

async function load(path: string, maxBytes: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size > maxBytes) throw tooLarge(size, maxBytes);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

function tooLarge(size: number, max: number): Error {
  return refuse('too_large', { size: megabytes(size), max: megabytes(max) });
}
