import {
  approverOf,
  type ApprovalLevel,
  approvalLevelsOf,
  type ApprovalRefusal,
  approvalRefusal,
} from '../../../platform/approval';
import type { Reader } from '../../../platform/database';
import { type Actor, can } from '../../../platform/permissions';
import { approvalsOf, type Submitted } from '../store/approval.store';

/** Who may approve adjustments, scrap and the differences of stocktakes; which of them, the levels say. */
export const APPROVE_STOCK = 'inventory.change.approve';
export const STOCK_APPROVAL = { module: 'inventory', permission: APPROVE_STOCK } as const;

/** The levels in force, the lowest first. */
export const stockApprovalLevels = (read: Reader): Promise<ApprovalLevel[]> => approvalLevelsOf(read, STOCK_APPROVAL);

/** Why this person cannot approve what is waiting; null when they can, or nothing waits. */
export async function stockRefusalOf(
  read: Reader,
  actor: Actor,
  document: Submitted & { storeId: number },
  now: number,
): Promise<ApprovalRefusal | null> {
  const { storeId } = document;
  if (!can(actor, APPROVE_STOCK, storeId)) return 'role';
  const [next, ...later] = (await approvalsOf(read, document)).filter(({ decidedAt }) => decidedAt === null);
  if (!next) return null;
  const approver = await approverOf(read, actor, { permission: APPROVE_STOCK, storeIds: [storeId], now });
  return approvalRefusal(approver, document.submittedBy, next, later);
}
