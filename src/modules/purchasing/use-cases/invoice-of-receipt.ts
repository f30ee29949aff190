import { notFound } from '../../../kernel';
import type { Actor } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { linesLeft } from '../queries/received-lines';
import { lockInvoice } from '../store/invoice.store';
import { addReceived } from './invoice-lines';
import { authoriseInvoice, type CreateInvoice, EDIT_INVOICES, type InvoiceMade, newInvoice } from './save-invoice';

/** Opens a draft; of a receipt, with what is left of it. */
export function createInvoiceOf(
  uow: UnitOfWork,
  actor: Actor,
  { receiptId, ...command }: CreateInvoice & { receiptId: number | null },
  options?: RunOptions,
): Promise<InvoiceMade> {
  authoriseInvoice(actor, EDIT_INVOICES, command.storeId);
  return uow.run(
    actor,
    async (unit) => {
      const made = await newInvoice(unit, command);
      if (receiptId === null) return made;
      const lines = await linesLeft(unit, receiptId);
      const [first] = lines;
      if (!first || first.supplierId !== command.supplierId) throw notFound('purchasing.receipt', receiptId);
      authoriseInvoice(actor, EDIT_INVOICES, first.storeId);
      await addReceived(unit, await lockInvoice(unit, made.id), lines);
      return made;
    },
    options,
  );
}
