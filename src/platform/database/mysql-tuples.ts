import type { SqlValue } from './sql';

/** Characters of one statement: at four bytes each still below what any server takes in one packet. */
const MOST_CHARACTERS = 512 * 1024;

/**
 * Rows as the tuples of INSERT statements, each text for one statement. The driver writes values into the text of a statement as
 * well, one by one; for a million rows this is several times as fast. Texts are written as JSON writes them, which MySQL reads
 * alike (ANSI_QUOTES and NO_BACKSLASH_ESCAPES are off in every session of ours) but for the two forms that are mended here.
 */
export function mysqlTuples(rows: readonly (readonly SqlValue[])[]): string[] {
  const texts: string[] = [];
  let tuples: string[] = [];
  let characters = 0;
  for (const row of rows) {
    const tuple = tupleOf(row);
    if (characters + tuple.length > MOST_CHARACTERS && tuples.length > 0) {
      texts.push(tuples.join(','));
      tuples = [];
      characters = 0;
    }
    tuples.push(tuple);
    characters += tuple.length + 1;
  }
  if (tuples.length > 0) texts.push(tuples.join(','));
  return texts;
}

function tupleOf(row: readonly SqlValue[]): string {
  for (const value of row)
    if (value !== null && typeof value !== 'string' && typeof value !== 'number')
      return `(${row.map(literal).join(',')})`;
  return `(${mysqlEscapes(JSON.stringify(row).slice(1, -1))})`;
}

function literal(value: SqlValue): string {
  if (Buffer.isBuffer(value)) return `X'${value.toString('hex')}'`;
  if (value === null || typeof value === 'string' || typeof value === 'number')
    return mysqlEscapes(JSON.stringify(value));
  throw new TypeError(`no value of a row: ${typeof value}`);
}

/** MySQL knows neither \f nor \u001f; a lone surrogate is no text. */
function mysqlEscapes(json: string): string {
  if (!json.includes('\\u') && !json.includes('\\f')) return json;
  return json.replace(/\\(?:u([0-9a-f]{4})|.)/g, (escape, code: string | undefined) => {
    if (escape === '\\f') return '\f';
    if (code === undefined) return escape;
    const unit = Number.parseInt(code, 16);
    if (unit === 0) return '\\0';
    return unit < 0x20 ? String.fromCharCode(unit) : '\uFFFD';
  });
}
