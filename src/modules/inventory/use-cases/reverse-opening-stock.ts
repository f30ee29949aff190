import { DomainError, notFound } from '../../../kernel';
import { reverse } from '../../../ledger';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore } from '../../organization';
import { openingStock } from '../store/opening-stock.table';

/**
 * Red-letters an opening stock, while none of its devices and goods was used since (the ledger names what depends on it).
 * The reversal is dated today.
 */
export function reverseOpeningStock(
  uow: UnitOfWork,
  actor: Actor,
  command: { id: number; version: number },
  options: RunOptions = {},
): Promise<{ number: string }> {
  return uow.run(
    actor,
    async (unit) => {
      await unit.lock(openingStock, [command.id]);
      const document = await unit.get(openingStock, command.id);
      if (!document) throw notFound('inventory.opening', command.id);
      authorise(actor, 'inventory.opening.post', document.storeId);
      if (document.state !== 'posted')
        throw new DomainError('inventory:error.opening_reversed', {
          status: 409,
          details: { number: document.number },
        });
      const store = await getStore(unit, document.storeId);
      const number = unit.documentNumber('QC', store.code, unit.today);
      await unit.update(openingStock, document.id, { state: 'reversed', reversalNumber: number }, command.version);
      await reverse(
        unit,
        { type: 'inventory.opening', id: document.id },
        { type: 'inventory.opening', id: document.id, number, businessDate: unit.today, storeId: document.storeId },
      );
      await unit.audit({
        action: 'inventory.opening.reverse',
        subjectType: 'inventory.opening',
        subjectId: document.id,
        storeId: document.storeId,
        detail: { number },
      });
      return { number };
    },
    options,
  );
}
