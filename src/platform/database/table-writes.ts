/**
 * How often this process wrote each table. Who keeps something in memory compares: what was written here is seen at once, and
 * only the writes of other processes need a limit of time.
 */
export class TableWrites {
  private readonly counts = new Map<string, number>();

  of(table: string): number {
    return this.counts.get(table) ?? 0;
  }

  note(tables: Iterable<string>): void {
    for (const table of tables) this.counts.set(table, this.of(table) + 1);
  }
}

/** The table that a statement changes; undefined for one that changes none. */
export function changedTable(text: string): string | undefined {
  return /^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)/i.exec(text)?.[1]?.toLowerCase();
}
