import { notFound } from '../../../kernel';
import { getAttachment, removeAttachment, saveAttachment } from '../../../platform/attachments';
import type { AttachmentRule } from '../../../platform/modules';
import { type Actor, authorise } from '../../../platform/permissions';
import type { Services } from '../../../platform/services';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { getReceipt } from '../store/receipt.store';
import { receipt } from '../store/receipt.table';

export const RECEIPT_FILES = 'purchasing.receipt';

/** Delivery note, photographs, invoice: kept with a receipt in whatever state it is. Throws errors:form at `file`. */
export async function attachToReceipt(
  services: Pick<Services, 'uow' | 'config' | 'keys'>,
  actor: Actor,
  { receiptId, files }: { receiptId: number; files: readonly { name: string; content: Buffer }[] },
): Promise<void> {
  const row = await getReceipt(services.uow.database.read, receiptId);
  authorise(actor, 'purchasing.receipt.edit', row.storeId);
  for (const { name, content } of files)
    await saveAttachment(services, actor, { subjectType: RECEIPT_FILES, subjectId: row.id, name, content });
}

export function detachFromReceipt(
  uow: UnitOfWork,
  actor: Actor,
  { receiptId, attachmentId }: { receiptId: number; attachmentId: number },
  options?: RunOptions,
): Promise<void> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await getReceipt(unit, receiptId);
      authorise(actor, 'purchasing.receipt.edit', row.storeId);
      const file = await getAttachment(unit, attachmentId);
      if (file.subjectType !== RECEIPT_FILES || file.subjectId !== row.id) throw notFound('attachment', attachmentId);
      await removeAttachment(unit, attachmentId);
    },
    options,
  );
}

/** Who sees the receipt sees its files; invoices and delivery notes show purchase prices. */
export const receiptFilesRule: AttachmentRule = {
  permission: 'purchasing.receipt.view',
  showCost: true,
  storeOf: async (read, receiptId) => (await read.get(receipt, receiptId))?.storeId,
};
