import { Readable } from 'node:stream';
import { shorten } from '../../kernel';
import {
  clockText,
  DEFAULT_EXPORT,
  numberOf,
  valueText,
  widthOf,
  type ExportColumn,
  type ExportOptions,
  type ExportRow,
  type ExportRows,
  type ExportValue,
} from './columns';
import { refuse } from './read-error';
import { dayOfSerial } from './serial-day';
import * as parts from './xlsx-parts';
import { zipStream, type ZipSource } from './zip-writer';

export interface ExportSheet {
  name: string;
  columns: readonly ExportColumn[];
  rows: ExportRows;
}

const MAX_ROWS = 1_048_576;
const MAX_TEXT = 32_767;
const BATCH = 200;

/**
 * Writes an .xlsx workbook as a stream: bold frozen header with filter, widths, true numbers and dates. Text is always
 * stored as text, so nothing in it can become a formula and long numbers (IMEI) stay whole. Rows are read as the
 * output is taken. Fails with a DomainError beyond the rows of a sheet.
 */
export function writeXlsx(sheets: readonly ExportSheet[], options: Partial<ExportOptions> = {}): Readable {
  return Readable.from(zipStream(workbookParts(sheets, { ...DEFAULT_EXPORT, ...options })), { objectMode: false });
}

function workbookParts(sheets: readonly ExportSheet[], options: ExportOptions): ZipSource[] {
  const fixed = (name: string, text: string): ZipSource => ({ name, content: [text] });
  return [
    fixed('[Content_Types].xml', parts.contentTypes(sheets.length)),
    fixed('_rels/.rels', parts.rootRelations()),
    fixed('xl/workbook.xml', parts.workbook(sheetNames(sheets))),
    fixed('xl/_rels/workbook.xml.rels', parts.workbookRelations(sheets.length)),
    fixed('xl/styles.xml', parts.styles()),
    ...sheets.map((sheet, index) => ({
      name: `xl/worksheets/sheet${index + 1}.xml`,
      content: sheetXml(sheet, options),
    })),
  ];
}

/** At most 31 characters, none of []:*?/\, no apostrophe at the ends, each name once. */
function sheetNames(sheets: readonly ExportSheet[]): string[] {
  const taken = new Set<string>();
  return sheets.map(({ name }, index) => {
    const clean =
      name
        .replace(/[[\]:*?/\\]/g, ' ')
        .trim()
        .replace(/^'+|'+$/g, '') || `Sheet${index + 1}`;
    let unique = [...clean].slice(0, 28).join('').slice(0, 31);
    for (let copy = 2; taken.has(unique.toLowerCase()); copy += 1) unique = `${clean.slice(0, 26)} ${copy}`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}

async function* sheetXml({ columns, rows }: ExportSheet, options: ExportOptions): AsyncGenerator<string> {
  const letters = columns.map((_, index) => parts.columnLetters(index + 1));
  const header = columns.map(({ header: text }, index) =>
    inlineText(`${letters[index]}1`, text, parts.STYLE_OF.header),
  );
  yield `${parts.sheetHead(columns.map(widthOf))}<row r="1" ht="20" customHeight="1">${header.join('')}</row>`;
  let number = 1;
  let batch: string[] = [];
  for await (const row of rows) {
    number += 1;
    if (number > MAX_ROWS) throw refuse('export_too_many_rows', { max: MAX_ROWS - 1 });
    batch.push(rowXml(number, row, columns, letters, options));
    if (batch.length < BATCH) continue;
    yield batch.join('');
    batch = [];
  }
  yield batch.join('') + parts.sheetTail(columns.length, number);
}

function rowXml(
  number: number,
  row: ExportRow,
  columns: readonly ExportColumn[],
  letters: string[],
  options: ExportOptions,
): string {
  const cells = columns.map(({ type }, index) => cellXml(`${letters[index]}${number}`, row[index], type, options));
  return `<row r="${number}">${cells.join('')}</row>`;
}

function cellXml(reference: string, value: ExportValue, type: ExportColumn['type'], options: ExportOptions): string {
  const text = valueText(value, type, options);
  if (text === '') return '';
  const style = parts.STYLE_OF[type];
  switch (type) {
    case 'text':
    case 'bool':
      return inlineText(reference, text, style);
    case 'date':
      return number(reference, String(dayOfSerial(text)), style);
    case 'datetime':
      return number(reference, serialOfClock(numberOf(value, type), options.timeZone), style);
    case 'percent':
      return number(reference, String(numberOf(value, type) / 10_000), style);
    default:
      return number(reference, text, style);
  }
}

function number(reference: string, value: string, style: number): string {
  return `<c r="${reference}" s="${style}"><v>${value}</v></c>`;
}

function inlineText(reference: string, text: string, style: number): string {
  const value = parts.escapeXml(text.length > MAX_TEXT ? shorten(text.slice(0, MAX_TEXT), MAX_TEXT - 1) : text);
  return `<c r="${reference}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${value}</t></is></c>`;
}

/** Days and the fraction of a day, to the second. */
function serialOfClock(epochMs: number, timeZone: string): string {
  const [day = '', time = ''] = clockText(epochMs, timeZone).split(' ');
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  return String(dayOfSerial(day) + (hours * 3600 + minutes * 60 + seconds) / 86_400);
}
