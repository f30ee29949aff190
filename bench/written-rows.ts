import type { BareDriver, TableShape, Value } from './bare-driver';

/** Rows of one table that a piece of work wrote. */
export interface WrittenRows {
  table: string;
  columns: string[];
  rows: Value[][];
  /** Places of the columns that take part in a unique key. */
  unique: number[];
}

export type Marks = Map<string, number>;

const KEPT_OUT = new Set(['counter', 'schema_step', 'lease', 'operation']);

/** The highest id of each table: what is above it later was written in between. */
export async function marksOf(driver: BareDriver, shapes: readonly TableShape[]): Promise<Marks> {
  const marks: Marks = new Map();
  for (const { name, columns } of shapes)
    if (columns.includes('id') && !KEPT_OUT.has(name)) {
      const [row] = await driver.query(`SELECT COALESCE(MAX(id), 0) FROM ${name}`);
      marks.set(name, Number(row?.[0] ?? 0));
    }
  return marks;
}

/** What was written since the marks were taken, and the note of the operation with this key. */
export async function rowsSince(
  driver: BareDriver,
  shapes: readonly TableShape[],
  marks: Marks,
  operationKey?: string,
): Promise<WrittenRows[]> {
  const written: WrittenRows[] = [];
  for (const { name, columns, unique } of shapes) {
    const mark = marks.get(name);
    const [where, value] = mark === undefined ? ['operation_key = ?', operationKey] : ['id > ?', mark];
    if (value === undefined || (mark === undefined && name !== 'operation')) continue;
    const rows = await driver.query(`SELECT * FROM ${name} WHERE ${where} ORDER BY 1`, [value]);
    if (rows.length > 0)
      written.push({
        table: name,
        columns,
        rows,
        unique: unique.filter(varies).map((column) => columns.indexOf(column)),
      });
  }
  return written;
}

/** Places and serial numbers within a document stay: the document itself is another one. */
const varies = (column: string): boolean => !/(_no|seq|position)$/.test(column);

const MOST_VALUES = 2000;

/** Writes the rows as set-wise as the product does; from the second pass on with other ids, numbers and keys. */
export async function writeAgain(driver: BareDriver, written: readonly WrittenRows[], pass: number): Promise<void> {
  for (const { table, columns, rows, unique } of written) {
    const most = Math.max(1, Math.floor(MOST_VALUES / columns.length));
    for (let start = 0; start < rows.length; start += most) {
      const part = rows.slice(start, start + most);
      const values: Value[] = [];
      for (const row of part)
        for (let at = 0; at < row.length; at++) values.push(other(row[at], unique.includes(at), pass));
      await driver.run(insertText(table, columns, part.length), values);
    }
  }
}

function other(value: Value | undefined, isUnique: boolean, pass: number): Value {
  if (value === undefined || value === null || !isUnique || pass === 0) return value ?? null;
  // The ids of one pass stay together and behind those of the passes before, as new rows do.
  return typeof value === 'number' ? value + pass * 10_000_000 : `${value}~${pass}`.slice(-40);
}

const texts = new Map<string, string>();

function insertText(table: string, columns: readonly string[], rows: number): string {
  const key = `${table} ${rows}`;
  let text = texts.get(key);
  if (text === undefined) {
    const tuple = `(${columns.map(() => '?').join(', ')})`;
    text = `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${Array.from({ length: rows }, () => tuple).join(', ')}`;
    texts.set(key, text);
  }
  return text;
}

export const countOf = (written: readonly WrittenRows[]): number =>
  written.reduce((sum, { rows }) => sum + rows.length, 0);
