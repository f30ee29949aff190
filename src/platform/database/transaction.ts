import { stale } from '../../kernel';
import type { Connection } from './connection';
import { type Dialect, snakeCase } from './dialect';
import type { IdSource } from './id-source';
import { insertStatement, rowsPerInsert } from './insert';
import { StatementNotRun } from './packet-connection';
import type { StatementWatch } from './statement-watch';
import { chunked, render, type Sql, sql, type SqlValue } from './sql';
import { changedTable } from './table-writes';
import { type AnyTable, decodeRow, encode, encodeRows, type NewRow, type Row } from './table';

/** Reads. Column names come back in camelCase; numbers as numbers; booleans as 0/1; JSON as text (see decodeRow). */
export interface Reader {
  readonly dialect: Dialect;
  all<R>(query: Sql): Promise<R[]>;
  one<R>(query: Sql): Promise<R | undefined>;
  /** All rows with these values (null: IS NULL), decoded, ordered by the first column. */
  find<T extends AnyTable>(table: T, where: Partial<Row<T>>): Promise<Row<T>[]>;
  /** The row with this id, or undefined. */
  get<T extends AnyTable>(table: T, id: number): Promise<Row<T> | undefined>;
  /** What a `SELECT *` of this table finds, decoded. */
  rows<T extends AnyTable>(table: T, query: Sql): Promise<Row<T>[]>;
}

/** One database transaction. Lock and update parents in ascending id order first, then insert (4-databases.md). */
export interface Transaction extends Reader {
  /**
   * Lives as long as the database is open and is shared by all its transactions: for what hardly ever changes, such as
   * ids by code. A rollback does not undo it and other nodes do not see it, so whoever uses an entry must be able to tell
   * that it is wrong.
   */
  readonly memory: Map<symbol, unknown>;
  /** Names of the tables that it changed so far. */
  readonly written: ReadonlySet<string>;
  /** Returns the number of rows affected. */
  execute(query: Sql): Promise<number>;
  insert<T extends AnyTable>(table: T, rows: readonly NewRow<T>[]): Promise<void>;
  /** As `insert`, of values as the database holds them, in the order of `table.specs`: for restoring. */
  insertValues(table: AnyTable, rows: readonly (readonly SqlValue[])[]): Promise<void>;
  /**
   * Updates one row by id. With `version`, only that version, which is raised by one; a stale one throws
   * DomainError 409 'errors:stale'. Returns whether a row was there.
   */
  update<T extends AnyTable>(table: T, id: number, changes: Partial<Row<T>>, version?: number): Promise<boolean>;
  /**
   * Works of which none needs another's result, in their order. On MySQL and MariaDB the statements that each begins with
   * travel in one packet. Throws what the first of them that failed threw; what came before it stays done.
   */
  together<T extends readonly unknown[]>(works: { [K in keyof T]: () => Promise<T[K]> }): Promise<T>;
  /** Locks rows by primary key in ascending order until the end of the transaction. */
  lock(table: AnyTable, ids: readonly number[]): Promise<void>;
  /** The same, and reads them: those that are there, in ascending order. */
  lockRows<T extends AnyTable>(table: T, ids: readonly number[]): Promise<Row<T>[]>;
  /** The first of `count` new ids that follow each other. */
  takeIds(table: AnyTable, count?: number): number;
  /** Said at the start of long work that will take so many: running out later would begin the whole work again. */
  needIds(table: AnyTable, count: number): void;
}

/** A last statement before the commit, or none. On MySQL and MariaDB both travel in one packet, so it must be asked for at once. */
export type LastWork<T> = (tx: Transaction, value: T) => Promise<void> | undefined;

export interface TransactionRunner {
  transaction<T>(work: (tx: Transaction) => Promise<T>, last?: LastWork<T>): Promise<T>;
}

/** For runners that send each statement by itself. */
export const withLast = <T>(work: (tx: Transaction) => Promise<T>, last?: LastWork<T>): typeof work =>
  last
    ? async (tx) => {
        const value = await work(tx);
        await last(tx, value);
        return value;
      }
    : work;

export class RunnerReader implements Reader {
  constructor(
    readonly dialect: Dialect,
    private readonly reads: Pick<Connection, 'rows'>,
    protected readonly watch?: StatementWatch,
  ) {}

  async all<R>(query: Sql): Promise<R[]> {
    const { text, values } = render(query, this.dialect);
    return (await this.timed(text, values, () => this.reads.rows(text, values))) as R[];
  }
  /** What answers at once is timed at once: behind an await stands the work of others too. */
  protected timed<T>(text: string, values: readonly SqlValue[], run: () => T | Promise<T>): T | Promise<T> {
    const { watch } = this;
    if (!watch) return run();
    const begun = performance.now();
    const result = run();
    if (!(result instanceof Promise)) {
      watch.note(text, values, performance.now() - begun);
      return result;
    }
    return result.then((value) => {
      watch.note(text, values, performance.now() - begun);
      return value;
    });
  }
  async one<R>(query: Sql): Promise<R | undefined> {
    return (await this.all<R>(query))[0];
  }
  async find<T extends AnyTable>(table: T, where: Partial<Row<T>>): Promise<Row<T>[]> {
    const conditions = Object.entries(where).map(([property, value]) => {
      const spec = table.specs.find((candidate) => candidate.property === property);
      if (!spec) throw new RangeError(`${table.name} has no ${property}`);
      const column = sql.identifier(spec.column);
      return value === null ? sql`${column} IS NULL` : sql`${column} = ${encode(spec, value)}`;
    });
    const query = sql`SELECT * FROM ${sql.identifier(table.name)} WHERE ${sql.all(conditions)} ORDER BY 1`;
    return this.rows(table, query);
  }
  async rows<T extends AnyTable>(table: T, query: Sql): Promise<Row<T>[]> {
    return (await this.all<Record<string, unknown>>(query)).map((raw) => decodeRow(table, raw));
  }
  async get<T extends AnyTable>(table: T, id: number): Promise<Row<T> | undefined> {
    const raw = await this.one<Record<string, unknown>>(
      sql`SELECT * FROM ${sql.identifier(table.name)} WHERE id = ${id}`,
    );
    return raw && decodeRow(table, raw);
  }
}

