import { DomainError, emptyToNull, invalid, invalidField, normaliseName, stale } from '../../../kernel';
import type { Actor } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { paymentMachine, type PaymentState } from '../domain/payment-state';
import { authoriseMoney, EDIT_PAYMENTS } from '../queries/scope';
import { lockPayment, wrongState } from '../store/payment.store';
import { payment, type PaymentRow } from '../store/payment.table';
import { auditPayment } from './save-payment';

export const APPROVE_PAYMENTS = 'finance.payment.approve';

export interface DecidePayment {
  paymentId: number;
  /** As the page showed it: what is decided is what was seen. */
  version: number;
}

export interface PaymentDecided {
  id: number;
  state: PaymentState;
}

type Event = Parameters<typeof paymentMachine.can>[1];

/** Throws 409 when the payment's state does not know the event, or it was changed since it was shown. */
export function assertEvent(row: PaymentRow, event: Event, version: number): void {
  if (!paymentMachine.can(row.state, event)) throw wrongState(row);
  if (row.version !== version) throw stale();
}

interface Decision {
  permission: string;
  event: Event;
  /** Last part of the audit action. */
  action: string;
  change: (unit: Unit, row: PaymentRow) => Partial<PaymentRow>;
  detail?: Record<string, unknown>;
}

function decide(
  uow: UnitOfWork,
  actor: Actor,
  { paymentId, version }: DecidePayment,
  { permission, event, action, change, detail }: Decision,
  options?: RunOptions,
): Promise<PaymentDecided> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockPayment(unit, paymentId);
      authoriseMoney(actor, permission, row.storeId);
      assertEvent(row, event, version);
      const changes = change(unit, row);
      await unit.update(payment, row.id, changes, row.version);
      await auditPayment(unit, row, action, { amountFen: row.amountFen, ...detail });
      return { id: row.id, state: changes.state ?? row.state };
    },
    options,
  );
}

/** Sends a draft to who approves payments. */
export const submitPayment = (uow: UnitOfWork, actor: Actor, command: DecidePayment, options?: RunOptions) =>
  decide(
    uow,
    actor,
    command,
    {
      permission: EDIT_PAYMENTS,
      event: 'submit',
      action: 'submit',
      change: (unit, row) => {
        if (row.amountFen === 0 && row.lineCount === 0) throw invalid('finance:error.payment_empty');
        return { state: 'submitted', submittedBy: unit.actor.userId };
      },
    },
    options,
  );

const NO_APPROVAL = { state: 'draft', approvedAt: null, approvedBy: null, approvedByName: null } as const;

/** Takes it back to change it; what was approved has to be approved again. */
export const withdrawPayment = (uow: UnitOfWork, actor: Actor, command: DecidePayment, options?: RunOptions) =>
  decide(
    uow,
    actor,
    command,
    { permission: EDIT_PAYMENTS, event: 'withdraw', action: 'withdraw', change: () => NO_APPROVAL },
    options,
  );

/** Nobody approves what they made or submitted themselves. */
export const approvePayment = (uow: UnitOfWork, actor: Actor, command: DecidePayment, options?: RunOptions) =>
  decide(
    uow,
    actor,
    command,
    {
      permission: APPROVE_PAYMENTS,
      event: 'approve',
      action: 'approve',
      change: (unit, row) => {
        const { userId } = actor;
        if (userId !== null && (userId === row.createdBy || userId === row.submittedBy))
          throw new DomainError('finance:error.approval_own');
        return { state: 'approved', approvedAt: unit.now, approvedBy: userId, approvedByName: actor.name };
      },
    },
    options,
  );

/** Back to its author, who changes it and submits it anew. */
export function sendBackPayment(
  uow: UnitOfWork,
  actor: Actor,
  command: DecidePayment & { reason: string },
  options?: RunOptions,
): Promise<PaymentDecided> {
  const reason = checkedReason(command.reason);
  return decide(
    uow,
    actor,
    command,
    {
      permission: APPROVE_PAYMENTS,
      event: 'sendBack',
      action: 'send_back',
      change: () => NO_APPROVAL,
      detail: { reason },
    },
    options,
  );
}

/** Throws 422 at `reason` when there is none. */
export function checkedReason(text: string): string {
  const reason = emptyToNull(normaliseName(text));
  if (!reason) throw invalidField('reason', 'errors:field.required');
  if ([...reason].length > 200) throw invalidField('reason', 'errors:field.too_long', { max: 200 });
  return reason;
}
