import type { KeyRing } from '../crypto';
import { type AnyTable, chunked, sql } from '../database';
import type { Unit } from '../unit-of-work';

/**
 * Keyed hashes of the parts of an encrypted text, a row each, so that it is found by a part of it. A table with `id`, `token`
 * and a column with the id of the row they belong to; `id` is made of the latter, so that it needs no index of its own.
 */
export interface SearchTokens {
  table: AnyTable;
  /** Property with the id of the row that has the encrypted text. */
  owner: string;
  /** Property of that row: with which key of hashes its tokens were made; null: it has none. */
  marker: string;
  of: (keys: KeyRing, text: string) => number[];
}

/** Ids that belong to one row; a text has no more parts than that. */
export const TOKENS_PER_ROW = 256;

/** 48 bits of a keyed hash: of a million different parts two share one in one of 500 installations, which finds one name too many. */
export const tokenOf = (hash: string): number => Buffer.from(hash, 'base64url').readUIntBE(0, 6);

/** Writes the tokens of these rows. `before`: those of them that may have some. */
export async function writeTokens(
  unit: Unit,
  { table, owner }: SearchTokens,
  rows: readonly { id: number; tokens: readonly number[] }[],
  before: readonly number[],
): Promise<void> {
  for (const part of chunked(before)) {
    const ranges = part.map((id) => sql`(id >= ${id * TOKENS_PER_ROW} AND id < ${(id + 1) * TOKENS_PER_ROW})`);
    await unit.execute(sql`DELETE FROM ${sql.identifier(table.name)} WHERE ${sql.join(ranges, ' OR ')}`);
  }
  const fresh = rows.flatMap(({ id, tokens }) =>
    tokens.slice(0, TOKENS_PER_ROW).map((token, at) => ({ id: id * TOKENS_PER_ROW + at, token, [owner]: id })),
  );
  if (fresh.length > 0) await unit.insert(table, fresh);
}
