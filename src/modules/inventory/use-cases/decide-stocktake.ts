import { invalid } from '../../../kernel';
import { levelsFor } from '../../../platform/approval';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import type { StocktakeState } from '../domain/stocktake-state';
import { APPROVE_STOCK, stockApprovalLevels } from '../queries/approval-levels';
import { stocktakeAmount } from '../queries/stocktake-amount';
import { writeLevels } from '../store/approval.store';
import { lockStocktake, stateAfter } from '../store/stocktake.store';
import { stocktake, type StocktakeRow } from '../store/stocktake.table';
import type { StocktakeStep } from './count-stocktake';
import { checkedReason, passLevels } from './pass-levels';

export interface StocktakeDecided {
  number: string;
  state: StocktakeState;
}

/** Sends the differences for approval; nobody counts or keeps anything back meanwhile. */
export function submitStocktake(
  uow: UnitOfWork,
  actor: Actor,
  { id, version }: StocktakeStep,
  options?: RunOptions,
): Promise<StocktakeDecided> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockStocktake(unit, id);
      authorise(actor, 'inventory.stocktake.post', row.storeId);
      const state = stateAfter(row, 'submit', version);
      const amountFen = await stocktakeAmount(unit, row);
      const levels = amountFen > 0 ? levelsFor(await stockApprovalLevels(unit), amountFen) : [];
      if (levels.length === 0) throw invalid('inventory:error.stocktake_no_level', { number: row.number });
      const submission = (row.submission ?? 0) + 1;
      await writeLevels(unit, { type: 'inventory.stocktake', id, submission }, levels);
      const submitted = { submission, submittedAt: unit.now, submittedBy: actor.userId, approvedAt: null };
      await unit.update(stocktake, id, { state, amountFen, ...submitted }, version);
      await audit(unit, row, 'submit', { levels: levels.map(({ name }) => name) });
      return { number: row.number, state };
    },
    options,
  );
}

/** Back to looking at the differences; they are approved anew. */
export function withdrawStocktake(
  uow: UnitOfWork,
  actor: Actor,
  { id, version }: StocktakeStep,
  options?: RunOptions,
): Promise<StocktakeDecided> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockStocktake(unit, id);
      authorise(actor, 'inventory.stocktake.post', row.storeId);
      const state = stateAfter(row, 'withdraw', version);
      await unit.update(stocktake, id, { state, approvedAt: null }, version);
      await audit(unit, row, 'withdraw');
      return { number: row.number, state };
    },
    options,
  );
}

/** Approves the waiting level and those after it, as far as this person may. */
export function approveStocktake(
  uow: UnitOfWork,
  actor: Actor,
  { id, version }: StocktakeStep,
  options?: RunOptions,
): Promise<StocktakeDecided> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockStocktake(unit, id);
      authorise(actor, APPROVE_STOCK, row.storeId);
      const after = stateAfter(row, 'approve', version);
      const { passed, done } = await passLevels(unit, actor, { ...row, type: 'inventory.stocktake' });
      for (const level of passed) await audit(unit, row, 'approve', { level });
      const state = done ? after : row.state;
      await unit.update(stocktake, id, { state, ...(done ? { approvedAt: unit.now } : {}) }, version);
      return { number: row.number, state };
    },
    options,
  );
}

/** Sends the differences back to be looked at or counted again. */
export function sendBackStocktake(
  uow: UnitOfWork,
  actor: Actor,
  { id, version, reason: typed }: StocktakeStep & { reason: string },
  options?: RunOptions,
): Promise<StocktakeDecided> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockStocktake(unit, id);
      authorise(actor, APPROVE_STOCK, row.storeId);
      const state = stateAfter(row, 'sendBack', version);
      const reason = checkedReason(typed);
      await unit.update(stocktake, id, { state }, version);
      await audit(unit, row, 'send_back', { reason });
      return { number: row.number, state };
    },
    options,
  );
}

const audit = (
  unit: Unit,
  { id, number, storeId }: StocktakeRow,
  what: string,
  detail: Record<string, unknown> = {},
): Promise<void> =>
  unit.audit({
    action: `inventory.stocktake.${what}`,
    subjectType: 'inventory.stocktake',
    subjectId: id,
    storeId,
    detail: { number, ...detail },
  });
