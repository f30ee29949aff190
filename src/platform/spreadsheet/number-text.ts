import { EMPTY, type Cell } from './cell';

/**
 * A stored number as a cell: plain decimal notation, at most 15 significant digits as spreadsheet programs show it.
 * A whole number of more than 15 digits has lost the rest and is marked.
 */
export function numberCell(stored: string): Cell {
  const raw = stored.trim();
  if (raw === '') return EMPTY;
  const value = Number(raw);
  if (!Number.isFinite(value)) return { text: raw, type: 'error' };
  const lossy = Math.abs(value) >= 1e15;
  const cell: Cell = { text: plainDecimal(value), type: 'number' };
  return lossy ? { ...cell, lossy: true } : cell;
}

/** 1e21 → "1000000000000000000000", 0.1 + 0.2 → "0.3", 1e-7 → "0.0000001" */
export function plainDecimal(value: number): string {
  // Nearly all numbers of a sheet are short: their usual spelling is the same and far quicker.
  const usual = String(value);
  if (usual.length <= 15 && !usual.includes('e')) return usual;
  const [mantissa = '0', exponent = '0'] = value.toExponential(14).split('e');
  const negative = mantissa.startsWith('-');
  const digits = mantissa.replace(/[-.]/g, '').replace(/0+$/, '');
  if (digits === '') return '0';
  const point = Number(exponent) + 1; // digits before the decimal point
  let text: string;
  if (point <= 0) text = `0.${'0'.repeat(-point)}${digits}`;
  else if (digits.length <= point) text = digits.padEnd(point, '0');
  else text = `${digits.slice(0, point)}.${digits.slice(point)}`;
  return negative ? `-${text}` : text;
}

const SCIENTIFIC = /^\s*[+-]?\d(?:\.(\d+))?E\+?(\d{1,3})\s*$/i;

/** "8.69932E+14" in a text file: a spreadsheet program wrote the short form it showed and dropped the other digits. */
export function isShortenedNumber(text: string): boolean {
  const match = SCIENTIFIC.exec(text);
  return match !== null && Number(match[2]) >= 11 && Number(match[2]) > (match[1]?.length ?? 0);
}
