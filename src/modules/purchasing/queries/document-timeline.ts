import { type Reader, sql } from '../../../platform/database';

export interface DocumentEvent {
  who: string;
  /** Last part of the audit action. */
  what: string;
  at: number;
  detail: Record<string, unknown>;
}

/** Who did what with a document, newest first; the last 50. */
export async function documentTimeline(read: Reader, subjectType: string, id: number): Promise<DocumentEvent[]> {
  const rows = await read.all<{ at: number; actorName: string; action: string; detail: string | null }>(
    sql`SELECT at, actor_name, action, detail FROM audit_log
      WHERE subject_type = ${subjectType} AND subject_id = ${id} ORDER BY id DESC ${sql.limit(50)}`,
  );
  return rows.map(({ at, actorName, action, detail }) => ({
    who: actorName,
    what: action.split('.').at(-1) ?? action,
    at,
    detail: detail === null ? {} : (JSON.parse(detail) as Record<string, unknown>),
  }));
}
