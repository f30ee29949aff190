import { keyIdOf, type KeyRing, sealedBy } from '../crypto';
import { encodeColumn, type Reader, type Sql, sql, type SqlValue } from '../database';
import { systemActor } from '../permissions';
import type { Unit, UnitOfWork } from '../unit-of-work';
import type { SealedColumn } from './sealed-column';
import { writeTokens } from './search-tokens';

/** Rows of one short transaction: people who write the same rows wait for it. */
const BATCH = 100;

export interface ResealResult {
  /** Values that were encrypted anew. */
  done: number;
  /** Values whose key is not in the key file, or that are damaged: they stay as they are. */
  unreadable: number;
}

export interface ResealOptions {
  /** The ring whose `current` key is to encrypt everything. */
  keys: KeyRing;
  /** Id of that key. */
  keyId: string;
  /** Called after each batch; throw to stop: what is done stays done, and the next call goes on from there. */
  onProgress?: (done: number) => Promise<void> | void;
}

const name = (column: SealedColumn, property: string): Sql =>
  sql.identifier(encodeColumn(column.table, property, null).column);

/** What is not encrypted with this key yet: other keys, and plain text of an earlier version. */
function unsealed(column: SealedColumn, keyId: string): Sql {
  const cipher = name(column, column.cipher);
  const other = sql`(${cipher} IS NOT NULL AND NOT ${cipher} LIKE ${`${sealedBy(keyId)}%`})`;
  return column.plain === undefined ? other : sql`(${other} OR ${name(column, column.plain)} IS NOT NULL)`;
}

/** Encrypted, but not findable by its parts. */
function unindexed(column: SealedColumn, searchId: string): Sql | undefined {
  if (column.tokens === undefined) return undefined;
  const marker = name(column, column.tokens.marker);
  return sql`(${name(column, column.cipher)} IS NOT NULL AND (${marker} IS NULL OR ${marker} <> ${searchId}))`;
}

function waiting(column: SealedColumn, { keyId, keys }: Pick<ResealOptions, 'keyId' | 'keys'>): Sql {
  const index = unindexed(column, keys.searchId);
  return index ? sql`(${unsealed(column, keyId)} OR ${index})` : unsealed(column, keyId);
}

async function countRows(
  read: Reader,
  columns: readonly SealedColumn[],
  where: (column: SealedColumn) => Sql | undefined,
): Promise<number> {
  let count = 0;
  for (const column of columns) {
    const condition = where(column);
    if (!condition) continue;
    const row = await read.one<{ waiting: number }>(
      sql`SELECT COUNT(*) AS waiting FROM ${sql.identifier(column.table.name)} WHERE ${condition}`,
    );
    count += Number(row?.waiting ?? 0);
  }
  return count;
}

/** How many values are still to be encrypted with this key. */
export const countWaiting = (read: Reader, columns: readonly SealedColumn[], keyId: string): Promise<number> =>
  countRows(read, columns, (column) => unsealed(column, keyId));

/** How many values `reseal` would write. */
export const countToReseal = (
  read: Reader,
  columns: readonly SealedColumn[],
  options: Pick<ResealOptions, 'keyId' | 'keys'>,
): Promise<number> => countRows(read, columns, (column) => waiting(column, options));

/** How many encrypted values are not findable by their parts yet, or by those of another key of hashes. */
export const countUnindexed = (read: Reader, columns: readonly SealedColumn[], searchId: string): Promise<number> =>
  countRows(read, columns, (column) => unindexed(column, searchId));

/** How many values each key encrypts, by the id of the key. `plain`: not encrypted at all. */
export async function keyUse(
  read: Reader,
  columns: readonly SealedColumn[],
  keyIds: readonly string[],
): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  const add = async (id: string, column: SealedColumn, where: Sql): Promise<void> => {
    const row = await read.one<{ used: number }>(
      sql`SELECT COUNT(*) AS used FROM ${sql.identifier(column.table.name)} WHERE ${where}`,
    );
    found.set(id, (found.get(id) ?? 0) + Number(row?.used ?? 0));
  };
  for (const column of columns) {
    const cipher = name(column, column.cipher);
    for (const id of keyIds) await add(id, column, sql`${cipher} LIKE ${`${sealedBy(id)}%`}`);
    if (column.plain !== undefined) await add('plain', column, sql`${name(column, column.plain)} IS NOT NULL`);
  }
  return found;
}

/**
 * Brings every value of these columns under the current key, in short transactions while people work. Nothing is noted of how
 * far it is: the values say so themselves, so that an interrupted call is simply made again. Rows that come while it goes on
 * are left out, or a busy server that does not know the key yet would keep it from ever ending: the next call finds them.
 */
export async function reseal(
  uow: UnitOfWork,
  columns: readonly SealedColumn[],
  options: ResealOptions,
): Promise<ResealResult> {
  const total: ResealResult = { done: 0, unreadable: 0 };
  for (const column of columns) {
    const newest = await newestId(uow.database.read, column);
    for (let last = 0; ;) {
      const ids = await nextIds(uow.database.read, column, options, { after: last, to: newest });
      if (ids.length === 0) break;
      last = ids.at(-1) ?? last;
      const batch = await uow.run(systemActor('keys'), (unit) => resealBatch(unit, column, ids, options));
      total.done += batch.done;
      total.unreadable += batch.unreadable;
      await options.onProgress?.(total.done);
    }
  }
  return total;
}

