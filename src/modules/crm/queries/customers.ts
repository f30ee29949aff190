import { normalisePhone, notFound } from '../../../kernel';
import type { KeyRing } from '../../../platform/crypto';
import { chunked, type Reader, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import { hashPhone } from '../store/customer-phone';
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
}

export async function customersByIds(read: Reader, ids: readonly number[]): Promise<Map<number, CustomerCard>> {
  const found = new Map<number, CustomerCard>();
  for (const chunk of chunked([...new Set(ids)])) {
    const rows = await read.all<CustomerCard>(
      sql`SELECT id, code, name, phone_masked FROM customer WHERE id IN (${sql.list(chunk)})`,
    );
    for (const row of rows) found.set(row.id, row);
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
  return read.one<CustomerCard>(
    sql`SELECT id, code, name, phone_masked FROM customer WHERE phone_hash = ${hashPhone(keys, number)} AND active = ${1}`,
  );
}

/** Customers by phone number (the whole of it), or by words of the name, its pinyin initials or the customer's number. */
export async function searchCustomers(read: Reader, keys: KeyRing, text: string, limit = 20): Promise<CustomerCard[]> {
  const byPhone = await findCustomerByPhone(read, keys, text);
  if (byPhone) return [byPhone];
  const terms = searchTerms(text);
  if (terms.length === 0) return [];
  return read.all<CustomerCard>(
    sql`SELECT id, code, name, phone_masked FROM customer
      WHERE active = ${1} AND ${sql.all(terms.map((term) => sql.contains('search_key', term)))}
      ORDER BY updated_at DESC, id DESC ${sql.limit(Math.min(Math.max(1, limit), 50))}`,
  );
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
