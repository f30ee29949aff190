import type { Cell } from '../spreadsheet';

/** Of a table that has a column for each store: place of the column (from 0) → store code. Empty for other tables. */
export type StoresAcross = Readonly<Record<string, string>>;

export const isCrossTable = (across: StoresAcross): boolean => Object.keys(across).length > 0;

/** Turns a row of a cross table into one entry a store; an empty cell and a zero say that nothing is there. */
export function storesOfRow(cells: readonly Cell[], across: StoresAcross): { store: string; cell: Cell }[] {
  return Object.entries(across).flatMap(([place, store]) => {
    const cell = cells[Number(place)];
    return cell && !/^[-−–—]?$|^0+(?:\.0+)?$/.test(cell.text.trim()) ? [{ store, cell }] : [];
  });
}

/**
 * Places that look like a column for each store: named, not one of ours, and only whole numbers below. A suggestion for
 * the page; what really is one the reader says.
 */
export function likelyStoreColumns(
  header: { names: readonly string[]; mapping: Readonly<Record<string, number>> },
  sample: readonly (readonly string[])[],
): number[] {
  const used = new Set(Object.values(header.mapping));
  const numbers = header.names.flatMap((name, place) => {
    const texts = sample.map((row) => (row[place] ?? '').trim()).filter(Boolean);
    return name && !used.has(place) && texts.length > 0 && texts.every((text) => /^\d{1,6}$/.test(text)) ? [place] : [];
  });
  return numbers.length >= 2 ? numbers : [];
}
