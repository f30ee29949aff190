import type { ImportColumn } from '../modules';
import type { SheetRow } from '../spreadsheet';

/** Rows that are looked at for the column names: files often begin with a title or a date. */
export const HEADER_SEARCH_ROWS = 20;

export interface Header {
  /** As a spreadsheet program counts. */
  row: number;
  /** The file's own words, by place. */
  names: string[];
  /** Importer's column → place in the file. */
  mapping: Record<string, number>;
}

const fold = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-()（）:：*/]+/g, '');

/** Names every column of the file that an alias fits; each place is used once. */
export function mapColumns(columns: readonly ImportColumn[], names: readonly string[]): Record<string, number> {
  const folded = names.map(fold);
  const mapping: Record<string, number> = {};
  const used = new Set<number>();
  for (const { key, aliases } of columns) {
    const words = [key, ...aliases].map(fold);
    const place = folded.findIndex((name, index) => name !== '' && !used.has(index) && words.includes(name));
    if (place < 0) continue;
    mapping[key] = place;
    used.add(place);
  }
  return mapping;
}

/** A row read as the column names. */
export function headerOf(columns: readonly ImportColumn[], row: SheetRow): Header {
  const names = row.cells.map(({ text }) => text.trim().slice(0, 80));
  return { row: row.number, names, mapping: mapColumns(columns, names) };
}

/** The row whose words name the most columns; the first filled row when none names any. */
export function findHeader(columns: readonly ImportColumn[], rows: readonly SheetRow[]): Header | undefined {
  let best: Header | undefined;
  for (const row of rows.slice(0, HEADER_SEARCH_ROWS)) {
    const header = headerOf(columns, row);
    if (header.names.every((name) => name === '')) continue;
    if (!best || Object.keys(header.mapping).length > Object.keys(best.mapping).length) best = header;
  }
  return best;
}
