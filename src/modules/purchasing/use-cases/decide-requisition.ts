import { DomainError, invalid, notFound, stale } from '../../../kernel';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { requisitionMachine, type RequisitionState, stateOfWishes, unordered } from '../domain/requisition-state';
import { lockRequisition, wishesOf } from '../store/requisition.store';
import { requisition, requisitionLine, type RequisitionRow } from '../store/requisition.table';
import { checkedReason } from './decide-order';
import { auditRequisition, EDIT_REQUISITIONS, type RequisitionAction } from './save-requisition';

export const APPROVE_REQUISITIONS = 'purchasing.requisition.approve';

export interface DecideRequisition {
  requisitionId: number;
  /** As the page showed it: what is decided is what was seen. */
  version: number;
  /** Needed to reject, to cancel and to close. */
  reason?: string | undefined;
}

export interface RequisitionDecided {
  id: number;
  state: RequisitionState;
}

type Step = 'submit' | 'withdraw' | 'approve' | 'reject' | 'revise' | 'cancel';

/** Who decides what. An approval moves no money: the order that follows has approvals of its own, so one may approve one's own. */
const RIGHTS: Readonly<Record<Step, string>> = {
  submit: EDIT_REQUISITIONS,
  withdraw: EDIT_REQUISITIONS,
  approve: APPROVE_REQUISITIONS,
  reject: APPROVE_REQUISITIONS,
  revise: EDIT_REQUISITIONS,
  cancel: EDIT_REQUISITIONS,
};

const step =
  (what: Step) =>
  (uow: UnitOfWork, actor: Actor, command: DecideRequisition, options?: RunOptions): Promise<RequisitionDecided> =>
    uow.run(
      actor,
      async (unit) => {
        const row = await lockRequisition(unit, command.requisitionId);
        authorise(actor, RIGHTS[what], row.storeId);
        assertStep(row, what, command.version);
        return takeStep(unit, row, what, command.reason);
      },
      options,
    );

export const submitRequisition = step('submit');
/** Back to the draft before it is decided. */
export const withdrawRequisition = step('withdraw');
export const approveRequisition = step('approve');
export const rejectRequisition = step('reject');
/** A rejected one becomes a draft again, to be changed and submitted anew. */
export const reviseRequisition = step('revise');
export const cancelRequisition = step('cancel');

function assertStep(row: RequisitionRow, event: Step | 'close', version: number): void {
  if (!requisitionMachine.can(row.state, event))
    throw new DomainError('purchasing:error.requisition_state', { status: 409, details: { number: row.number } });
  if (row.version !== version) throw stale();
}

/** For a larger unit of work: the caller has locked the requisition and checked that it may be done. */
export async function takeStep(
  unit: Unit,
  row: RequisitionRow,
  what: Step,
  text?: string,
): Promise<RequisitionDecided> {
  if (what === 'submit' && row.lineCount === 0) throw invalid('purchasing:error.requisition_no_lines');
  const reason = what === 'reject' || what === 'cancel' ? checkedReason(text ?? '') : null;
  const state = requisitionMachine.next(row.state, what);
  const decided = { decidedAt: unit.now, decidedByName: unit.actor.name };
  const undecided = { decidedAt: null, decidedByName: null };
  const changes: Partial<RequisitionRow> = {
    ...(what === 'submit' ? { submittedAt: unit.now } : {}),
    ...(what === 'approve' || what === 'reject' ? decided : {}),
    ...(what === 'revise' ? undecided : {}),
    endReason: reason,
  };
  await unit.update(requisition, row.id, { state, ...changes }, row.version);
  await auditRequisition(unit, row, what satisfies RequisitionAction, reason === null ? {} : { reason });
  return { id: row.id, state };
}

/**
 * Gives up what nobody has ordered, of these lines or of all: by the store that no longer wants it, or by the buyer who
 * cannot get it. What is on order stays.
 */
export function closeRequisition(
  uow: UnitOfWork,
  actor: Actor,
  command: DecideRequisition & { lineIds?: readonly number[] | undefined },
  options?: RunOptions,
): Promise<RequisitionDecided> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockRequisition(unit, command.requisitionId);
      authorise(actor, EDIT_REQUISITIONS, row.storeId);
      assertStep(row, 'close', command.version);
      const reason = checkedReason(command.reason ?? '');
      const lines = await wishesOf(unit, row.id);
      const { lineIds } = command;
      const unknown = lineIds?.find((lineId) => !lines.some(({ id }) => id === lineId));
      if (unknown !== undefined) throw notFound('purchasing.requisition_line', unknown);
      let pieces = 0;
      for (const line of lines) {
        const open = unordered(line);
        if (open === 0 || (lineIds && !lineIds.includes(line.id))) continue;
        line.givenUp += open;
        pieces += open;
        await unit.update(requisitionLine, line.id, { givenUp: line.givenUp }, line.version);
      }
      if (pieces === 0)
        throw new DomainError('purchasing:error.requisition_state', { status: 409, details: { number: row.number } });
      const state = stateOfWishes(lines);
      await unit.update(requisition, row.id, { state, endReason: reason }, row.version);
      await auditRequisition(unit, row, 'close', { pieces, reason });
      return { id: row.id, state };
    },
    options,
  );
}
