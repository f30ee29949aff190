import { type Dialect, placeholder } from './dialect';
import { quoteReserved } from './oracle-words';

/** A value that every driver binds alike. Booleans are 0/1, instants epoch milliseconds, '' is null. */
export type SqlValue = string | number | null | Buffer;

type Piece = string | { value: SqlValue } | { render: (dialect: Dialect) => string };

/** A statement or part of one: text and bound values, written for a dialect only when it is run. */
export interface Sql {
  readonly pieces: readonly Piece[];
}

export interface RenderedSql {
  text: string;
  values: SqlValue[];
}

type Interpolation = SqlValue | boolean | undefined | Sql;

const isSql = (part: Interpolation): part is Sql => typeof part === 'object' && part !== null && 'pieces' in part;

/** Values become bound parameters; nested `sql` parts are spliced in. Nothing else ever reaches the text. */
function tag(strings: TemplateStringsArray, ...parts: Interpolation[]): Sql {
  const pieces: Piece[] = [];
  for (let index = 0; index < strings.length; index++) {
    const text = strings[index] as string;
    if (text !== '') pieces.push(text);
    if (index >= parts.length) break;
    const part = parts[index];
    if (isSql(part)) for (const piece of part.pieces) pieces.push(piece);
    else pieces.push({ value: bindable(part) });
  }
  return { pieces };
}

/** '' is stored as null everywhere, because Oracle does so anyway. */
export function bindable(value: SqlValue | boolean | undefined): SqlValue {
  if (value === undefined || value === '') return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value;
}

const constant = (text: string): Sql => ({ pieces: [text] });
const perDialect = (render: (dialect: Dialect) => string): Sql => ({ pieces: [{ render }] });

function join(parts: readonly Sql[], separator = ', '): Sql {
  const pieces: Piece[] = [];
  for (const [index, part] of parts.entries()) {
    if (index > 0) pieces.push(separator);
    for (const piece of part.pieces) pieces.push(piece);
  }
  return { pieces };
}

export const MAX_IN_VALUES = 500;

/** `IN (${sql.list(ids)})`: at most 500 values; an empty list matches nothing. Split longer ones with `chunked`. */
function list(values: readonly SqlValue[]): Sql {
  if (values.length > MAX_IN_VALUES)
    throw new RangeError(`IN list of ${values.length} values; split it with chunked()`);
  if (values.length === 0) return constant('NULL');
  const pieces: Piece[] = [];
  for (const [index, value] of values.entries()) {
    if (index > 0) pieces.push(', ');
    pieces.push({ value: bindable(value) });
  }
  return { pieces };
}

/** A table or column name from the program (never from a request): letters, digits, underscore, dot. */
function identifier(text: string): Sql {
  let known = identifiers.get(text);
  if (known === undefined) {
    if (!/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$/i.test(text)) throw new RangeError(`not an identifier: ${text}`);
    identifiers.set(text, (known = constant(text)));
  }
  return known;
}

/** As many as the program has names of tables and columns. */
const identifiers = new Map<string, Sql>();

/** The first `rows` rows; stands last, after ORDER BY (which SQL Server requires). */
function limit(rows: number): Sql {
  const count = Math.trunc(rows);
  return perDialect((dialect) => {
    if (dialect === 'mssql') return `OFFSET 0 ROWS FETCH NEXT ${count} ROWS ONLY`;
    if (dialect === 'oracle') return `FETCH NEXT ${count} ROWS ONLY`;
    return `LIMIT ${count}`;
  });
}

/** Whole-number division rounding down, for non-negative operands (days from milliseconds, for example). */
function intDiv(expression: string, divisor: number): Sql {
  return perDialect((dialect) => {
    if (dialect === 'mysql') return `(${expression} DIV ${divisor})`;
    if (dialect === 'oracle') return `FLOOR(${expression} / ${divisor})`;
    return `(${expression} / ${divisor})`;
  });
}

/**
 * SUM of whole numbers that together stay within ±2^53, which it is exact for: amounts and pieces of one document, of one store.
 * MySQL and MariaDB would add them up as DECIMAL, which takes three times as long.
 */
function sum(expression: string): Sql {
  return perDialect((dialect) => (dialect === 'mysql' ? `SUM((${expression}) * 1E0)` : `SUM(${expression})`));
}

/**
 * A table in FROM that is read from its beginning to its end. To group by the columns of `index`, MySQL and MariaDB would fetch
 * row by row in its order: for all rows of a large table that takes several times as long.
 */
function scan(table: string, alias: string, index: string): Sql {
  return perDialect((dialect) => `${table} ${alias}${dialect === 'mysql' ? ` IGNORE INDEX (${index})` : ''}`);
}

/** The first `length` characters of a column: months of business dates, for example. */
function left(expression: string, length: number): Sql {
  return perDialect((dialect) =>
    dialect === 'mssql' ? `SUBSTRING(${expression}, 1, ${length})` : `SUBSTR(${expression}, 1, ${length})`,
  );
}

/** `column LIKE` anywhere / from the start, with the reader's own %, _ and ! taken literally. */
function contains(column: string, text: string): Sql {
  return tag`${constant(column)} LIKE ${`%${escapeLike(text)}%`} ESCAPE '!'`;
}
function startsWith(column: string, text: string): Sql {
  return tag`${constant(column)} LIKE ${`${escapeLike(text)}%`} ESCAPE '!'`;
}
const escapeLike = (text: string): string => text.replace(/[!%_[]/g, (char) => `!${char}`);

/** Conditions joined by AND; none at all is true. */
function all(conditions: readonly (Sql | undefined | false)[]): Sql {
  const kept = conditions.filter((condition): condition is Sql => Boolean(condition));
  return kept.length === 0 ? constant('1 = 1') : join(kept, ' AND ');
}

export const sql = Object.assign(tag, {
  join,
  list,
  identifier,
  limit,
  intDiv,
  left,
  sum,
  scan,
  contains,
  startsWith,
  all,
  perDialect,
  empty: constant(''),
});

export function render(query: Sql, dialect: Dialect): RenderedSql {
  const values: SqlValue[] = [];
  let text = '';
  for (const piece of query.pieces) {
    if (typeof piece === 'string') text += piece;
    else if ('value' in piece) {
      text += placeholder(dialect, values.length);
      values.push(piece.value);
    } else text += piece.render(dialect);
  }
  return { text: dialect === 'oracle' ? quoteReserved(text) : text, values };
}

/** Splits a long list for IN lists and multi-row writes. */
export function chunked<T>(items: readonly T[], size = MAX_IN_VALUES): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}
