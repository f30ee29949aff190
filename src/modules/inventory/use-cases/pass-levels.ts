import { DomainError } from '../../../kernel';
import { approvalRefusal, approverOf } from '../../../platform/approval';
import { type Actor, authorise } from '../../../platform/permissions';
import type { Unit } from '../../../platform/unit-of-work';
import { APPROVE_STOCK } from '../queries/approval-levels';
import { approvalsOf, type Submitted } from '../store/approval.store';
import { stockApproval } from '../store/approval.table';

/**
 * Passes the waiting level and those after it, as far as this person may; the caller has locked the document. Throws 403
 * without the right, inventory:error.approval_own or .approval_role when not even the first is theirs.
 */
export async function passLevels(
  unit: Unit,
  actor: Actor,
  document: Submitted & { storeId: number },
): Promise<{ passed: string[]; done: boolean }> {
  authorise(actor, APPROVE_STOCK, document.storeId);
  const waiting = (await approvalsOf(unit, document)).filter(({ decidedAt }) => decidedAt === null);
  const where = { permission: APPROVE_STOCK, storeIds: [document.storeId], now: unit.now };
  const approver = await approverOf(unit, actor, where);
  const passed: string[] = [];
  for (const level of waiting) {
    const refusal = approvalRefusal(approver, document.submittedBy, level, waiting.slice(passed.length + 1));
    if (refusal && passed.length === 0)
      throw new DomainError(`inventory:error.approval_${refusal}`, { details: { level: level.name } });
    if (refusal) break;
    const decided = { decidedAt: unit.now, decidedBy: actor.userId, decidedByName: actor.name };
    await unit.update(stockApproval, level.id, decided);
    passed.push(level.name);
  }
  return { passed, done: passed.length === waiting.length };
}
