import { type Dialect, placeholder } from './dialect';
import type { ColumnSpec } from './columns';
import { quoteReserved } from './oracle-words';
import type { AnyTable } from './table';

/** By dialect and table, by number of rows. */
const cache = new Map<Dialect, WeakMap<AnyTable, Map<number, string>>>();

/** Rows of one multi-row INSERT. SQL Server takes 2,100 parameters and 1,000 rows, the others more. */
export const rowsPerInsert = (columns: number): number => Math.min(1000, Math.max(1, Math.floor(2000 / columns)));

/** A multi-row INSERT of all columns of a table. Oracle takes one row of VALUES: there it is bound to many rows (executeMany). */
export function insertStatement(table: AnyTable, rows: number, dialect: Dialect): string {
  if (dialect === 'oracle' && rows > 1) throw new RangeError('Oracle takes one row of VALUES');
  const known = textsOf(table, dialect);
  let text = known.get(rows);
  if (text === undefined) {
    const width = table.specs.length;
    const tuples = Array.from({ length: rows }, (_, row) =>
      table.specs.map((spec, column) => bound(spec, placeholder(dialect, row * width + column), dialect)).join(', '),
    );
    const head = `INSERT INTO ${table.name} (${table.specs.map((spec) => spec.column).join(', ')})`;
    text = `${head} VALUES ${tuples.map((tuple) => `(${tuple})`).join(', ')}`;
    if (dialect === 'oracle') text = quoteReserved(text);
    known.set(rows, text);
  }
  return text;
}

function textsOf(table: AnyTable, dialect: Dialect): Map<number, string> {
  let ofDialect = cache.get(dialect);
  if (!ofDialect) cache.set(dialect, (ofDialect = new WeakMap()));
  let ofTable = ofDialect.get(table);
  if (!ofTable || ofTable.size > MOST_TEXTS) ofDialect.set(table, (ofTable = new Map()));
  return ofTable;
}

const MOST_TEXTS = 60;

/** SQL Server turns no text into bytes by itself, not even the null of unknown type that is bound for an empty value. */
function bound(spec: ColumnSpec, place: string, dialect: Dialect): string {
  return dialect === 'mssql' && spec.kind === 'bytes' ? `CONVERT(varbinary(max), ${place})` : place;
}
