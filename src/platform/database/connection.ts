import type { DataSource, QueryRunner } from 'typeorm';
import { camelCase } from './dialect';
import type { SqlValue } from './sql';

/** What readers and transactions need of a connection. The embedded database answers at once, servers later. */
export interface Connection {
  /** Rows of plain objects whose keys are the columns in camelCase. */
  rows(text: string, values: readonly SqlValue[]): Record<string, unknown>[] | Promise<Record<string, unknown>[]>;
  /** Returns how many rows were affected. */
  change(text: string, values: readonly SqlValue[]): number | Promise<number>;
}

/** The pool of a server, for reads that need no transaction. */
export function serverReads(runner: DataSource | QueryRunner): Pick<Connection, 'rows'> {
  return {
    rows: async (text, values) => {
      const result: unknown = await runner.query(text, values as unknown[]);
      return Array.isArray(result) ? camelRows(result as Record<string, unknown>[]) : [];
    },
  };
}

/** One connection of a server. */
export function serverConnection(runner: QueryRunner): Connection {
  return {
    ...serverReads(runner),
    change: async (text, values) => {
      const result = await runner.query(text, values as unknown[], true);
      return result.affected ?? 0;
    },
  };
}

/** One pass over the keys of the first row decides how all rows of a result are renamed. */
function camelRows(rows: Record<string, unknown>[]): Record<string, unknown>[] {
  const first = rows[0];
  if (!first) return [];
  const columns = Object.keys(first);
  const names = columns.map(camelCase);
  if (columns.every((column, index) => column === names[index])) return rows;
  return rows.map((row) => {
    const renamed: Record<string, unknown> = {};
    for (let index = 0; index < columns.length; index++)
      renamed[names[index] as string] = row[columns[index] as string];
    return renamed;
  });
}
