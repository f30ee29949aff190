import { clockAt, plainMoney, fen } from '../../kernel';
import { dayOfSerial } from './serial-day';

/** What a column of an export holds, and in which unit the values are given. */
export type ColumnType =
  | 'text'
  /** fen; written in yuan with two decimals */
  | 'money'
  | 'integer'
  /** basis points; written in percent with two decimals */
  | 'percent'
  /** business date 'YYYY-MM-DD' */
  | 'date'
  /** epoch milliseconds; written as wall clock in the export's time zone */
  | 'datetime'
  | 'bool';

export interface ExportColumn {
  header: string;
  type: ColumnType;
  /** In characters; a fitting width for the type and the header if left out. */
  width?: number;
}

export type ExportValue = string | number | boolean | null | undefined;
export type ExportRow = readonly ExportValue[];
export type ExportRows = Iterable<ExportRow> | AsyncIterable<ExportRow>;

export interface ExportOptions {
  /** IANA zone for 'datetime' columns. */
  timeZone: string;
  /** Words for true and false in the reader's language. */
  yes: string;
  no: string;
}

export const DEFAULT_EXPORT: ExportOptions = { timeZone: 'Asia/Shanghai', yes: '是', no: '否' };

/** A value as the text of a CSV cell. Throws TypeError for a value that is not of the column's type. */
export function valueText(value: ExportValue, type: ColumnType, options: ExportOptions): string {
  if (value === null || value === undefined || value === '') return '';
  switch (type) {
    case 'text':
      return String(value);
    case 'money':
      return plainMoney(fen(numberOf(value, type)));
    case 'integer':
      return String(numberOf(value, type));
    case 'percent':
      return `${plainMoney(fen(numberOf(value, type)))}%`;
    case 'date':
      dayOfSerial(String(value));
      return String(value);
    case 'datetime':
      return clockText(numberOf(value, type), options.timeZone);
    case 'bool':
      return value === true || value === 1 ? options.yes : options.no;
  }
}

export function numberOf(value: ExportValue, type: ColumnType): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new TypeError(`no number for a ${type} column: ${String(value)}`);
  return value;
}

/** 'YYYY-MM-DD HH:mm:ss' in a zone. */
export function clockText(epochMs: number, timeZone: string): string {
  const { year, month, day, hour, minute, second } = clockAt(epochMs, timeZone);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}`;
}

/** Chinese characters take two places. */
export function widthOf({ header, type, width }: ExportColumn): number {
  if (width) return width;
  const usual: Record<ColumnType, number> = {
    text: 16,
    money: 13,
    integer: 9,
    percent: 9,
    date: 11,
    datetime: 19,
    bool: 6,
  };
  const places = [...header].reduce((sum, character) => sum + (character.charCodeAt(0) > 0x2e80 ? 2 : 1), 0);
  return Math.max(usual[type], places + 3);
}
