import { notFound } from '../../kernel';
import {
  type Change,
  configRevision,
  type ConfigurationDocument,
  differences,
  type RevisionKind,
} from '../../platform/configuration';
import { type Reader, sql } from '../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../platform/lists';

export const REVISIONS: ListSpec = {
  path: '/settings/configuration',
  id: 'r.id',
  filters: ['kind'],
  sorts: { revision: { expression: 'r.revision', type: 'number', direction: 'descending' } },
};

export interface RevisionRow {
  id: number;
  sortValue: number;
  revision: number;
  kind: RevisionKind;
  backTo: number | null;
  reason: string | null;
  changes: Change[];
  changeCount: number;
  /** Epoch milliseconds. */
  madeAt: number;
  /** Null: no user, but the command line or the program itself. */
  madeById: number | null;
  madeByName: string;
}

/** One page of the history, without the contents. */
export async function listRevisions(read: Reader, query: ListQuery): Promise<RevisionRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const kind = query.filters['kind'];
  const rows = await read.all<Omit<RevisionRow, 'changes'> & { changes: unknown }>(
    sql`SELECT r.id AS id, r.revision AS sort_value, r.revision AS revision, r.kind AS kind, r.back_to AS back_to,
               r.reason AS reason, r.changes AS changes, r.change_count AS change_count, r.made_at AS made_at,
               r.made_by_id AS made_by_id, r.made_by_name AS made_by_name
        FROM config_revision r WHERE ${kind === undefined ? sql`1 = 1` : sql`r.kind = ${kind}`} AND ${where} ${orderBy} ${limit}`,
  );
  return rows.map((row) => ({
    ...row,
    id: Number(row.id),
    revision: Number(row.revision),
    sortValue: Number(row.sortValue),
    changeCount: Number(row.changeCount),
    madeAt: Number(row.madeAt),
    changes: (typeof row.changes === 'string' ? JSON.parse(row.changes) : row.changes) as Change[],
  }));
}

export interface Revision extends Omit<RevisionRow, 'sortValue'> {
  content: ConfigurationDocument;
  checksum: string;
}

/** Throws 404 for a number that is not there. */
export async function revisionOf(read: Reader, revision: number): Promise<Revision> {
  const [row] = Number.isSafeInteger(revision) ? await read.find(configRevision, { revision }) : [];
  if (!row) throw notFound('system.revision', revision);
  return row;
}

/** What differs between any two revisions, as a change from the first to the second. */
export async function compareRevisions(read: Reader, from: number, to: number): Promise<Change[]> {
  const [before, after] = [await revisionOf(read, from), await revisionOf(read, to)];
  return differences(before.content, after.content);
}
