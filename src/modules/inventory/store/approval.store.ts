import type { ApprovalLevel } from '../../../platform/approval';
import { type Reader, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import { type ApprovedDocument, stockApproval, type StockApprovalRow } from './approval.table';

/** A document on its way through the levels. */
export interface Submitted {
  type: ApprovedDocument;
  id: number;
  submission: number | null;
  submittedBy: number | null;
}

/** Of the running submission, the lowest first. */
export const approvalsOf = (
  read: Reader,
  { type, id, submission }: Pick<Submitted, 'type' | 'id' | 'submission'>,
): Promise<StockApprovalRow[]> =>
  read.rows(
    stockApproval,
    sql`SELECT * FROM stock_approval
      WHERE document_type = ${type} AND document_id = ${id} AND submission = ${submission ?? 0} ORDER BY place`,
  );

/** The levels as they are now: later changes of the configuration do not touch a document that was submitted. */
export async function writeLevels(
  unit: Unit,
  { type, id, submission }: Pick<Submitted, 'type' | 'id' | 'submission'>,
  levels: readonly ApprovalLevel[],
): Promise<void> {
  if (levels.length === 0) return;
  const firstId = unit.takeIds(stockApproval, levels.length);
  await unit.insert(
    stockApproval,
    levels.map(({ name, fromFen, roleCode, own }, index) => ({
      id: firstId + index,
      documentType: type,
      documentId: id,
      submission: submission ?? 0,
      place: index + 1,
      name,
      fromFen,
      roleCode,
      own,
      decidedAt: null,
      decidedBy: null,
      decidedByName: null,
    })),
  );
}
