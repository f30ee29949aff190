import type { DataSource, QueryRunner } from 'typeorm';
import { camelCase } from './dialect';
import type { SqlValue } from './sql';

/** What readers and transactions need of a connection. The embedded database answers at once, servers later. */
export interface Connection {
  /** Rows of plain objects whose keys are the columns in camelCase. */
  rows(text: string, values: readonly SqlValue[]): Record<string, unknown>[] | Promise<Record<string, unknown>[]>;
  /** Returns how many rows were affected. */
  change(text: string, values: readonly SqlValue[]): number | Promise<number>;
  /** Only where one statement is bound to many rows instead of writing the rows in its text (Oracle). */
  changeMany?(text: string, rows: readonly (readonly SqlValue[])[]): Promise<void>;
}

/** What a driver needs of bound values and of rows: SQL Server's types, Oracle's numbers. */
export interface Adaptation {
  bind(values: readonly SqlValue[]): unknown[];
  /** Changes values in place. */
  read(rows: Record<string, unknown>[]): void;
}

const PLAIN: Adaptation = { bind: (values) => values as unknown[], read: () => undefined };

/** Throws for an integer that a JS number cannot hold: rounding would be silent. */
export function safeInteger(value: number, column: string): number {
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER)
    throw new RangeError(`${column} holds a number beyond ±2^53: ${String(value)}`);
  return value;
}

/** The pool of a server, for reads that need no transaction. */
export function serverReads(runner: DataSource | QueryRunner, { bind, read } = PLAIN): Pick<Connection, 'rows'> {
  return {
    rows: async (text, values) => {
      const result: unknown = await runner.query(text, bind(values));
      if (!Array.isArray(result)) return [];
      read(result as Record<string, unknown>[]);
      return camelRows(result as Record<string, unknown>[]);
    },
  };
}

/** One connection of a server. */
export function serverConnection(runner: QueryRunner, adaptation = PLAIN): Connection {
  return {
    ...serverReads(runner, adaptation),
    change: async (text, values) => {
      const result = await runner.query(text, adaptation.bind(values), true);
      return result.affected ?? 0;
    },
  };
}

/** One pass over the keys of the first row decides how all rows of a result are renamed. */
export function camelRows(rows: Record<string, unknown>[]): Record<string, unknown>[] {
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
