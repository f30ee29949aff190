import { invalid } from '../../kernel';
import type { ImportColumn, ImportProblem, ImportRow } from '../modules';
import { type Cell, type OpenedSpreadsheet, openSpreadsheet, type SheetInfo, type SheetRow } from '../spreadsheet';
import { isCrossTable, type StoresAcross, storesOfRow } from './cross-table';
import { findHeader, type Header, HEADER_SEARCH_ROWS, headerOf } from './header';

/** Where in a file the rows are: what the reader says on the page, or what was found out. */
export interface Place {
  sheet: number;
  headerRow: number;
}

export interface FilePreview {
  format: 'xlsx' | 'csv';
  /** As found out from the bytes; shown, so that a wrong guess is seen before anything is written. */
  encoding: string | undefined;
  sheets: SheetInfo[];
  sheet: number;
  header: Header;
  /** The first rows below the header. */
  sample: string[][];
}

/** The content of a file, or where it lies. */
type FileSource = Uint8Array | string;

const SAMPLE_ROWS = 5;
/** Sheets of a workbook that are looked into for the columns. */
const SHEETS_SEARCHED = 20;
const LOWEST_HEADER = 1000;

/**
 * What is in a file, for the page on which the reader names the columns: at the place that is asked for, else on the
 * visible sheet whose words name the most columns. Throws DomainError for what cannot be read.
 */
export async function previewFile(
  source: FileSource,
  columns: readonly ImportColumn[],
  place?: Place,
): Promise<FilePreview> {
  const opened = await openSpreadsheet(source);
  if (place) return previewOf(opened, place.sheet, await headAt(opened, columns, place));
  let best: { sheet: number; head: Head } | undefined;
  let failure: unknown;
  const visible = opened.sheets.flatMap(({ hidden }, index) => (hidden ? [] : [index]));
  for (const sheet of (visible.length > 0 ? visible : [0]).slice(0, SHEETS_SEARCHED))
    try {
      const head = await headAt(opened, columns, { sheet, headerRow: 0 });
      if (!best || fit(head) > fit(best.head)) best = { sheet, head };
    } catch (error) {
      failure ??= error;
    }
  if (!best) throw failure;
  return previewOf(opened, best.sheet, best.head);
}

interface Head {
  header: Header;
  rows: SheetRow[];
}

const fit = ({ header }: Head): number => Object.keys(header.mapping).length;

/** The header in a row of a sheet (0: to be found) with some rows below it. */
async function headAt(
  opened: OpenedSpreadsheet,
  columns: readonly ImportColumn[],
  { sheet, headerRow }: Place,
): Promise<Head> {
  const rows: SheetRow[] = [];
  const enough = Math.max(HEADER_SEARCH_ROWS, Math.min(headerRow, LOWEST_HEADER)) + SAMPLE_ROWS;
  for await (const row of opened.rows(sheet)) {
    rows.push(row);
    if (rows.length >= enough) break;
  }
  const named = rows.find(({ number }) => number === headerRow);
  if (headerRow > 0 && !named && rows.length > 0) throw invalid('imports:error.header_row', { row: headerRow });
  const header = named ? headerOf(columns, named) : findHeader(columns, rows);
  if (!header) throw invalid('imports:error.empty');
  return { header, rows };
}

function previewOf(
  { format, encoding, sheets }: OpenedSpreadsheet,
  sheet: number,
  { header, rows }: Head,
): FilePreview {
  const sample = rows.filter(({ number }) => number > header.row).slice(0, SAMPLE_ROWS);
  return {
    format,
    encoding,
    sheets,
    sheet,
    header,
    sample: sample.map(({ cells }) => header.names.map((_, place) => cells[place]?.text ?? '')),
  };
}

/** The rows of a file below its column names, as they are. */
export async function* readFileRows(source: FileSource, { sheet, headerRow }: Place): AsyncGenerator<SheetRow> {
  const opened = await openSpreadsheet(source);
  for await (const row of opened.rows(sheet)) if (row.number > headerRow) yield row;
}

/** How the rows of a file become rows of an importer. */
export interface Reading extends Place {
  /** Importer's column → place in the file. */
  mapping: Readonly<Record<string, number>>;
  across: StoresAcross;
  /** Where the store and the number of a cross table's cell go to. */
  storesAcross?: { store: string; quantity: string };
}

/**
 * All rows below the header by the importer's columns; a row of a cross table becomes one a store. A cell whose digits
 * the spreadsheet lost is a problem, never a value. `onRow` is awaited now and then.
 */
export async function readImportRows(
  source: FileSource,
  reading: Reading,
  onRow: (count: number) => Promise<void> = () => Promise.resolve(),
): Promise<{ rows: ImportRow[]; problems: ImportProblem[] }> {
  const rows: ImportRow[] = [];
  const problems: ImportProblem[] = [];
  const { across, storesAcross } = reading;
  const crossed = storesAcross && isCrossTable(across) ? storesAcross : undefined;
  const places = Object.entries(reading.mapping).filter(
    ([key]) => !crossed || (key !== crossed.store && key !== crossed.quantity),
  );
  for await (const { number, cells } of readFileRows(source, reading)) {
    const take = (key: string, cell: Cell | undefined): string => {
      const problem = cell && problemOf(cell);
      if (problem) problems.push({ line: number, column: key, ...problem });
      return problem ? '' : (cell?.text ?? '').trim();
    };
    const values: Record<string, string> = {};
    for (const [key, place] of places) {
      const text = take(key, cells[place]);
      if (text) values[key] = text;
    }
    if (!crossed) {
      if (Object.keys(values).length > 0) rows.push({ line: number, values });
    } else if (Object.keys(values).length > 0)
      for (const { store, cell } of storesOfRow(cells, across))
        rows.push({
          line: number,
          values: { ...values, [crossed.store]: store, [crossed.quantity]: take(crossed.quantity, cell) },
        });
    await onRow(rows.length);
  }
  return { rows, problems };
}

function problemOf(cell: Cell): { code: string; details: Record<string, unknown> } | undefined {
  if (cell.lossy) return { code: 'errors:imei.excel_number', details: { text: cell.text } };
  if (cell.type === 'error') return { code: 'imports:error.cell', details: { text: cell.text } };
  return undefined;
}
