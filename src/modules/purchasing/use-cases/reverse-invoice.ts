import { reverse } from '../../../ledger';
import type { Actor } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore } from '../../organization';
import { supplierInvoice } from '../store/invoice.table';
import { clearedReceipts, lockReceipts, takeBackClearings } from '../store/receipt-clearing.store';
import { type DecideInvoice, lockForEvent } from './decide-invoice';
import { checkedReason } from './decide-order';
import { auditInvoice } from './save-invoice';

/**
 * Books the mirror of a posted invoice with today's business date (红冲): the goods are accrued again and cost what they did.
 * Refused while something of it is paid or set off, or a device whose cost it changed was sold or moved since. Its number may
 * be entered again.
 */
export function reverseInvoice(
  uow: UnitOfWork,
  actor: Actor,
  { reason: text, ...command }: DecideInvoice & { reason: string },
  options?: RunOptions,
): Promise<{ id: number; reversalNumber: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockForEvent(unit, actor, command, 'reverse', 'purchasing.invoice.reverse');
      const reason = checkedReason(text);
      const store = await getStore(unit, row.storeId);
      const reversalNumber = unit.documentNumber('FP', store.code, unit.today);
      const document = { type: 'purchasing.invoice', id: row.id, storeId: row.storeId };
      await lockReceipts(unit, await clearedReceipts(unit, document));
      await reverse(unit, document, { ...document, number: reversalNumber, businessDate: unit.today });
      await takeBackClearings(unit, document);
      const changes = {
        state: 'reversed' as const,
        activeKey: null,
        reversedAt: unit.now,
        reversalNumber,
        reversalReason: reason,
      };
      await unit.update(supplierInvoice, row.id, changes, row.version);
      await auditInvoice(unit, row, 'reverse', { reversalNumber, reason });
      return { id: row.id, reversalNumber };
    },
    options,
  );
}
