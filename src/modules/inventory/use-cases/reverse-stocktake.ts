import { DomainError } from '../../../kernel';
import { reverse } from '../../../ledger';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore } from '../../organization';
import { lockStocktake, stateAfter } from '../store/stocktake.store';
import { stocktake, type StocktakeRow } from '../store/stocktake.table';

/** Whether a posted one left something in the books that can be taken back. */
export const hasDifferences = ({ missingDevices, takenDevices, shortPieces, surplusPieces }: StocktakeRow): boolean =>
  missingDevices + takenDevices + shortPieces + surplusPieces > 0;

/** Red-letters a posted stocktake, dated today, while nothing builds on it (the ledger names what does). */
export function reverseStocktake(
  uow: UnitOfWork,
  actor: Actor,
  { id, version }: { id: number; version: number },
  options?: RunOptions,
): Promise<{ number: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockStocktake(unit, id);
      authorise(actor, 'inventory.stocktake.reverse', row.storeId);
      const state = stateAfter(row, 'reverse', version);
      if (!hasDifferences(row))
        throw new DomainError('inventory:error.stocktake_without_differences', {
          status: 409,
          details: { number: row.number },
        });
      const store = await getStore(unit, row.storeId);
      const number = unit.documentNumber('PD', store.code, unit.today);
      const document = { type: 'inventory.stocktake', id, storeId: row.storeId };
      await reverse(unit, document, { ...document, number, businessDate: unit.today });
      await unit.update(stocktake, id, { state, reversalNumber: number }, version);
      await unit.audit({
        action: 'inventory.stocktake.reverse',
        subjectType: 'inventory.stocktake',
        subjectId: id,
        storeId: row.storeId,
        detail: { number: row.number, reversalNumber: number },
      });
      return { number };
    },
    options,
  );
}
