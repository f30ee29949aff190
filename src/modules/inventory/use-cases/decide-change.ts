import { levelsFor } from '../../../platform/approval';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import type { ChangeState } from '../domain/change-state';
import { APPROVE_STOCK, stockApprovalLevels } from '../queries/approval-levels';
import { changeAmount } from '../queries/change-amount';
import { rightOf } from '../queries/change-reasons';
import { writeLevels } from '../store/approval.store';
import { assertPostable, changeAfter, changeLines, lockChange } from '../store/change.store';
import { stockChange } from '../store/change.table';
import { auditChange } from './create-change';
import { checkedReason, passLevels } from './pass-levels';

export interface DecideChange {
  id: number;
  /** As the page showed it: what is decided is what was seen. */
  version: number;
}

export interface ChangeDecided {
  number: string;
  state: ChangeState;
}

/** Sends a draft for approval; its lines stay as they are from now on. One that needs none may be posted at once. */
export function submitChange(
  uow: UnitOfWork,
  actor: Actor,
  { id, version }: DecideChange,
  options?: RunOptions,
): Promise<ChangeDecided> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockChange(unit, id);
      authorise(actor, rightOf(row.effect), row.storeId);
      const after = changeAfter(row, 'submit', version);
      assertPostable(row, await changeLines(unit, id));
      const amountFen = await changeAmount(unit, row);
      const levels = row.approval ? levelsFor(await stockApprovalLevels(unit), amountFen) : [];
      const submission = (row.submission ?? 0) + 1;
      await writeLevels(unit, { type: 'inventory.change', id, submission }, levels);
      const state = levels.length > 0 ? after : 'approved';
      await unit.update(
        stockChange,
        id,
        {
          state,
          amountFen,
          submission,
          submittedAt: unit.now,
          submittedBy: actor.userId,
          approvedAt: levels.length > 0 ? null : unit.now,
        },
        version,
      );
      await auditChange(unit, row, 'submit', { levels: levels.map(({ name }) => name) });
      return { number: row.number, state };
    },
    options,
  );
}

/** Takes a document back that has not been posted: its lines can be changed again, and it is approved anew. */
export function withdrawChange(
  uow: UnitOfWork,
  actor: Actor,
  { id, version }: DecideChange,
  options?: RunOptions,
): Promise<ChangeDecided> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockChange(unit, id);
      authorise(actor, rightOf(row.effect), row.storeId);
      const state = changeAfter(row, 'withdraw', version);
      await unit.update(stockChange, id, { state, approvedAt: null }, version);
      await auditChange(unit, row, 'withdraw');
      return { number: row.number, state };
    },
    options,
  );
}

/** Approves the waiting level and those after it, as far as this person may; the last one approves the document. */
export function approveChange(
  uow: UnitOfWork,
  actor: Actor,
  { id, version }: DecideChange,
  options?: RunOptions,
): Promise<ChangeDecided> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockChange(unit, id);
      authorise(actor, APPROVE_STOCK, row.storeId);
      const after = changeAfter(row, 'approve', version);
      const { passed, done } = await passLevels(unit, actor, { ...row, type: 'inventory.change' });
      for (const level of passed) await auditChange(unit, row, 'approve', { level });
      const state = done ? after : row.state;
      await unit.update(stockChange, id, { state, ...(done ? { approvedAt: unit.now } : {}) }, version);
      return { number: row.number, state };
    },
    options,
  );
}

/** Sends a submitted document back to its author, who changes it and submits it anew. */
export function sendBackChange(
  uow: UnitOfWork,
  actor: Actor,
  { id, version, reason: typed }: DecideChange & { reason: string },
  options?: RunOptions,
): Promise<ChangeDecided> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockChange(unit, id);
      authorise(actor, APPROVE_STOCK, row.storeId);
      const state = changeAfter(row, 'sendBack', version);
      const reason = checkedReason(typed);
      await unit.update(stockChange, id, { state }, version);
      await auditChange(unit, row, 'send_back', { reason });
      return { number: row.number, state };
    },
    options,
  );
}
