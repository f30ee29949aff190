import { DatabaseSync, type StatementSync, type SQLInputValue } from 'node:sqlite';

/**
 * The run time's built-in SQLite in the shape that TypeORM's 'better-sqlite3' driver expects (constructor with
 * `readonly`/`timeout`, `prepare`, `pragma`, `exec`, `close`). No native add-on, so one payload serves every target.
 * Integers outside ±2^53 are refused by node:sqlite when read, which is what we want: no silent rounding.
 */
const CODES: Record<number, string> = {
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  19: 'SQLITE_CONSTRAINT',
  26: 'SQLITE_NOTADB',
  261: 'SQLITE_BUSY_RECOVERY',
  517: 'SQLITE_BUSY_SNAPSHOT',
  275: 'SQLITE_CONSTRAINT_CHECK',
  787: 'SQLITE_CONSTRAINT_FOREIGNKEY',
  1299: 'SQLITE_CONSTRAINT_NOTNULL',
  1555: 'SQLITE_CONSTRAINT_PRIMARYKEY',
  1811: 'SQLITE_CONSTRAINT_TRIGGER',
  2067: 'SQLITE_CONSTRAINT_UNIQUE',
};

function named<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw withCode(error);
  }
}

/** What is left of an error that came from another thread. */
export interface SqliteFailure {
  message: string;
  errcode?: number;
}

/** Gives an error of SQLite the name of its code. */
export function withCode(error: unknown): unknown {
  if (error instanceof Error && 'errcode' in error && error.errcode !== undefined) {
    const errcode = Number(error.errcode);
    Object.assign(error, { code: CODES[errcode] ?? CODES[errcode & 255] ?? `SQLITE_${errcode}` });
  }
  return error;
}

function toBind(value: unknown): SQLInputValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value;
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`SQLite cannot bind a ${Object.prototype.toString.call(value)}`);
}

/** The values themselves when all of them can be bound as they are, as nearly always. */
function bound(values: readonly unknown[]): SQLInputValue[] {
  for (const value of values)
    if (value !== null && typeof value !== 'number' && typeof value !== 'string') return values.map(toBind);
  return values as SQLInputValue[];
}

/** A statement whose rows are arrays of values in the order of its columns: what the product's own statements use. */
export class RowStatement {
  constructor(private readonly statement: StatementSync) {
    statement.setReturnArrays(true);
  }
  columns(): string[] {
    return this.statement.columns().map(({ name }) => name);
  }
  all(values: readonly unknown[]): unknown[][] {
    let rows: unknown[][];
    try {
      rows = this.statement.all(...bound(values)) as unknown as unknown[][];
    } catch (error) {
      throw withCode(error);
    }
    for (const row of rows)
      for (let at = 0; at < row.length; at++) {
        const value = row[at];
        if (value instanceof Uint8Array) row[at] = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      }
    return rows;
  }
  /** Returns how many rows were changed. */
  run(values: readonly unknown[]): number {
    try {
      return Number(this.statement.run(...bound(values)).changes);
    } catch (error) {
      throw withCode(error);
    }
  }
}

class Statement {
  readonly reader: boolean;
  constructor(private readonly statement: StatementSync) {
    this.reader = statement.columns().length > 0;
  }
  all(...values: unknown[]): Record<string, unknown>[] {
    return named(() => this.statement.all(...values.map(toBind))).map((row) => {
      // node:sqlite gives rows without prototype and blobs as Uint8Array; TypeORM and we expect plain objects and Buffers.
      const plain: Record<string, unknown> = { ...row };
      for (const key in plain) {
        const value = plain[key];
        if (value instanceof Uint8Array) plain[key] = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      }
      return plain;
    });
  }
  run(...values: unknown[]): { changes: number; lastInsertRowid: number } {
    const result = named(() => this.statement.run(...values.map(toBind)));
    return { changes: Number(result.changes), lastInsertRowid: Number(result.lastInsertRowid) };
  }
}

export class NodeSqliteDatabase {
  private readonly database: DatabaseSync;

  constructor(path: string, options: { readonly?: boolean; timeout?: number } = {}) {
    this.database = named(
      () =>
        new DatabaseSync(path, {
          readOnly: options.readonly ?? false,
          timeout: options.timeout ?? 5000,
          enableForeignKeyConstraints: true,
        }),
    );
  }
  prepare(text: string): Statement {
    return new Statement(named(() => this.database.prepare(text)));
  }
  prepareRows(text: string): RowStatement {
    return new RowStatement(named(() => this.database.prepare(text)));
  }
  pragma(text: string): Record<string, unknown>[] {
    return this.prepare(`PRAGMA ${text}`).all();
  }
  /** SQLite ends a transaction by itself when the disk is full or cannot be read. */
  inTransaction(): boolean {
    return this.database.isTransaction;
  }
  exec(text: string): this {
    named(() => this.database.exec(text));
    return this;
  }
  close(): void {
    this.database.close();
  }
}
