import { type Dialect, placeholder } from './dialect';
import type { ColumnSpec } from './columns';
import { quoteReserved } from './oracle-words';
import type { AnyTable } from './table';

const cache = new Map<string, string>();

/** Rows of one multi-row INSERT. SQL Server takes 2,100 parameters and 1,000 rows, the others more. */
export const rowsPerInsert = (columns: number): number => Math.min(1000, Math.max(1, Math.floor(2000 / columns)));

/** A multi-row INSERT of all columns of a table. Oracle takes one row of VALUES: there it is bound to many rows (executeMany). */
export function insertStatement(table: AnyTable, rows: number, dialect: Dialect): string {
  if (dialect === 'oracle' && rows > 1) throw new RangeError('Oracle takes one row of VALUES');
  const key = `${dialect}/${table.name}/${rows}`;
  let text = cache.get(key);
  if (text === undefined) {
    const width = table.specs.length;
    const tuples = Array.from({ length: rows }, (_, row) =>
      table.specs.map((spec, column) => bound(spec, placeholder(dialect, row * width + column), dialect)).join(', '),
    );
    const head = `INSERT INTO ${table.name} (${table.specs.map((spec) => spec.column).join(', ')})`;
    text = `${head} VALUES ${tuples.map((tuple) => `(${tuple})`).join(', ')}`;
    if (dialect === 'oracle') text = quoteReserved(text);
    if (cache.size > 500) cache.clear();
    cache.set(key, text);
  }
  return text;
}

/** SQL Server turns no text into bytes by itself, not even the null of unknown type that is bound for an empty value. */
function bound(spec: ColumnSpec, place: string, dialect: Dialect): string {
  return dialect === 'mssql' && spec.kind === 'bytes' ? `CONVERT(varbinary(max), ${place})` : place;
}
