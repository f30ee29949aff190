import type { KeyRing } from '../../../platform/crypto';
import { type Reader, type Sql, sql } from '../../../platform/database';
import { type SearchTokens, tokenOf } from '../../../platform/sealing';
import { nameParts, nameQuery } from '../../../platform/text-search';
import { isRunning, lastRun } from '../../../platform/upkeep';
import { customerNameToken } from './customer-name-token.table';
import type { CustomerRow } from './customer.table';

export const NAME_PURPOSE = 'crm.customer.name';
const PART = 'crm.customer.name.part';

/** Beside the encrypted name: what finds it by its beginning, by that of each character or word, by initials and pinyin. */
export const nameTokens: SearchTokens = {
  table: customerNameToken,
  owner: 'customerId',
  marker: 'nameIndex',
  of: (keys, name) => [...new Set(nameParts(name).map((part) => tokenOf(keys.searchHash(part, PART))))],
};

export type SealedName = Pick<CustomerRow, 'name' | 'nameCipher' | 'nameIndex' | 'searchKey'>;

/** A name as it is stored; its tokens are rows of their own (see writeTokens). */
export const sealName = (keys: KeyRing, name: string | null): SealedName => ({
  name: null,
  nameCipher: name === null ? null : keys.encrypt(name, NAME_PURPOSE),
  nameIndex: name === null ? null : keys.searchId,
  searchKey: null,
});

/** The row with the name as people read it. */
export const openName = <R extends { name: string | null; nameCipher: string | null }>(
  keys: KeyRing,
  { nameCipher, ...row }: R,
): Omit<R, 'nameCipher'> => ({
  ...row,
  name: nameCipher === null ? row.name : keys.decrypt(nameCipher, NAME_PURPOSE),
});

/**
 * Customers, by their columns of `alias`, that a query finds: by parts of the name, by the beginning of their number or by its
 * digits. Null: the query has no word in it. While an earlier version's names are still being encrypted, those are searched too.
 */
export async function namedLike(read: Reader, keys: KeyRing, alias: string, query: string): Promise<Sql | null> {
  const column = (name: string): Sql => sql.identifier(`${alias}.${name}`);
  const runs = nameQuery(query);
  if (runs.length === 0) return null;
  const run = await lastRun(read, 'reseal');
  const sealing = run !== undefined && isRunning(run, Date.now());
  return sql.all(
    runs.map((part) => {
      // Under each key of the file: while it is changed, some have the old one's and some the new one's.
      const tokens = keys.searchHashes(part, PART).map(({ hash }) => tokenOf(hash));
      const code = /^(?:kh)?\d{1,12}$/.test(part) ? codeLike(part) : null;
      const byName = sql`SELECT t.customer_id FROM customer_name_token t WHERE t.token IN (${sql.list(tokens)})`;
      // Digits are followed by ':' in every order of bytes: a range, which an index answers. One set for both, because MariaDB
      // reads every customer for two conditions joined by OR.
      const byCode =
        code === null
          ? null
          : sql`SELECT k.id AS customer_id FROM customer k WHERE k.code >= ${code} AND k.code < ${`${code}:`}`;
      const ids = byCode === null ? byName : sql`SELECT f.customer_id FROM (${byName} UNION ALL ${byCode}) f`;
      const found = [sql`${column('id')} IN (${ids})`, ...(sealing ? [sql.contains(`${alias}.search_key`, part)] : [])];
      return sql`(${sql.join(found, ' OR ')})`;
    }),
  );
}

/** kh0000 → KH0000, 123 → KH00000123 */
const codeLike = (part: string): string => (part.startsWith('k') ? part.toUpperCase() : `KH${part.padStart(8, '0')}`);
