import type { Dialect } from './dialect';

/** What a column holds. The database's own type follows from it in one place: `databaseType`. */
export type ColumnKind =
  'id' | 'money' | 'quantity' | 'int' | 'code' | 'text' | 'longText' | 'bool' | 'instant' | 'date' | 'json' | 'bytes';

export interface ColumnSpec {
  kind: ColumnKind;
  length?: number;
  nullable: boolean;
  primary: boolean;
  references?: string;
  default?: string | number;
}

/** A column of a table definition; `T` is what the program sees in it. */
export class Column<T> {
  declare readonly type: T;
  constructor(readonly spec: ColumnSpec) {}

  private with<U>(change: Partial<ColumnSpec>): Column<U> {
    return new Column<U>({ ...this.spec, ...change });
  }
  nullable(): Column<T | null> {
    return this.with<T | null>({ nullable: true });
  }
  primary(): Column<T> {
    return this.with<T>({ primary: true });
  }
  /** A foreign key to `<table>.id`. Give the column an index as well, unless one starts with it. */
  references(table: string): Column<T> {
    return this.with<T>({ references: table });
  }
  /** Only for columns added to a table that has rows: new code always writes the value itself. */
  default(value: string | number): Column<T> {
    return this.with<T>({ default: value });
  }
}

const make = <T>(kind: ColumnKind, length?: number): Column<T> =>
  new Column<T>({ kind, nullable: false, primary: false, ...(length === undefined ? {} : { length }) });

export const col = {
  /** Integers handed out by the application (see id-source). */
  id: () => make<number>('id'),
  /** Fen, within ±2^53. */
  money: () => make<number>('money'),
  quantity: () => make<number>('quantity'),
  int: () => make<number>('int'),
  /** Normalised by code and compared byte by byte: IMEI, SKU, document number, login, state. */
  code: <T extends string = string>(length: number) => make<T>('code', length),
  /** Words for people, in any script; length in characters. */
  text: (length: number) => make<string>('text', length),
  longText: () => make<string>('longText'),
  bool: () => make<boolean>('bool'),
  /** Epoch milliseconds, UTC. */
  instant: () => make<number>('instant'),
  /** Business date, text YYYY-MM-DD. */
  date: () => make<string>('date'),
  json: <T>() => make<T>('json'),
  bytes: () => make<Buffer>('bytes'),
};

export interface DatabaseType {
  type: string;
  length?: string;
  charset?: string;
  collation?: string;
  precision?: number;
  scale?: number;
  width?: number;
}

const MYSQL_BINARY = { charset: 'utf8mb4', collation: 'utf8mb4_bin' };
const MYSQL_WORDS = { charset: 'utf8mb4', collation: 'utf8mb4_unicode_520_ci' };

/** The one map from abstract columns to the types of the four databases. */
export function databaseType(spec: ColumnSpec, dialect: Dialect): DatabaseType {
  const length = String(spec.length ?? (spec.kind === 'date' ? 10 : 0));
  switch (spec.kind) {
    case 'id':
      // Exactly this word makes the id SQLite's own row number: one tree less to write and to search in each table.
      if (dialect === 'sqlite' && spec.primary) return { type: 'integer' };
      return databaseType({ ...spec, kind: 'money' }, dialect);
    case 'money':
    case 'quantity':
    case 'instant':
      return dialect === 'oracle' ? { type: 'number', precision: 19, scale: 0 } : { type: 'bigint' };
    case 'int':
      return dialect === 'oracle'
        ? { type: 'number', precision: 10, scale: 0 }
        : { type: dialect === 'sqlite' ? 'integer' : 'int' };
    case 'bool':
      return dialect === 'oracle' ? { type: 'number', precision: 1, scale: 0 } : { type: 'smallint' };
    case 'code':
    case 'date':
      if (dialect === 'mysql') return { type: 'varchar', length, ...MYSQL_BINARY };
      if (dialect === 'mssql') return { type: 'nvarchar', length, collation: 'Latin1_General_100_BIN2' };
      if (dialect === 'oracle') return { type: 'nvarchar2', length };
      return { type: 'varchar', length };
    case 'text':
      if (dialect === 'mysql') return { type: 'varchar', length, ...MYSQL_WORDS };
      if (dialect === 'mssql') return { type: 'nvarchar', length };
      if (dialect === 'oracle') return { type: 'nvarchar2', length };
      return { type: 'varchar', length };
    case 'longText':
    case 'json':
      if (dialect === 'mysql') return { type: 'longtext', ...MYSQL_WORDS };
      if (dialect === 'mssql') return { type: 'nvarchar', length: 'max' };
      if (dialect === 'oracle') return { type: 'clob' };
      return { type: 'text' };
    case 'bytes':
      if (dialect === 'mysql') return { type: 'longblob' };
      if (dialect === 'mssql') return { type: 'varbinary', length: 'max' };
      return { type: 'blob' };
  }
}
