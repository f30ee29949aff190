import { type KeyRing, maskPhone } from '../../../platform/crypto';
import { type Sql, sql } from '../../../platform/database';
import type { CustomerRow } from './customer.table';

export const PHONE_PURPOSE = 'crm.customer.phone';

type PhoneHashes = Pick<CustomerRow, 'phoneHash' | 'phoneHashAlt'>;
export type SealedPhone = PhoneHashes & Pick<CustomerRow, 'phoneCipher' | 'phoneMasked'>;

/** How a number (normalised) is kept: encrypted, findable as a whole, and masked for people. */
export function sealPhone(keys: KeyRing, phone: string | null): SealedPhone {
  if (phone === null) return { phoneCipher: null, phoneHash: null, phoneHashAlt: null, phoneMasked: null };
  // Encrypted first: a key that comes between the two is then in the hash at most, and the run of the change sees the rest.
  const phoneCipher = keys.encrypt(phone, PHONE_PURPOSE);
  return { phoneCipher, ...hashPhone(keys, phone), phoneMasked: maskPhone(phone) };
}

/** Keys take turns: k1, k3, … write to the one column, k2, k4, … to the other. Both are unique. */
const columnOf = (keyId: string): keyof PhoneHashes =>
  Number(/\d+$/.exec(keyId)?.[0] ?? 1) % 2 === 1 ? 'phoneHash' : 'phoneHashAlt';

const PHYSICAL = { phoneHash: 'phone_hash', phoneHashAlt: 'phone_hash_alt' } as const;

/**
 * While the key is changed, under the new key and under the one before: whoever does not know the new key yet, and rows that
 * have not been reached, meet those that do in one of the two columns, so that a number is never given twice.
 */
export function hashPhone(keys: KeyRing, phone: string): PhoneHashes {
  const hashes = keys.searchHashes(phone, PHONE_PURPOSE);
  const at = hashes.findIndex(({ keyId }) => keyId === keys.searchId);
  const [current, other] = [hashes[at], hashes[at - 1] ?? hashes[at + 1]];
  const found: PhoneHashes = { phoneHash: null, phoneHashAlt: null };
  for (const one of [other, current]) if (one) found[columnOf(one.keyId)] = one.hash;
  return found;
}

/** Has this number, under any key of the file. `alias`: of the table. */
export const phoneIs = (keys: KeyRing, alias: string, phone: string): Sql => phoneIsOneOf(keys, alias, [phone]);

/** What a number is found by, in whichever of the two columns. */
export const hashesOf = (keys: KeyRing, phone: string): string[] =>
  keys.searchHashes(phone, PHONE_PURPOSE).map(({ hash }) => hash);

/** Has one of these numbers; as many as a statement takes values, over the number of keys. */
export function phoneIsOneOf(keys: KeyRing, alias: string, phones: readonly string[]): Sql {
  const hashes = phones.flatMap((phone) => keys.searchHashes(phone, PHONE_PURPOSE));
  const conditions = (['phoneHash', 'phoneHashAlt'] as const).flatMap((property) => {
    const own = hashes.filter(({ keyId }) => columnOf(keyId) === property).map(({ hash }) => hash);
    return own.length === 0 ? [] : [sql`${sql.identifier(`${alias}.${PHYSICAL[property]}`)} IN (${sql.list(own)})`];
  });
  return sql`(${sql.join(conditions, ' OR ')})`;
}

/** The column that no key of the file writes to any more: hashes of a retired key must not stay. */
export function staleHashes(keys: KeyRing): string[] {
  const used = new Set(keys.searchHashes('', PHONE_PURPOSE).map(({ keyId }) => columnOf(keyId)));
  return Object.keys(PHYSICAL).filter((property) => !used.has(property as keyof PhoneHashes));
}

export const openPhone = (keys: KeyRing, cipher: string | null): string | null =>
  cipher === null ? null : keys.decrypt(cipher, PHONE_PURPOSE);
