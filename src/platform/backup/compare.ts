import type { AnyTable, Snapshot } from '../database';
import type { TableFigures } from './manifest';
import { TableLines } from './table-lines';

export interface TableDifference {
  table: string;
  /** rows, sha256 (some value differs), or the column whose sum differs. */
  what: string;
  expected: string;
  found: string;
}

/** Counts, sums and checksums over all rows, the same on every kind of database. */
export async function figuresOf(
  snapshot: Snapshot,
  tables: readonly AnyTable[],
  onProgress: (table: string, rows: number) => void = () => undefined,
): Promise<Record<string, TableFigures>> {
  const figures: Record<string, TableFigures> = {};
  let rows = 0;
  for (const table of tables) {
    const lines = new TableLines(table);
    for await (const part of lines.read(snapshot)) onProgress(table.name, (rows += part.rows));
    figures[table.name] = lines.figures();
  }
  return figures;
}

export function differences(
  expected: Readonly<Record<string, TableFigures>>,
  found: Readonly<Record<string, TableFigures>>,
): TableDifference[] {
  return Object.entries(expected).flatMap(([table, wanted]) => {
    const is = found[table] ?? { rows: 0, sha256: '', sums: {} };
    const differing: TableDifference[] = [];
    const compare = (what: string, one: string | number, other: string | number | undefined): void => {
      if (one !== other) differing.push({ table, what, expected: String(one), found: String(other ?? '') });
    };
    compare('rows', wanted.rows, is.rows);
    for (const [column, sum] of Object.entries(wanted.sums)) compare(column, sum, is.sums[column]);
    compare('sha256', wanted.sha256, is.sha256);
    return differing;
  });
}
