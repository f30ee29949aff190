import { DomainError, stale } from '../../../kernel';
import { reverse } from '../../../ledger';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore } from '../../organization';
import { replacementsOf } from '../queries/replacements';
import { clearedReceipts, lockReceipts, takeBackClearings } from '../store/receipt-clearing.store';
import { lockReturn } from '../store/return.store';
import { purchaseReturn } from '../store/return.table';
import { checkedReason } from './decide-order';
import { auditReturn } from './save-return';

/**
 * Books the mirror of a posted return with today's business date (红冲): the goods are on their shelf again and the supplier is
 * owed what was set off. Refused while the supplier has replaced some of it, or a device came in again.
 */
export function reverseReturn(
  uow: UnitOfWork,
  actor: Actor,
  { returnId, version, reason: text }: { returnId: number; version: number; reason: string },
  options?: RunOptions,
): Promise<{ id: number; reversalNumber: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockReturn(unit, returnId);
      authorise(actor, 'purchasing.return.reverse', row.storeId);
      if (row.state !== 'posted')
        throw new DomainError('purchasing:error.return_not_posted', { status: 409, details: { number: row.number } });
      if (row.version !== version) throw stale();
      const reason = checkedReason(text);
      const [replacement] = await replacementsOf(unit, row.id);
      if (replacement)
        throw new DomainError('purchasing:error.return_replaced', {
          status: 409,
          details: { number: row.number, receipt: replacement.number },
        });
      const store = await getStore(unit, row.storeId);
      const reversalNumber = unit.documentNumber('CT', store.code, unit.today);
      const document = { type: 'purchasing.return', id: row.id, storeId: row.storeId };
      await lockReceipts(unit, await clearedReceipts(unit, document));
      await reverse(unit, document, { ...document, number: reversalNumber, businessDate: unit.today });
      await takeBackClearings(unit, document);
      const changes = { state: 'reversed' as const, reversedAt: unit.now, reversalNumber, reversalReason: reason };
      await unit.update(purchaseReturn, row.id, changes, row.version);
      await auditReturn(unit, row, 'reverse', { reversalNumber, reason });
      return { id: row.id, reversalNumber };
    },
    options,
  );
}
