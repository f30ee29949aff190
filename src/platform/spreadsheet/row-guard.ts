import { type Cell, type SheetRow, type SpreadsheetLimits } from './cell';
import { refuse } from './read-error';

/** Drops empty cells at the end and empty rows, and counts against the limits; the same for every format. */
export class RowGuard {
  private rows = 0;
  private cells = 0;

  constructor(private readonly limits: SpreadsheetLimits) {}

  /** The row to hand on, or null when it is empty. Throws when a limit is passed. */
  accept(number: number, cells: Cell[]): SheetRow | null {
    let used = cells.length;
    while (used > 0 && cells[used - 1]?.text === '') used -= 1;
    if (used === 0) return null;
    this.rows += 1;
    this.cells += used;
    if (this.rows > this.limits.rows) throw refuse('too_many_rows', { max: this.limits.rows });
    if (used > this.limits.columns) throw refuse('too_many_columns', { row: number, max: this.limits.columns });
    if (this.cells > this.limits.cells) throw refuse('too_many_cells', { max: this.limits.cells });
    cells.length = used;
    return { number, cells };
  }

  /** Throws for a text longer than a cell may hold. */
  checkLength(length: number, number: number): void {
    if (length > this.limits.cellLength) throw refuse('cell_too_long', { row: number, max: this.limits.cellLength });
  }
}
