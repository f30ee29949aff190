import {
  type ApprovalRefusal,
  approvalRefusal,
  type Approver,
  approverOf as approverIn,
} from '../../../platform/approval';
import type { Reader } from '../../../platform/database';
import { type Actor, can } from '../../../platform/permissions';
import { approvalsOf } from '../store/order.store';
import type { OrderRow } from '../store/order.table';
import { APPROVE_ORDERS } from './approval-levels';

/** The approver as the rules see them, in every store of the order. */
export const approverOf = (read: Reader, actor: Actor, storeIds: readonly number[], now: number): Promise<Approver> =>
  approverIn(read, actor, { permission: APPROVE_ORDERS, storeIds, now });

/** Why this person cannot approve what is waiting; null when they can, or nothing waits. */
export async function refusalOf(
  read: Reader,
  actor: Actor,
  row: Pick<OrderRow, 'id' | 'submission' | 'submittedBy'>,
  storeIds: readonly number[],
  now: number,
): Promise<ApprovalRefusal | null> {
  if (storeIds.some((storeId) => !can(actor, APPROVE_ORDERS, storeId))) return 'role';
  const [next, ...later] = (await approvalsOf(read, row)).filter(({ decidedAt }) => decidedAt === null);
  if (!next) return null;
  return approvalRefusal(await approverOf(read, actor, storeIds, now), row.submittedBy, next, later);
}
