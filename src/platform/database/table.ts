import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import { type Column, type ColumnSpec, databaseType } from './columns';
import { type Dialect, physicalName, snakeCase } from './dialect';
import { quoteReserved } from './oracle-words';
import { bindable, type SqlValue } from './sql';

type Columns = Record<string, Column<unknown>>;

export interface IndexSpec<C> {
  name: string;
  columns: (keyof C & string)[];
  unique?: boolean;
  /** Only 'col IS NOT NULL', for a unique column that may be empty (SQL Server allows one NULL otherwise). */
  where?: string;
}

export interface TableOptions<C> {
  indexes?: IndexSpec<C>[];
  checks?: { name: string; expression: string }[];
}

/** A table: its columns once, for typed rows, writes, and the comparison with the migrated schema. */
export interface Table<C extends Columns = Columns> {
  readonly name: string;
  readonly columns: C;
  readonly specs: readonly (ColumnSpec & { property: string; column: string })[];
  readonly indexes: readonly IndexSpec<C>[];
  readonly checks: readonly { name: string; expression: string }[];
}

/** Any table, where its columns do not matter. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a table of any columns: variance of Column<T> forbids a narrower type
export type AnyTable = Table<any>;

export type Row<T extends AnyTable> = { [K in keyof T['columns']]: T['columns'][K]['type'] };
type NullableKeys<R> = { [K in keyof R]: null extends R[K] ? K : never }[keyof R];
/** What an insert needs: nullable columns may be left out. */
export type NewRow<T extends AnyTable> = Omit<Row<T>, NullableKeys<Row<T>>> &
  Partial<Pick<Row<T>, NullableKeys<Row<T>>>>;

export function defineTable<C extends Columns>(name: string, columns: C, options: TableOptions<C> = {}): Table<C> {
  const specs = Object.entries(columns).map(([property, column]) => ({
    ...column.spec,
    property,
    column: snakeCase(property),
  }));
  for (const identifier of [
    name,
    ...specs.map((spec) => spec.column),
    ...(options.indexes ?? []).map((index) => index.name),
  ])
    if (identifier.length > 30) throw new RangeError(`name longer than Oracle's 30 characters: ${identifier}`);
  return { name, columns, specs, indexes: options.indexes ?? [], checks: options.checks ?? [] };
}

export const primaryKeyName = (table: string): string => `pk_${table}`.slice(0, 30);
/** Long names lose their middle, never their end, so that two keys of one table stay apart. */
export function foreignKeyName(table: string, column: string): string {
  const full = `fk_${table}_${column}`;
  return full.length <= 30
    ? full
    : `fk_${table.slice(0, 26 - Math.min(column.length, 16))}_${column.slice(-16)}`.slice(0, 30);
}

/** The program's value → what is bound. Throws when a text is longer than its column: SQLite would not notice. */
export function encode(spec: ColumnSpec & { property: string }, value: unknown): SqlValue {
  if (value === undefined || value === null || value === '') return null;
  switch (spec.kind) {
    case 'json':
      return JSON.stringify(value);
    case 'bool':
      return value ? 1 : 0;
    case 'code':
    case 'text':
    case 'date': {
      const text = String(value);
      // Characters are counted only where there are more units than characters allowed: a character has one or two.
      if (spec.length && text.length > spec.length && [...text].length > spec.length)
        throw new RangeError(`${spec.property} is longer than ${spec.length} characters`);
      return text;
    }
    case 'id':
    case 'money':
    case 'quantity':
    case 'int':
    case 'instant':
      if (!Number.isSafeInteger(value))
        throw new RangeError(`${spec.property} is not a safe integer: ${String(value)}`);
      return value as number;
    default:
      return bindable(value as SqlValue);
  }
}

/** The values of rows, one after the other, in the order of the columns. Throws as `encode` does. */
export function encodeRows<T extends AnyTable>(table: T, rows: readonly NewRow<T>[]): SqlValue[] {
  const values: SqlValue[] = [];
  for (const row of rows)
    for (const spec of table.specs) values.push(encode(spec, (row as Record<string, unknown>)[spec.property]));
  return values;
}

/** Column and bound value of a property, for a hand-written SET or WHERE. Throws as `encode` does. */
export function encodeColumn(table: AnyTable, property: string, value: unknown): { column: string; bound: SqlValue } {
  const spec = table.specs.find((candidate) => candidate.property === property);
  if (!spec) throw new RangeError(`${table.name} has no ${property}`);
  return { column: spec.column, bound: encode(spec, value) };
}

/** What was read → the program's value (0/1 → boolean, text → JSON, digits → number). */
export function decodeRow<T extends AnyTable>(table: T, raw: Record<string, unknown>): Row<T> {
  const row: Record<string, unknown> = {};
  for (const spec of table.specs) {
    const value = raw[spec.property] ?? null;
    row[spec.property] = value === null ? null : decode(spec, value);
  }
  return row as Row<T>;
}

function decode(spec: ColumnSpec, value: unknown): unknown {
  switch (spec.kind) {
    case 'bool':
      return Boolean(Number(value));
    case 'json':
      return typeof value === 'string' ? JSON.parse(value) : value;
    case 'id':
    case 'money':
    case 'quantity':
    case 'int':
    case 'instant':
      return Number(value);
    default:
      return value;
  }
}

export const physicalCheck = (check: { name: string; expression: string }, dialect: Dialect): typeof check =>
  dialect === 'oracle' ? { name: check.name.toUpperCase(), expression: quoteReserved(check.expression) } : { ...check };

/** TypeORM's view of a table: for the comparison of the definitions with the migrated schema. */
export function toEntitySchema(table: AnyTable, dialect: Dialect): EntitySchema {
  const physical = (name: string): string => physicalName(name, dialect);
  const columns: Record<string, EntitySchemaColumnOptions> = {};
  for (const spec of table.specs) {
    const { length, ...type } = databaseType(spec, dialect);
    columns[spec.property] = {
      ...(type as EntitySchemaColumnOptions),
      ...(length ? { length } : {}),
      name: physical(spec.column),
      nullable: spec.nullable,
      ...(spec.primary ? { primary: true, primaryKeyConstraintName: physical(primaryKeyName(table.name)) } : {}),
      ...(spec.default === undefined ? {} : { default: spec.default }),
    };
  }
  return new EntitySchema({
    name: table.name,
    tableName: physical(table.name),
    columns,
    indices: table.indexes.map((index) => ({
      name: physical(index.name),
      columns: index.columns,
      unique: index.unique ?? false,
      ...(index.where && dialect === 'mssql' ? { where: index.where } : {}),
    })),
    checks: dialect === 'mysql' ? [] : table.checks.map((check) => physicalCheck(check, dialect)),
    foreignKeys: table.specs
      .filter((spec) => spec.references)
      .map((spec) => ({
        name: physical(foreignKeyName(table.name, spec.column)),
        target: spec.references ?? '',
        columnNames: [spec.property],
        referencedColumnNames: ['id'],
        onDelete: 'NO ACTION' as const,
        onUpdate: 'NO ACTION' as const,
      })),
  });
}
