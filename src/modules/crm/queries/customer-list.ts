import { normalisePhone } from '../../../kernel';
import type { KeyRing } from '../../../platform/crypto';
import { type Reader, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, authorise } from '../../../platform/permissions';
import type { Gender } from '../domain/customer';
import { namedLike, openName } from '../store/customer-name';
import { phoneIs } from '../store/customer-phone';

export const customerListSpec: ListSpec = {
  path: '/crm/customers',
  id: 'c.id',
  filters: ['q', 'store', 'consent', 'level'],
  sorts: {
    updated: { expression: 'c.updated_at', type: 'number', direction: 'descending' },
    code: { expression: 'c.code', type: 'text', direction: 'ascending' },
  },
};

export interface CustomerListRow {
  id: number;
  sortValue: string | number;
  code: string;
  name: string | null;
  phoneMasked: string | null;
  gender: Gender | null;
  storeName: string | null;
  levelId: number | null;
  consentAt: number | null;
  createdAt: number;
  updatedAt: number;
}

/** Customers belong to the whole company: a shop finds who bought at another one. */
export async function customerList(
  read: Reader,
  actor: Actor,
  keys: KeyRing,
  query: ListQuery,
): Promise<CustomerListRow[]> {
  authorise(actor, 'crm.customer.view');
  const { where, orderBy, limit } = keyset(query);
  const { q = '', store, consent, level } = query.filters;
  const phone = normalisePhone(q);
  const sortColumn = query.sort === 'code' ? sql`c.code` : sql`c.updated_at`;
  const conditions = [
    sql`c.active = ${1}`,
    where,
    store ? sql`c.store_id = ${Number(store) || 0}` : undefined,
    level === 'none' ? sql`c.level_id IS NULL` : level ? sql`c.level_id = ${Number(level) || 0}` : undefined,
    consent === 'yes' ? sql`c.consent_at IS NOT NULL` : consent === 'no' ? sql`c.consent_at IS NULL` : undefined,
    ...(phone ? [phoneIs(keys, 'c', phone)] : [(await namedLike(read, keys, 'c', q)) ?? undefined]),
  ];
  const rows = await read.all<CustomerListRow & { nameCipher: string | null }>(
    sql`SELECT c.id, ${sortColumn} AS sort_value, c.code, c.name, c.name_cipher, c.phone_masked, c.gender, s.name AS store_name,
        c.level_id, c.consent_at, c.created_at, c.updated_at
      FROM customer c LEFT JOIN store s ON s.id = c.store_id
      WHERE ${sql.all(conditions)} ${orderBy} ${limit}`,
  );
  return rows.map((row) => openName(keys, row));
}
