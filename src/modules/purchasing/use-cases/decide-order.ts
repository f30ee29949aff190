import {
  DomainError,
  emptyToNull,
  type FieldProblem,
  forbidden,
  invalid,
  invalidField,
  normaliseName,
  stale,
} from '../../../kernel';
import { approvalRefusal, levelsFor } from '../../../platform/approval';
import { type Actor, can } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { orderMachine, type OrderState } from '../domain/order-state';
import { approvalLevels, APPROVE_ORDERS } from '../queries/approval-levels';
import { approverOf } from '../queries/order-approval';
import { approvalsOf, lockOrder, orderLinesOf, storesOfOrder } from '../store/order.store';
import { type OrderLineRow, type OrderRow, purchaseOrder, purchaseOrderApproval } from '../store/order.table';
import { auditOrder, authoriseOrder, EDIT_ORDERS } from './save-order';

export interface DecideOrder {
  orderId: number;
  /** As the page showed it: what is decided is what was seen. */
  version: number;
}

export interface OrderDecided {
  id: number;
  state: OrderState;
}

/** Throws 409 when the order's state does not know the event, or it was changed since it was shown. */
export function assertEvent(row: OrderRow, event: Parameters<typeof orderMachine.can>[1], version: number): void {
  if (!orderMachine.can(row.state, event))
    throw new DomainError('purchasing:error.order_state', { status: 409, details: { number: row.number } });
  if (row.version !== version) throw stale();
}

/** Sends a draft for approval; an order that needs none is approved at once. */
export function submitOrder(
  uow: UnitOfWork,
  actor: Actor,
  command: DecideOrder,
  options?: RunOptions,
): Promise<OrderDecided> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockOrder(unit, command.orderId);
      await authoriseOrder(unit, actor, EDIT_ORDERS, row);
      assertEvent(row, 'submit', command.version);
      return submitDraft(unit, row);
    },
    options,
  );
}

/** The caller has locked the order and checked that it may be submitted. */
export async function submitDraft(unit: Unit, row: OrderRow): Promise<OrderDecided> {
  checkLines(await orderLinesOf(unit, row.id));
  const levels = levelsFor(await approvalLevels(unit), row.grossFen);
  const submission = row.submission + 1;
  if (levels.length > 0) {
    const firstId = unit.takeIds(purchaseOrderApproval, levels.length);
    await unit.insert(
      purchaseOrderApproval,
      levels.map((level, index) => ({
        id: firstId + index,
        orderId: row.id,
        submission,
        place: index + 1,
        ...level,
        decidedAt: null,
        decidedBy: null,
        decidedByName: null,
      })),
    );
  }
  const state: OrderState = levels.length > 0 ? 'submitted' : 'approved';
  const changes = { state, submission, submittedAt: unit.now, submittedBy: unit.actor.userId };
  await unit.update(
    purchaseOrder,
    row.id,
    { ...changes, ...(state === 'approved' ? { approvedAt: unit.now } : {}) },
    row.version,
  );
  await auditOrder(unit, row, 'submit', { levels: levels.map(({ name }) => name) });
  if (state === 'approved') await publishApproved(unit, row);
  return { id: row.id, state };
}

function checkLines(lines: readonly OrderLineRow[]): void {
  if (lines.length === 0) throw invalid('purchasing:error.order_no_lines');
  const fields = lines
    .filter(({ unitPriceFen }) => unitPriceFen === null)
    .map(({ lineNo }): FieldProblem => {
      const code = 'purchasing:error.line_without_price';
      return { path: `line.${lineNo}.unitPrice`, code, details: { line: lineNo } };
    });
  if (fields.length > 0) throw invalid('purchasing:error.order_cannot_submit', {}, fields);
}

const publishApproved = (unit: Unit, { id, number, storeId }: OrderRow): Promise<void> =>
  unit.publish('purchasing.order.approved', { orderId: id, number, storeId });

/** Who submitted it takes it back before it is approved. */
export function withdrawOrder(
  uow: UnitOfWork,
  actor: Actor,
  command: DecideOrder,
  options?: RunOptions,
): Promise<OrderDecided> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockOrder(unit, command.orderId);
      await authoriseOrder(unit, actor, EDIT_ORDERS, row);
      assertEvent(row, 'withdraw', command.version);
      await unit.update(purchaseOrder, row.id, { state: 'draft' }, row.version);
      await auditOrder(unit, row, 'withdraw');
      return { id: row.id, state: 'draft' };
    },
    options,
  );
}

/** Approves the waiting level and those after it, as far as this person may; the last one approves the order. */
export function approveOrder(
  uow: UnitOfWork,
  actor: Actor,
  command: DecideOrder,
  options?: RunOptions,
): Promise<OrderDecided> {
  return uow.run(
    actor,
    async (unit) => {
      const { row, storeIds } = await lockForDecision(unit, actor, command, 'approve');
      const waiting = (await approvalsOf(unit, row)).filter(({ decidedAt }) => decidedAt === null);
      const approver = await approverOf(unit, actor, storeIds, unit.now);
      let passed = 0;
      for (const level of waiting) {
        const refusal = approvalRefusal(approver, row.submittedBy, level, waiting.slice(passed + 1));
        if (refusal && passed === 0)
          throw new DomainError(`purchasing:error.approval_${refusal}`, { details: { level: level.name } });
        if (refusal) break;
        const decided = { decidedAt: unit.now, decidedBy: actor.userId, decidedByName: actor.name };
        await unit.update(purchaseOrderApproval, level.id, decided);
        await auditOrder(unit, row, 'approve', { level: level.name });
        passed += 1;
      }
      const state: OrderState = passed === waiting.length ? 'approved' : 'submitted';
      const changes = state === 'approved' ? { state, approvedAt: unit.now } : { state };
      await unit.update(purchaseOrder, row.id, changes, row.version);
      if (state === 'approved') await publishApproved(unit, row);
      return { id: row.id, state };
    },
    options,
  );
}

/** Sends a submitted order back to its author, who changes it and submits it anew. */
export function sendBackOrder(
  uow: UnitOfWork,
  actor: Actor,
  command: DecideOrder & { reason: string },
  options?: RunOptions,
): Promise<OrderDecided> {
  return uow.run(
    actor,
    async (unit) => {
      const { row } = await lockForDecision(unit, actor, command, 'sendBack');
      const reason = checkedReason(command.reason);
      await unit.update(purchaseOrder, row.id, { state: 'draft' }, row.version);
      await auditOrder(unit, row, 'send_back', { reason });
      return { id: row.id, state: 'draft' };
    },
    options,
  );
}

async function lockForDecision(
  unit: Unit,
  actor: Actor,
  { orderId, version }: DecideOrder,
  event: 'approve' | 'sendBack',
): Promise<{ row: OrderRow; storeIds: number[] }> {
  const row = await lockOrder(unit, orderId);
  const storeIds = storesOfOrder(row, await orderLinesOf(unit, row.id));
  if (storeIds.some((storeId) => !can(actor, APPROVE_ORDERS, storeId))) throw forbidden(APPROVE_ORDERS);
  assertEvent(row, event, version);
  return { row, storeIds };
}

/** Throws 422 at `reason` when there is none. */
export function checkedReason(text: string): string {
  const reason = emptyToNull(normaliseName(text));
  if (!reason) throw invalidField('reason', 'errors:field.required');
  if ([...reason].length > 200) throw invalidField('reason', 'errors:field.too_long', { max: 200 });
  return reason;
}