export class RunnerTransaction extends RunnerReader implements Transaction {
  readonly written = new Set<string>();

  constructor(
    dialect: Dialect,
    private readonly connection: Connection,
    private readonly ids: IdSource,
    readonly memory: Map<symbol, unknown>,
    watch?: StatementWatch,
  ) {
    super(dialect, connection, watch);
  }

  async execute(query: Sql): Promise<number> {
    const { text, values } = render(query, this.dialect);
    const table = changedTable(text);
    if (table !== undefined) this.written.add(table);
    return this.timed(text, values, () => this.connection.change(text, values));
  }

  async insert<T extends AnyTable>(table: T, rows: readonly NewRow<T>[]): Promise<void> {
    if (rows.length === 0) return;
    this.written.add(table.name);
    if (this.connection.changeMany) {
      const text = insertStatement(table, 1, this.dialect);
      return this.connection.changeMany(
        text,
        rows.map((row) => encodeRows(table, [row])),
      );
    }
    const insertChunk = async (chunk: readonly NewRow<T>[]): Promise<number> => {
      const text = insertStatement(table, chunk.length, this.dialect);
      const values = encodeRows(table, chunk);
      return this.timed(text, values, () => this.connection.change(text, values));
    };
    const most = rowsPerInsert(table.specs.length);
    if (rows.length <= most) await insertChunk(rows);
    else await this.together(chunked(rows, most).map((chunk) => () => insertChunk(chunk)));
  }

  async insertValues(table: AnyTable, rows: readonly (readonly SqlValue[])[]): Promise<void> {
    if (rows.length === 0) return;
    this.written.add(table.name);
    const { connection, dialect } = this;
    if (connection.changeMany) return connection.changeMany(insertStatement(table, 1, dialect), rows);
    for (const chunk of chunked(rows, rowsPerInsert(table.specs.length)))
      await connection.change(insertStatement(table, chunk.length, dialect), chunk.flat());
  }

  async update<T extends AnyTable>(table: T, id: number, changes: Partial<Row<T>>, version?: number): Promise<boolean> {
    const sets = Object.entries(changes).map(([property, value]) => {
      const spec = table.specs.find((candidate) => candidate.property === property);
      if (!spec) throw new RangeError(`${table.name} has no ${property}`);
      return sql`${sql.identifier(snakeCase(property))} = ${encode(spec, value)}`;
    });
    if (version !== undefined) sets.push(sql`version = version + 1`);
    const guard = version === undefined ? sql.empty : sql` AND version = ${version}`;
    const affected = await this.execute(
      sql`UPDATE ${sql.identifier(table.name)} SET ${sql.join(sets)} WHERE id = ${id}${guard}`,
    );
    if (affected === 0 && version !== undefined) throw stale();
    return affected === 1;
  }

  async together<T extends readonly unknown[]>(works: { [K in keyof T]: () => Promise<T[K]> }): Promise<T> {
    const results: unknown[] = [];
    if (this.dialect !== 'mysql') {
      for (const work of works) results.push(await work());
      return results as unknown as T;
    }
    const settled = await Promise.allSettled(works.map(async (work) => work()));
    const failures: unknown[] = [];
    for (const one of settled)
      if (one.status === 'fulfilled') results.push(one.value);
      else failures.push(one.reason);
    if (failures.length > 0) throw failures.find((failure) => !(failure instanceof StatementNotRun)) ?? failures[0];
    return results as unknown as T;
  }

  async lock(table: AnyTable, ids: readonly number[]): Promise<void> {
    if (this.dialect === 'sqlite' || ids.length === 0) return;
    for (const chunk of chunked(ascending(ids))) await this.all(locking(sql`id`, table, chunk));
  }

  async lockRows<T extends AnyTable>(table: T, ids: readonly number[]): Promise<Row<T>[]> {
    const rows: Row<T>[] = [];
    for (const chunk of chunked(ascending(ids)))
      for (const raw of await this.all<Record<string, unknown>>(locking(sql`*`, table, chunk)))
        rows.push(decodeRow(table, raw));
    return rows;
  }

  takeIds(table: AnyTable, count = 1): number {
    return this.ids.take(table.name, count);
  }

  needIds(table: AnyTable, count: number): void {
    this.ids.need(table.name, count);
  }
}

const ascending = (ids: readonly number[]): number[] => [...new Set(ids)].sort((a, b) => a - b);

const locking = (columns: Sql, table: AnyTable, ids: readonly number[]): Sql =>
  sql`SELECT ${columns} FROM ${sql.identifier(table.name)}${lockHint} WHERE id IN (${sql.list(ids)}) ORDER BY id${lockSuffix}`;

const lockHint: Sql = sql.perDialect((dialect) => (dialect === 'mssql' ? ' WITH (UPDLOCK, ROWLOCK)' : ''));
const lockSuffix: Sql = sql.perDialect((dialect) => (dialect === 'mysql' || dialect === 'oracle' ? ' FOR UPDATE' : ''));
