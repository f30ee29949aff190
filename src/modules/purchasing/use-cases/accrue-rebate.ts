import { DomainError, invalidField, isBusinessDate } from '../../../kernel';
import { openItemsFor, post } from '../../../ledger';
import { type Actor, authorise, COST_PERMISSION } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore } from '../../organization';
import { accrualPosting, earned, type RebateResult } from '../domain/rebate';
import { REBATE_RUN, rebateItems } from '../queries/rebate-items';
import { rebateRows } from '../queries/rebate-rows';
import { rebate, rebateRow, rebateRun } from '../store/rebate.table';
import { auditRebate, lockRebate } from './save-rebate';
import { settleClaim, type SettlementTerms, unsettleClaim } from './settle-claim';

export const ACCRUE_REBATES = 'purchasing.rebate.accrue';
export const SETTLE_REBATES = 'purchasing.rebate.settle';
const MAX_ROWS = 50_000;

/** Calculates until a day and books the difference to what was booked before, with every row that counted. */
export function accrueRebate(
  uow: UnitOfWork,
  actor: Actor,
  { untilOn, ...command }: { rebateId: number; version: number; untilOn: string | null },
  options?: RunOptions,
): Promise<RebateResult & { changeFen: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockRebate(unit, actor, command, ACCRUE_REBATES, 'open');
      authorise(actor, COST_PERMISSION, row.storeId);
      if (untilOn === null || !isBusinessDate(untilOn)) throw invalidField('untilOn', 'purchasing:error.date');
      if (untilOn > unit.today) throw invalidField('untilOn', 'purchasing:error.future');
      if (untilOn < row.fromOn) throw invalidField('untilOn', 'purchasing:error.rebate_early');
      const rows = await rebateRows(unit, row, untilOn);
      if (rows.length > MAX_ROWS)
        throw new DomainError('purchasing:error.rebate_rows', { details: { most: MAX_ROWS } });
      const result = earned(row.kind, row.tiers, rows);
      const changeFen = result.earnedFen - row.earnedFen;
      if (changeFen === 0) throw invalidField('untilOn', 'purchasing:error.rebate_same');
      const ahead = await rebateItems(unit, row.id);
      const items = await openItemsFor(
        unit,
        ahead.map(({ id }) => id),
      );
      const open = ahead.flatMap(({ id }) => {
        const item = items.get(id);
        return item ? [{ openItemId: id, openFen: item.amountFen - item.settledFen }] : [];
      });
      const store = await getStore(unit, row.storeId);
      const id = unit.takeIds(rebateRun);
      const number = unit.documentNumber('FL', store.code, unit.today);
      const document = { type: REBATE_RUN, id, number, businessDate: unit.today, storeId: row.storeId };
      const { taxFen, ...posting } = accrualPosting(document, row.supplierId, changeFen, row.taxRateBp, open);
      await post(unit, posting);
      const { pieces, amountFen, tierNo, earnedFen } = result;
      await unit.insert(rebateRun, [
        {
          id,
          rebateId: row.id,
          number,
          untilOn,
          pieces,
          amountFen,
          tierNo,
          earnedFen,
          changeFen,
          taxFen,
          businessDate: unit.today,
          ranAt: unit.now,
          ranByName: unit.actor.name,
        },
      ]);
      if (rows.length > 0) {
        const firstId = unit.takeIds(rebateRow, rows.length);
        await unit.insert(
          rebateRow,
          rows.map((one, index) => ({ ...one, id: firstId + index, runId: id, seq: index + 1 })),
        );
      }
      const changes = { accruedUntil: untilOn, earnedFen, taxFen: row.taxFen + taxFen };
      await unit.update(rebate, row.id, changes, row.version);
      await auditRebate(unit, row, 'accrue', { run: number, untilOn });
      return { ...result, changeFen };
    },
    options,
  );
}

/** Ends what is open of a rebate by a credit note against payables, or by money; more may be earned and booked later. */
export function settleRebate(
  uow: UnitOfWork,
  actor: Actor,
  command: SettlementTerms & { rebateId: number; version: number },
  options?: RunOptions,
): Promise<{ number: string; differenceFen: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockRebate(unit, actor, command, SETTLE_REBATES, 'open');
      authorise(actor, COST_PERMISSION, row.storeId);
      const itemIds = (await rebateItems(unit, row.id)).map(({ id }) => id);
      const { id, supplierId, storeId, earnedFen, taxFen } = row;
      const claim = { type: 'purchasing.rebate', id, supplierId, storeId, agreedFen: earnedFen, taxFen, itemIds };
      const settled = await settleClaim(unit, claim, command);
      if (!settled)
        throw new DomainError('purchasing:error.rebate_nothing_open', { status: 409, details: { number: row.number } });
      await unit.update(rebate, row.id, { settledFen: row.settledFen + settled.amountFen }, row.version);
      await auditRebate(unit, row, 'settle', { settlement: settled.number, method: command.method });
      return { number: settled.number, differenceFen: settled.amountFen - settled.openFen };
    },
    options,
  );
}

/** Takes the last settlement back with today's business date (红冲). */
export function unsettleRebate(
  uow: UnitOfWork,
  actor: Actor,
  command: { rebateId: number; version: number },
  options?: RunOptions,
): Promise<{ reversalNumber: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockRebate(unit, actor, command, SETTLE_REBATES, 'open');
      const taken = await unsettleClaim(unit, { type: 'purchasing.rebate', id: row.id });
      if (!taken)
        throw new DomainError('purchasing:error.rebate_not_settled', { status: 409, details: { number: row.number } });
      await unit.update(rebate, row.id, { settledFen: row.settledFen - taken.settled.amountFen }, row.version);
      const { number: settlement, reversalNumber } = taken;
      await auditRebate(unit, row, 'unsettle', { settlement, reversalNumber });
      return { reversalNumber };
    },
    options,
  );
}
