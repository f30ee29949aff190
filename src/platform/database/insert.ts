import { type Dialect, placeholder } from './dialect';
import type { AnyTable } from './table';

const cache = new Map<string, string>();

/** A multi-row INSERT of all columns of a table; Oracle has no several VALUES rows, so it selects from dual. */
export function insertStatement(table: AnyTable, rows: number, dialect: Dialect): string {
  const key = `${dialect}/${table.name}/${rows}`;
  let text = cache.get(key);
  if (text === undefined) {
    const width = table.specs.length;
    const tuples = Array.from({ length: rows }, (_, row) =>
      table.specs.map((_spec, column) => placeholder(dialect, row * width + column)).join(', '),
    );
    const head = `INSERT INTO ${table.name} (${table.specs.map((spec) => spec.column).join(', ')})`;
    text =
      dialect === 'oracle'
        ? `${head} ${tuples.map((tuple) => `SELECT ${tuple} FROM dual`).join(' UNION ALL ')}`
        : `${head} VALUES ${tuples.map((tuple) => `(${tuple})`).join(', ')}`;
    if (cache.size > 500) cache.clear();
    cache.set(key, text);
  }
  return text;
}
