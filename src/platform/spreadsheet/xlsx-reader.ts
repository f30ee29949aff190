import { EMPTY, textCell, type Cell, type SheetRow, type SpreadsheetLimits } from './cell';
import { dateCell, elapsedCell } from './date-cell';
import { numberCell } from './number-text';
import { damaged, refuse } from './read-error';
import { RowGuard } from './row-guard';
import { decodeEscapes, RichText, type XlsxSheet, type XlsxWorkbook } from './xlsx-workbook';
import { readXml, type XmlAttributes } from './xml-reader';
import type { ZipReader } from './zip-reader';

const MAX_ROW = 1_048_576;
const MAX_COLUMN = 16_384;

/** The rows of one sheet in the order of the file; memory holds one unpacked piece of it at a time. */
export async function* readSheetRows(
  zip: ZipReader,
  workbook: XlsxWorkbook,
  sheet: XlsxSheet,
  limits: SpreadsheetLimits,
): AsyncGenerator<SheetRow> {
  if (!zip.has(sheet.part)) throw damaged(sheet.part);
  const parser = new SheetParser(workbook, limits, sheet.part);
  for await (const _ of readXml(sheet.part, zip.read(sheet.part), parser)) {
    yield* parser.takeRows();
  }
}

class SheetParser {
  private rows: SheetRow[] = [];
  private rowNumber = 0;
  private cells: Cell[] = [];
  private column = 0;
  private cell: XmlAttributes = {};
  private value: string[] = [];
  private valueLength = 0;
  private inValue = false;
  private inData = false;
  private readonly inline = new RichText();
  private readonly guard: RowGuard;

  constructor(
    private readonly workbook: XlsxWorkbook,
    private readonly limits: SpreadsheetLimits,
    private readonly part: string,
  ) {
    this.guard = new RowGuard(limits);
  }

  takeRows(): SheetRow[] {
    const rows = this.rows;
    this.rows = [];
    return rows;
  }

  open(name: string, attributes: XmlAttributes): void {
    if (name === 'sheetData') this.inData = true;
    if (!this.inData) return;
    if (name === 'row') {
      const next = attributes['r'] === undefined ? this.rowNumber + 1 : Number(attributes['r']);
      // Rows only ever follow one another; a file that goes back would make row numbers in messages meaningless.
      if (!Number.isInteger(next) || next <= this.rowNumber || next > MAX_ROW) throw damaged(this.part);
      this.rowNumber = next;
      this.cells = [];
      this.column = 0;
    } else if (name === 'c') {
      this.cell = attributes;
      this.column = attributes['r'] === undefined ? this.column + 1 : columnOf(attributes['r']);
      if (!(this.column >= 1 && this.column <= MAX_COLUMN)) throw damaged(this.part);
      this.value = [];
      this.valueLength = 0;
      this.inline.begin();
    } else if (name === 'v') {
      this.inValue = true;
    } else {
      this.inline.open(name);
    }
  }

  text(piece: string): void {
    if (!this.inData) return;
    if (this.inValue) this.value.push(piece);
    else if (!this.inline.add(piece)) return;
    this.valueLength += piece.length;
    // An escaped character (_x000D_) takes seven; the true length is checked when the cell ends.
    this.guard.checkLength(this.valueLength / 8, this.rowNumber);
  }

  close(name: string): void {
    if (name === 'sheetData') this.inData = false;
    if (!this.inData) return;
    if (name === 'v') this.inValue = false;
    else if (name === 'c') this.endCell();
    else if (name === 'row') {
      const row = this.guard.accept(this.rowNumber, this.cells);
      if (row) this.rows.push(row);
    } else this.inline.close(name);
  }

  private endCell(): void {
    const cell = this.toCell();
    this.guard.checkLength(cell.text.length, this.rowNumber);
    if (cell === EMPTY) return;
    const { columns } = this.limits;
    if (this.column > columns) throw refuse('too_many_columns', { row: this.rowNumber, max: columns });
    while (this.cells.length < this.column - 1) this.cells.push(EMPTY);
    this.cells[this.column - 1] = cell;
  }

  private toCell(): Cell {
    const stored = this.value.join('');
    switch (this.cell['t'] ?? 'n') {
      case 's': {
        if (stored.trim() === '') return EMPTY;
        const text = this.workbook.sharedStrings[Number(stored)];
        if (text === undefined) throw damaged(this.part);
        return textCell(text);
      }
      case 'inlineStr':
        return textCell(this.inline.value());
      case 'str':
        return textCell(decodeEscapes(stored));
      case 'b':
        return stored === '' ? EMPTY : { text: stored.trim() === '1' ? 'TRUE' : 'FALSE', type: 'bool' };
      case 'e':
        return stored === '' ? EMPTY : { text: stored, type: 'error' };
      case 'd':
        return stored === '' ? EMPTY : { text: isoDate(stored), type: 'date' };
      default: {
        const kind = this.workbook.kinds[Number(this.cell['s'] ?? 0)] ?? 'number';
        if (kind === 'date') return dateCell(stored, this.workbook.epoch1904);
        return kind === 'elapsed' ? elapsedCell(stored) : numberCell(stored);
      }
    }
  }
}

/** "AB12" → 28 */
function columnOf(reference: string): number {
  let column = 0;
  for (let index = 0; index < reference.length && index < 4; index += 1) {
    const letter = reference.charCodeAt(index) & ~32;
    if (letter < 65 || letter > 90) break;
    column = column * 26 + letter - 64;
  }
  return column;
}

/** 2026-11-22T00:00:00Z → 2026-11-22 */
function isoDate(stored: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2})?)\S*)?$/.exec(stored.trim());
  if (!match) return stored;
  const time = match[2];
  return !time || /^00:00(?::00)?$/.test(time) ? (match[1] ?? stored) : `${match[1]} ${time}`;
}
