import { approvalRefusal, approverOf } from '../../../platform/approval';
import { type Reader, sql } from '../../../platform/database';
import { type Actor, inScope } from '../../../platform/permissions';
import { type ApprovedDocument, stockApproval } from '../store/approval.table';
import { stockChange } from '../store/change.table';
import { stocktake } from '../store/stocktake.table';
import { APPROVE_STOCK } from './approval-levels';

const MOST_LOOKED_AT = 50;

/** The same of stocktakes whose differences wait. */
export async function waitingStocktakes(
  read: Reader,
  actor: Actor,
  storeId: number | null,
  now: number,
): Promise<{ count: number; since: string | null }> {
  const rows = await read.rows(
    stocktake,
    sql`SELECT * FROM stocktake WHERE state = 'submitted' AND ${inScope('store_id', actor.scope(APPROVE_STOCK))}
      ORDER BY id ${sql.limit(MOST_LOOKED_AT)}`,
  );
  const here = rows.filter((row) => storeId === null || row.storeId === storeId);
  return theirsOf(read, actor, 'inventory.stocktake', here, now);
}

export interface WaitingDocument {
  id: number;
  storeId: number;
  submission: number | null;
  submittedBy: number | null;
  businessDate: string;
}

/** How many of the submitted adjustments this person may approve, looking at the oldest ones, and since when. */
export async function waitingChanges(
  read: Reader,
  actor: Actor,
  storeId: number | null,
  now: number,
): Promise<{ count: number; since: string | null }> {
  const rows = await read.rows(
    stockChange,
    sql`SELECT * FROM stock_change WHERE state = 'submitted' AND ${inScope('store_id', actor.scope(APPROVE_STOCK))}
      ORDER BY id ${sql.limit(MOST_LOOKED_AT)}`,
  );
  const here = rows.filter((row) => storeId === null || row.storeId === storeId);
  return theirsOf(read, actor, 'inventory.change', here, now);
}

/** Of these documents, those whose waiting level this person may pass. */
export async function theirsOf(
  read: Reader,
  actor: Actor,
  type: ApprovedDocument,
  documents: readonly WaitingDocument[],
  now: number,
): Promise<{ count: number; since: string | null }> {
  if (documents.length === 0) return { count: 0, since: null };
  const levels = await read.rows(
    stockApproval,
    sql`SELECT * FROM stock_approval WHERE document_type = ${type} AND decided_at IS NULL
      AND document_id IN (${sql.list(documents.map(({ id }) => id))}) ORDER BY place, id`,
  );
  const approvers = new Map<number, ReturnType<typeof approverOf>>();
  const theirs: string[] = [];
  for (const { id, storeId, submission, submittedBy, businessDate } of documents) {
    const where = { permission: APPROVE_STOCK, storeIds: [storeId], now };
    const approver = approvers.get(storeId) ?? approverOf(read, actor, where);
    approvers.set(storeId, approver);
    const [next, ...later] = levels.filter((one) => one.documentId === id && one.submission === (submission ?? 0));
    if (next && approvalRefusal(await approver, submittedBy, next, later) === null) theirs.push(businessDate);
  }
  return { count: theirs.length, since: theirs[0] ?? null };
}
