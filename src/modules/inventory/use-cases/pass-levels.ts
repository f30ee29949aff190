import { DomainError, emptyToNull, invalid, invalidField, normaliseName } from '../../../kernel';
import { approvalRefusal, approverOf, levelsFor } from '../../../platform/approval';
import { type Actor, authorise } from '../../../platform/permissions';
import type { Unit } from '../../../platform/unit-of-work';
import { APPROVE_STOCK, stockApprovalLevels } from '../queries/approval-levels';
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

/**
 * Only what the approvers saw is posted. `approvedFen` null: it was never submitted. Throws inventory:error.change_needs_approval
 * (422) when it has to be, and .change_grown (409) when the amount grew into a level that was not asked.
 */
export async function requireLevels(
  unit: Unit,
  { approvedFen, amountFen }: { approvedFen: number | null; amountFen: number },
): Promise<void> {
  const reached = levelsFor(await stockApprovalLevels(unit), amountFen);
  const missing = approvedFen === null ? reached : reached.filter(({ fromFen }) => fromFen > approvedFen);
  const [first] = missing;
  if (!first) return;
  throw approvedFen === null
    ? invalid('inventory:error.change_needs_approval', { level: first.name })
    : new DomainError('inventory:error.change_grown', { status: 409, details: { level: first.name } });
}

/** Why a document is sent back. Throws 422 at `reason` when there is none. */
export function checkedReason(typed: string): string {
  const reason = emptyToNull(normaliseName(typed));
  if (!reason) throw invalidField('reason', 'errors:field.required');
  if ([...reason].length > 200) throw invalidField('reason', 'errors:field.too_long', { max: 200 });
  return reason;
}
