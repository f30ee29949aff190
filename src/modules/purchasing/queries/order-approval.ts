import { rolesGiving } from '../../../platform/auth';
import type { Reader } from '../../../platform/database';
import { type Actor, can } from '../../../platform/permissions';
import { type ApprovalRefusal, approvalRefusal, type Approver } from '../domain/approval-levels';
import { approvalsOf } from '../store/order.store';
import type { OrderRow } from '../store/order.table';
import { APPROVE_ORDERS } from './approval-levels';

/** The approver as the rules see them: the roles that give them the right in every store of the order. */
export async function approverOf(
  read: Reader,
  actor: Actor,
  storeIds: readonly number[],
  now: number,
): Promise<Approver> {
  const { userId } = actor;
  if (userId === null) return { userId, roles: [] };
  let roles: string[] | null = null;
  for (const storeId of storeIds) {
    const here = await rolesGiving(read, { userId, permission: APPROVE_ORDERS, storeId, now });
    roles = roles === null ? here : roles.filter((code) => here.includes(code));
  }
  return { userId, roles: roles ?? [] };
}

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
