import { invalidField, stale } from '../../../kernel';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { assertDraft, linesOf, lockReceipt } from '../store/receipt.store';
import { receipt } from '../store/receipt.table';
import { checkHeader, type ReceiptHeader } from './receipt-header';

export interface ChangeReceipt extends ReceiptHeader {
  receiptId: number;
  /** As the page showed it. */
  version: number;
}

/** Changes what stands above the lines of a draft; the store stays. */
export function changeReceipt(
  uow: UnitOfWork,
  actor: Actor,
  command: ChangeReceipt,
  options?: RunOptions,
): Promise<{ id: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockReceipt(unit, command.receiptId);
      authorise(actor, 'purchasing.receipt.edit', row.storeId);
      assertDraft(row);
      if (row.version !== command.version) throw stale();
      if (command.supplierId !== row.supplierId && (await linesOf(unit, row.id)).some(({ orderLineId }) => orderLineId))
        throw invalidField('supplierId', 'purchasing:error.order_supplier_fixed');
      const checked = await checkHeader(unit, row.storeId, command, row);
      const changes = {
        supplierId: checked.supplier.id,
        locationId: checked.location.id,
        businessDate: checked.businessDate,
        deliveryNote: checked.deliveryNote,
        withInvoice: command.withInvoice,
        note: checked.note,
      };
      const changed = Object.entries(changes).filter(([key, value]) => row[key as keyof typeof changes] !== value);
      await unit.update(receipt, row.id, changes, command.version);
      if (changed.length > 0)
        await unit.audit({
          action: 'purchasing.receipt.edit',
          subjectType: 'purchasing.receipt',
          subjectId: row.id,
          storeId: row.storeId,
          detail: Object.fromEntries(
            changed.map(([key, value]) => [key, { from: row[key as keyof typeof changes], to: value }]),
          ),
        });
      return { id: row.id };
    },
    options,
  );
}
