import { notFound } from '../../../kernel';
import { getAttachment, removeAttachment, saveAttachment } from '../../../platform/attachments';
import type { AttachmentRule } from '../../../platform/modules';
import type { Actor } from '../../../platform/permissions';
import type { Services } from '../../../platform/services';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { VIEW_INVOICES } from '../queries/invoice-list';
import { getInvoice } from '../store/invoice.store';
import { supplierInvoice } from '../store/invoice.table';
import { authoriseInvoice, EDIT_INVOICES } from './save-invoice';

export const INVOICE_FILES = 'purchasing.invoice';

/** The invoice itself (PDF, picture): kept with it in whatever state it is. Throws errors:form at `file`. */
export async function attachToInvoice(
  services: Pick<Services, 'uow' | 'config' | 'keys'>,
  actor: Actor,
  { invoiceId, files }: { invoiceId: number; files: readonly { name: string; content: Buffer }[] },
): Promise<void> {
  const row = await getInvoice(services.uow.database.read, invoiceId);
  authoriseInvoice(actor, EDIT_INVOICES, row.storeId);
  for (const { name, content } of files)
    await saveAttachment(services, actor, { subjectType: INVOICE_FILES, subjectId: row.id, name, content });
}

export function detachFromInvoice(
  uow: UnitOfWork,
  actor: Actor,
  { invoiceId, attachmentId }: { invoiceId: number; attachmentId: number },
  options?: RunOptions,
): Promise<void> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await getInvoice(unit, invoiceId);
      authoriseInvoice(actor, EDIT_INVOICES, row.storeId);
      const file = await getAttachment(unit, attachmentId);
      if (file.subjectType !== INVOICE_FILES || file.subjectId !== row.id) throw notFound('attachment', attachmentId);
      await removeAttachment(unit, attachmentId);
    },
    options,
  );
}

/** Who sees the invoice sees its files. */
export const invoiceFilesRule: AttachmentRule = {
  permission: VIEW_INVOICES,
  showCost: true,
  storeOf: async (read, invoiceId) => (await read.get(supplierInvoice, invoiceId))?.storeId,
};
