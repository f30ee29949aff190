import { type AnyTable, type BulkLoad, camelCase, type ColumnKind, keyOf, type SqlValue } from '../database';
import type { BackupHead } from './manifest';

const KINDS: ReadonlySet<string> = new Set<ColumnKind>([
  'id',
  'money',
  'quantity',
  'int',
  'code',
  'text',
  'longText',
  'bool',
  'instant',
  'date',
  'json',
  'bytes',
]);

/**
 * The tables as they were when the backup was written, in its order: an older backup is loaded into the schema of its own time.
 * References are those of today's definitions.
 */
export function tablesOf(head: BackupHead, known: readonly AnyTable[]): AnyTable[] {
  return head.tables.map(({ name, key, columns }) => {
    const today = known.find((table) => table.name === name);
    const specs = columns.map(({ name: column, kind }) => {
      if (!KINDS.has(kind)) throw new RangeError(`${name}.${column} is of an unknown kind: ${kind}`);
      const references = today?.specs.find((spec) => spec.column === column)?.references;
      return {
        property: camelCase(column),
        column,
        kind: kind as ColumnKind,
        nullable: true,
        primary: column === key,
        ...(references === undefined ? {} : { references }),
      };
    });
    return { name, columns: {}, specs, indexes: [], checks: [] } satisfies AnyTable;
  });
}

/** Writes the rows of a backup as they come. Nothing is checked here: the caller compares the figures afterwards. */
export class RowRestorer {
  private table: AnyTable | undefined;
  /** Rows that refer to a later row of their own table, by key. */
  private held = new Map<SqlValue, SqlValue[]>();

  constructor(
    private readonly load: BulkLoad,
    private readonly tables: readonly AnyTable[],
  ) {}

  /** What the migrations have put in goes, in the order that references allow. */
  async begin(): Promise<void> {
    for (const table of [...this.tables].reverse()) await this.load.empty(table);
  }

  async take(name: string, text: Buffer): Promise<void> {
    if (this.table?.name !== name) {
      await this.finishTable();
      this.table = this.tables.find((table) => table.name === name);
      if (!this.table) throw new RangeError(`the backup holds rows of a table that it does not describe: ${name}`);
    }
    const { load } = this;
    if ('insertLines' in load) return load.insertLines(this.table, text);
    for (const piece of piecesOf(text)) {
      const rows = parseLines(piece);
      decodeBytes(this.table, rows);
      await load.insert(this.table, load.checksReferences ? this.inOrder(this.table, rows) : rows);
    }
  }

  async end(): Promise<void> {
    await this.finishTable();
  }

  /** Holds back what refers to a row that is not there yet. */
  private inOrder(table: AnyTable, rows: SqlValue[][]): SqlValue[][] {
    const own = table.specs.flatMap(({ references }, at) => (references === table.name ? [at] : []));
    if (own.length === 0) return rows;
    const key = table.specs.indexOf(keyOf(table));
    return rows.filter((row) => {
      const id = row[key] as number;
      const early = own.some((at) => {
        const other = row[at] as number | null;
        return other !== null && (other > id || this.held.has(other));
      });
      if (early) this.held.set(id, row);
      return !early;
    });
  }

  private async finishTable(): Promise<void> {
    const { table } = this;
    if (!table) return;
    const { load } = this;
    if ('insertLines' in load) return;
    const own = table.specs.flatMap(({ references }, at) => (references === table.name ? [at] : []));
    while (this.held.size > 0) {
      const ready = [...this.held].filter(
        ([, row]) => !own.some((at) => row[at] !== null && this.held.has(row[at] ?? null)),
      );
      if (ready.length === 0) throw new RangeError(`rows of ${table.name} refer to each other in a circle`);
      await load.insert(
        table,
        ready.map(([, row]) => row),
      );
      for (const [id] of ready) this.held.delete(id);
    }
    this.table = undefined;
  }
}

/** Bytes of text that are made into values at a time, about: the values of a whole part would live long enough to pile up. */
const PIECE_BYTES = 128 * 1024;

/** Whole lines. */
function* piecesOf(text: Buffer): Generator<Buffer> {
  for (let start = 0; start < text.length;) {
    const feed = text.indexOf(10, Math.min(start + PIECE_BYTES, text.length) - 1);
    yield text.subarray(start, feed + 1);
    start = feed + 1;
  }
}

/** A line feed stands between rows only: inside text JSON writes it as \n. */
function parseLines(text: Buffer): SqlValue[][] {
  return JSON.parse(`[${text.toString('utf8', 0, text.length - 1).replaceAll('\n', ',')}]`) as SqlValue[][];
}

function decodeBytes(table: AnyTable, rows: SqlValue[][]): void {
  for (const [at, { kind }] of table.specs.entries())
    if (kind === 'bytes')
      for (const row of rows) {
        const value = row[at];
        if (typeof value === 'string') row[at] = Buffer.from(value, 'base64');
      }
}