async function newestId(read: Reader, column: SealedColumn): Promise<number> {
  const row = await read.one<{ newest: number | null }>(
    sql`SELECT MAX(id) AS newest FROM ${sql.identifier(column.table.name)}`,
  );
  return Number(row?.newest ?? 0);
}

async function nextIds(
  read: Reader,
  column: SealedColumn,
  options: ResealOptions,
  { after, to }: { after: number; to: number },
): Promise<number[]> {
  const rows = await read.all<{ id: number }>(
    sql`SELECT id FROM ${sql.identifier(column.table.name)}
        WHERE id > ${after} AND id <= ${to} AND ${waiting(column, options)} ORDER BY id ${sql.limit(BATCH)}`,
  );
  return rows.map(({ id }) => Number(id));
}

async function resealBatch(
  unit: Unit,
  column: SealedColumn,
  ids: readonly number[],
  { keys, keyId }: ResealOptions,
): Promise<ResealResult> {
  await unit.lock(column.table, ids);
  const { tokens, reads = [] } = column;
  const extra = [...reads, ...(tokens ? [tokens.marker] : [])].map((property) => sql`, ${name(column, property)}`);
  const plain = column.plain === undefined ? sql`NULL` : name(column, column.plain);
  const rows = await unit.all<{ id: number; sealedText: string | null; plainText: string | null } & Others>(
    sql`SELECT id, ${name(column, column.cipher)} AS sealed_text, ${plain} AS plain_text${sql.join(extra, '')}
        FROM ${sql.identifier(column.table.name)} WHERE id IN (${sql.list([...ids])}) ORDER BY id`,
  );
  const values = new Map<string, Map<number, SqlValue>>();
  const result: ResealResult = { done: 0, unreadable: 0 };
  const changed: number[] = [];
  const indexed: { id: number; tokens: number[]; had: boolean }[] = [];
  for (const { id: readId, sealedText, plainText, ...others } of rows) {
    const id = Number(readId);
    const marker = tokens && others[tokens.marker];
    const isIndexed = tokens === undefined || marker === keys.searchId;
    // Somebody may have written it in the meantime.
    if (plainText === null && (sealedText === null || (keyIdOf(sealedText) === keyId && isIndexed))) continue;
    const text = plainText ?? opened(keys, sealedText, column.purpose);
    if (text === undefined) {
      result.unreadable += 1;
      continue;
    }
    const fresh = {
      [column.cipher]: keys.encrypt(text, column.purpose),
      ...column.derive?.(keys, text, others),
      ...(tokens ? { [tokens.marker]: keys.searchId } : {}),
    };
    for (const [property, value] of Object.entries(fresh)) {
      const { column: physical, bound } = encodeColumn(column.table, property, value);
      values.set(physical, (values.get(physical) ?? new Map<number, SqlValue>()).set(id, bound));
    }
    changed.push(id);
    if (tokens && (plainText !== null || !isIndexed))
      indexed.push({ id, tokens: tokens.of(keys, text), had: marker !== null });
  }
  if (changed.length > 0) await write(unit, column, changed, values);
  if (tokens && indexed.length > 0) {
    const before = indexed.filter(({ had }) => had).map(({ id }) => id);
    await writeTokens(unit, tokens, indexed, before);
  }
  result.done = changed.length;
  return result;
}

type Others = Record<string, unknown>;

/** Empties what was derived with keys that are gone. */
export async function clearStale(uow: UnitOfWork, columns: readonly SealedColumn[], keys: KeyRing): Promise<void> {
  for (const column of columns)
    for (const property of column.stale?.(keys) ?? []) {
      const [table, stale] = [sql.identifier(column.table.name), name(column, property)];
      for (let left = BATCH; left === BATCH;) {
        const rows = await uow.database.read.all<{ id: number }>(
          sql`SELECT id FROM ${table} WHERE ${stale} IS NOT NULL ORDER BY id ${sql.limit(BATCH)}`,
        );
        const ids = rows.map(({ id }) => Number(id));
        left = ids.length;
        if (left > 0)
          await uow.run(systemActor('keys'), (unit) =>
            unit.execute(sql`UPDATE ${table} SET ${stale} = NULL WHERE id IN (${sql.list(ids)})`),
          );
      }
    }
}

function opened(keys: KeyRing, sealed: string | null, purpose: string): string | undefined {
  try {
    return sealed === null ? undefined : keys.decrypt(sealed, purpose);
  } catch {
    return undefined;
  }
}

/** One statement for the batch. The version of the rows stays: a form that somebody has open is no staler than before. */
async function write(
  unit: Unit,
  column: SealedColumn,
  ids: readonly number[],
  values: ReadonlyMap<string, ReadonlyMap<number, SqlValue>>,
): Promise<void> {
  const assignments = [...values].map(([physical, byId]) => {
    const cases = [...byId].map(([id, value]) => sql`WHEN ${id} THEN ${value}`);
    return sql`${sql.identifier(physical)} = CASE id ${sql.join(cases, ' ')} END`;
  });
  for (const property of [...(column.plain === undefined ? [] : [column.plain]), ...(column.empties ?? [])])
    assignments.push(sql`${name(column, property)} = NULL`);
  await unit.execute(
    sql`UPDATE ${sql.identifier(column.table.name)} SET ${sql.join(assignments)} WHERE id IN (${sql.list([...ids])})`,
  );
}
