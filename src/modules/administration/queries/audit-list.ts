import { isBusinessDate, startOfDay, addDays } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, authorise, inScope } from '../../../platform/permissions';

export const AUDIT_VIEW = 'administration.audit.view';

export const auditListSpec: ListSpec = {
  path: '/administration/audit',
  sorts: { at: { expression: 'a.at', type: 'number', direction: 'descending' } },
  filters: ['q', 'action', 'from', 'to', 'subject', 'subjectId', 'store'],
  id: 'a.id',
};

export interface AuditRow {
  id: number;
  sortValue: number;
  at: number;
  /** Null: the program itself. */
  actorId: number | null;
  actorName: string;
  address: string | null;
  action: string;
  subjectType: string | null;
  subjectId: number | null;
  /** Of an account, its name today. */
  subjectName: string | null;
  storeId: number | null;
  /** JSON text. */
  detail: string | null;
  sealed: boolean;
}

/** Entries of the company as a whole are shown to those who see all stores. */
export async function auditList(read: Reader, actor: Actor, query: ListQuery, timeZone: string): Promise<AuditRow[]> {
  authorise(actor, AUDIT_VIEW);
  const { q, action, from, to, subject, subjectId, store } = query.filters;
  const { where, orderBy, limit } = keyset(query);
  const conditions = [
    where,
    inScope('a.store_id', actor.scope(AUDIT_VIEW)),
    q !== undefined && sql`(${sql.contains('a.actor_name', q)} OR a.address = ${q})`,
    action !== undefined && sql.startsWith('a.action', action),
    isBusinessDate(from) && sql`a.at >= ${startOfDay(from, timeZone)}`,
    isBusinessDate(to) && sql`a.at < ${startOfDay(addDays(to, 1), timeZone)}`,
    subject !== undefined && sql`a.subject_type = ${subject}`,
    subjectId !== undefined && sql`a.subject_id = ${/^\d{1,15}$/.test(subjectId) ? Number(subjectId) : 0}`,
    store !== undefined && sql`a.store_id = ${/^\d{1,15}$/.test(store) ? Number(store) : 0}`,
  ];
  const rows = await read.all<Omit<AuditRow, 'sealed'> & { sealSeq: number | null }>(
    sql`SELECT a.id AS id, a.at AS sort_value, a.at AS at, a.actor_id AS actor_id, a.actor_name AS actor_name, a.address AS address, a.action AS action,
               a.subject_type AS subject_type, a.subject_id AS subject_id, a.store_id AS store_id, a.detail AS detail,
               s.seq AS seal_seq, u.name AS subject_name
        FROM audit_log a LEFT JOIN audit_seal s ON s.audit_id = a.id
             LEFT JOIN user_account u ON u.id = a.subject_id AND a.subject_type = ${'auth.user'}
        WHERE ${sql.all(conditions)} ${orderBy} ${limit}`,
  );
  return rows.map(({ sealSeq, ...row }) => ({
    ...row,
    id: Number(row.id),
    at: Number(row.at),
    sortValue: Number(row.sortValue),
    sealed: sealSeq !== null,
  }));
}
