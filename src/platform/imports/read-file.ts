import { invalid } from '../../kernel';
import type { ImportColumn, ImportProblem, ImportRow } from '../modules';
import { openSpreadsheet, type SheetRow } from '../spreadsheet';
import { findHeader, type Header, HEADER_SEARCH_ROWS } from './header';

export interface FilePreview {
  format: 'xlsx' | 'csv';
  /** As found out from the bytes; shown, so that a wrong guess is seen before anything is written. */
  encoding: string | undefined;
  sheets: string[];
  sheet: number;
  header: Header;
  /** The first rows below the header. */
  sample: string[][];
}

const SAMPLE_ROWS = 5;

/** What is in a file, for the page on which the reader names the columns. Throws DomainError for what cannot be read. */
export async function previewFile(
  path: string,
  columns: readonly ImportColumn[],
  sheet?: number,
): Promise<FilePreview> {
  const opened = await openSpreadsheet(path);
  const chosen =
    sheet ??
    Math.max(
      0,
      opened.sheets.findIndex(({ hidden }) => !hidden),
    );
  const rows: SheetRow[] = [];
  for await (const row of opened.rows(chosen)) {
    rows.push(row);
    if (rows.length >= HEADER_SEARCH_ROWS + SAMPLE_ROWS) break;
  }
  const header = findHeader(columns, rows);
  if (!header) throw invalid('imports:error.empty');
  const sample = rows.filter(({ number }) => number > header.row).slice(0, SAMPLE_ROWS);
  return {
    format: opened.format,
    encoding: opened.encoding,
    sheets: opened.sheets.map(({ name }) => name),
    sheet: chosen,
    header,
    sample: sample.map(({ cells }) => header.names.map((_, place) => cells[place]?.text ?? '')),
  };
}

/** All rows below the header by the importer's columns. A cell whose digits the spreadsheet lost is a problem, never a value. */
export async function readImportRows(
  path: string,
  { sheet, headerRow, mapping }: { sheet: number; headerRow: number; mapping: Readonly<Record<string, number>> },
): Promise<{ rows: ImportRow[]; problems: ImportProblem[] }> {
  const opened = await openSpreadsheet(path);
  const rows: ImportRow[] = [];
  const problems: ImportProblem[] = [];
  const places = Object.entries(mapping);
  for await (const { number, cells } of opened.rows(sheet)) {
    if (number <= headerRow) continue;
    const values: Record<string, string> = {};
    for (const [key, place] of places) {
      const cell = cells[place];
      if (!cell) continue;
      if (cell.lossy)
        problems.push({ line: number, column: key, code: 'errors:imei.excel_number', details: { text: cell.text } });
      else if (cell.type === 'error')
        problems.push({ line: number, column: key, code: 'imports:error.cell', details: { text: cell.text } });
      else values[key] = cell.text.trim();
    }
    if (Object.values(values).some(Boolean)) rows.push({ line: number, values });
  }
  return { rows, problems };
}
