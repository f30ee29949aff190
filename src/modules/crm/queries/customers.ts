import { normalisePhone, notFound } from '../../../kernel';
import type { KeyRing } from '../../../platform/crypto';
import { chunked, type Reader, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import { namedLike, openName } from '../store/customer-name';
import { phoneIs } from '../store/customer-phone';
import { openDetails } from '../store/customer-secrets';
import { customer, type CustomerRow } from '../store/customer.table';

export type { CustomerRow };

/** What other modules show of a customer. */
export interface CustomerCard {
  id: number;
  /** KH00000123 */
  code: string;
  name: string | null;
  /** 138****5678 */
  phoneMasked: string | null;
  /** Member level; null: none. */
  levelId: number | null;
}

type StoredCard = CustomerCard & { nameCipher: string | null };

const CARD = ['id', 'code', 'name', 'name_cipher', 'phone_masked', 'level_id'] as const;
const cardColumns = sql.join(CARD.map((column) => sql.identifier(`c.${column}`)));

/** The member level of a customer, null for none; undefined when there is no such customer. */
export async function levelOfCustomer(read: Reader, id: number): Promise<number | null | undefined> {
  const row = await read.one<{ levelId: number | null }>(sql`SELECT level_id FROM customer WHERE id = ${id}`);
  return row && row.levelId;
}

export async function customersByIds(
  read: Reader,
  keys: KeyRing,
  ids: readonly number[],
): Promise<Map<number, CustomerCard>> {
  const found = new Map<number, CustomerCard>();
  for (const chunk of chunked([...new Set(ids)])) {
    const rows = await read.all<StoredCard>(
      sql`SELECT ${cardColumns} FROM customer c WHERE c.id IN (${sql.list(chunk)})`,
    );
    for (const row of rows) found.set(row.id, openName(keys, row));
  }
  return found;
}

/** The customer with this number, however it is typed; undefined when there is none or the text is no phone number. */
export async function findCustomerByPhone(
  read: Reader,
  keys: KeyRing,
  phone: string,
): Promise<CustomerCard | undefined> {
  const number = normalisePhone(phone);
  if (!number) return undefined;
  const row = await read.one<StoredCard>(
    sql`SELECT ${cardColumns} FROM customer c WHERE ${phoneIs(keys, 'c', number)} AND c.active = ${1}`,
  );
  return row && openName(keys, row);
}

/** Customers by phone number (the whole of it), or by parts of the name, its pinyin or the customer's number. */
export async function searchCustomers(read: Reader, keys: KeyRing, text: string, limit = 20): Promise<CustomerCard[]> {
  const byPhone = await findCustomerByPhone(read, keys, text);
  if (byPhone) return [byPhone];
  const named = await namedLike(read, keys, 'c', text);
  if (named === null) return [];
  const rows = await read.all<StoredCard>(
    sql`SELECT ${cardColumns} FROM customer c WHERE c.active = ${1} AND ${named}
      ORDER BY c.updated_at DESC, c.id DESC ${sql.limit(Math.min(Math.max(1, limit), 50))}`,
  );
  return rows.map((row) => openName(keys, row));
}

/** `phone` only when somebody asked to see the whole number; else the masked one is shown. */
export type CustomerView = CustomerRow & { phone: string | null };

/** The number is masked: see revealPhone. Throws 404 when there is no such customer. */
export async function getCustomer(read: Reader, actor: Actor, keys: KeyRing, id: number): Promise<CustomerRow> {
  authorise(actor, 'crm.customer.view');
  const row = await read.get(customer, id);
  if (!row) throw notFound('crm.customer', id);
  return openDetails(keys, row);
}
