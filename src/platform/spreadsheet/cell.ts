/**
 * One cell of a sheet that was read. `text` is what a person would type to get the same value: numbers in plain decimal
 * notation with at most 15 significant digits, dates as YYYY-MM-DD [HH:mm:ss], '' for an empty cell.
 * CSV knows no types: its cells are 'text' or 'empty'.
 */
export interface Cell {
  text: string;
  type: 'empty' | 'text' | 'number' | 'date' | 'bool' | 'error';
  /** The spreadsheet kept fewer digits than were entered (more than 15, or 8.6E+14): the value cannot be restored. */
  lossy?: true;
}

/** A row that is not empty; `number` is the row as a spreadsheet program shows it, beginning with 1. */
export interface SheetRow {
  number: number;
  cells: Cell[];
}

export interface SheetInfo {
  name: string;
  hidden: boolean;
}

/** Bounds of time and memory for one file; what exceeds them is refused with the bound in the message. */
export interface SpreadsheetLimits {
  /** Size of the file. */
  fileBytes: number;
  /** Size of all parts of a workbook after unpacking. */
  unpackedBytes: number;
  rows: number;
  columns: number;
  cells: number;
  /** Characters in one cell. */
  cellLength: number;
}

export const DEFAULT_LIMITS: SpreadsheetLimits = {
  fileBytes: 30 * 1024 * 1024,
  unpackedBytes: 400 * 1024 * 1024,
  rows: 200_000,
  columns: 500,
  cells: 4_000_000,
  cellLength: 32_767, // as in Excel
};

export const EMPTY: Cell = Object.freeze({ text: '', type: 'empty' });

export function textCell(text: string): Cell {
  return text === '' ? EMPTY : { text, type: 'text' };
}
