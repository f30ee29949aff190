import { notFound } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import type { KeyRing } from '../../../platform/crypto';
import { type Actor, can, inScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import { staff, type StaffRow } from '../store/organization.table';
import { openStaffPhone } from '../store/staff-phone';

export const staffListSpec: ListSpec = {
  path: '/organization/staff',
  id: 'p.id',
  filters: ['q', 'store', 'department', 'active'],
  sorts: {
    code: { expression: 'p.code', type: 'text', direction: 'ascending' },
    name: { expression: 'p.name', type: 'text', direction: 'ascending' },
  },
};

export interface StaffListRow {
  id: number;
  sortValue: string;
  code: string;
  name: string;
  storeName: string | null;
  departmentName: string | null;
  jobTitle: string | null;
  phone: string | null;
  active: number;
}

export async function staffList(read: Reader, actor: Actor, keys: KeyRing, query: ListQuery): Promise<StaffListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const { q, store, department, active } = query.filters;
  const sortColumn = query.sort === 'name' ? sql`p.name` : sql`p.code`;
  const conditions = [
    inScope('p.store_id', actor.scope('organization.staff.view')),
    where,
    store && sql`p.store_id = ${Number(store) || 0}`,
    department && sql`p.department_id = ${Number(department) || 0}`,
    active === 'all' ? undefined : sql`p.active = ${active !== 'no'}`,
    ...searchTerms(q ?? '').map(
      (term) => sql`(${sql.contains('p.search_key', term)} OR ${sql.startsWith('p.code', term.toUpperCase())})`,
    ),
  ];
  const rows = await read.all<StaffListRow & { phoneCipher: string | null }>(
    sql`SELECT p.id, ${sortColumn} AS sort_value, p.code, p.name, s.name AS store_name, d.name AS department_name,
        p.job_title, p.phone, p.phone_cipher, p.active
      FROM staff p LEFT JOIN store s ON s.id = p.store_id LEFT JOIN department d ON d.id = p.department_id
      WHERE ${sql.all(conditions.map((condition) => condition || undefined))} ${orderBy} ${limit}`,
  );
  return rows.map(({ phoneCipher, ...row }) => ({
    ...row,
    phone: openStaffPhone(keys, { phone: row.phone, phoneCipher }),
  }));
}

/** Throws 404 when there is no such person or the reader may not see them. */
export async function getStaff(read: Reader, actor: Actor, keys: KeyRing, id: number): Promise<StaffRow> {
  const found = await read.get(staff, id);
  const scope = actor.scope('organization.staff.view');
  const visible =
    found && (scope === 'all' || (found.storeId !== null && can(actor, 'organization.staff.view', found.storeId)));
  if (!visible) throw notFound('organization.staff', id);
  return { ...found, phone: openStaffPhone(keys, found) };
}
