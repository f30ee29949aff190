import { DomainError } from '../../../kernel';
import { type Actor, authorise, COST_PERMISSION } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { claimItem, claimOpenFen } from '../queries/claim-item';
import { protection } from '../store/protection.table';
import { auditProtection, lockForStep } from './save-protection';
import { settleClaim, type SettlementTerms, unsettleClaim } from './settle-claim';

export const SETTLE_PROTECTIONS = 'purchasing.protection.settle';
const CLAIM = 'purchasing.protection';

export interface SettleProtection extends SettlementTerms {
  claimId: number;
  version: number;
}

/** Ends an agreed claim by a credit note against payables, by money, or because payments have used it. */
export function settleProtection(
  uow: UnitOfWork,
  actor: Actor,
  command: SettleProtection,
  options?: RunOptions,
): Promise<{ id: number; number: string; differenceFen: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockForStep(unit, actor, command, SETTLE_PROTECTIONS, 'settle');
      authorise(actor, COST_PERMISSION, row.storeId);
      const itemId = await claimItem(unit, CLAIM, row.id);
      const { id, number, supplierId, storeId } = row;
      const agreedFen = row.agreedFen ?? 0;
      const claim = { type: CLAIM, id, supplierId, storeId, agreedFen, taxFen: row.taxFen ?? 0 };
      const settled = await settleClaim(unit, { ...claim, itemIds: itemId === null ? [] : [itemId] }, command);
      const differenceFen = settled ? settled.amountFen - settled.openFen : 0;
      // What payments used before counts as settled, too.
      const changes = { state: 'credited' as const, settledFen: agreedFen + differenceFen, closedAt: unit.now };
      await unit.update(protection, id, changes, row.version);
      const settlement = settled?.number ?? number;
      await auditProtection(unit, row, 'settle', { settlement, method: command.method });
      return { id, number: settlement, differenceFen };
    },
    options,
  );
}

/** Takes a settlement back with today's business date (红冲): the supplier owes the claim again. */
export function unsettleProtection(
  uow: UnitOfWork,
  actor: Actor,
  command: { claimId: number; version: number },
  options?: RunOptions,
): Promise<{ id: number; reversalNumber: string | null }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockForStep(unit, actor, command, SETTLE_PROTECTIONS, 'unsettle');
      const taken = await unsettleClaim(unit, { type: CLAIM, id: row.id });
      // Without a settlement of its own payments had used it: open again, it waits again.
      if (taken === null && (await claimOpenFen(unit, CLAIM, row.id)) === 0)
        throw new DomainError('purchasing:error.protection_used', { status: 409, details: { number: row.number } });
      await unit.update(protection, row.id, { state: 'agreed', settledFen: null, closedAt: null }, row.version);
      const reversalNumber = taken?.reversalNumber ?? null;
      await auditProtection(unit, row, 'unsettle', { settlement: taken?.number ?? row.number, reversalNumber });
      return { id: row.id, reversalNumber };
    },
    options,
  );
}
