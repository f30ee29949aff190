/** The kinds of database the product runs on. MariaDB and MySQL speak one dialect here. */
export type Dialect = 'sqlite' | 'mysql' | 'mssql' | 'oracle';

/** How the n-th bound value (from 0) is written in the text of a statement. */
export function placeholder(dialect: Dialect, index: number): string {
  if (dialect === 'mssql') return `@${index}`;
  if (dialect === 'oracle') return `:${index + 1}`;
  return '?';
}

/** `storeId` → `store_id`: the one rule from property names to column names. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * The name as the database's catalogue holds it. Statements write names without quotes, which Oracle reads as upper case;
 * TypeORM quotes them, so it must be told the upper-case name.
 */
export function physicalName(name: string, dialect: Dialect): string {
  return dialect === 'oracle' ? name.toUpperCase() : name;
}

const camelNames = new Map<string, string>();

/** `store_id` or Oracle's `STORE_ID` → `storeId`. */
export function camelCase(column: string): string {
  let name = camelNames.get(column);
  if (name === undefined) {
    const lower = column === column.toUpperCase() ? column.toLowerCase() : column;
    name = lower.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    camelNames.set(column, name);
  }
  return name;
}
