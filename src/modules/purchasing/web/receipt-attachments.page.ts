import { attachmentsModel, attachmentsOf, mayReadContent } from '../../../platform/attachments';
import type { Ctx } from '../../../platform/http';
import type { Attachments } from '../../../platform/views';
import type { ReceiptView } from '../queries/receipt-page';
import { RECEIPT_FILES, receiptFilesRule } from '../use-cases/receipt-files';
import { receiptHref } from './receipt-parts';

/** Papers and pictures of a receipt; they may come long after it is posted. */
export async function attachmentsCard(ctx: Ctx, receipt: ReceiptView): Promise<Attachments> {
  const files = await attachmentsOf(ctx.read, RECEIPT_FILES, receipt.id);
  const action = `${receiptHref(receipt.id)}/attachments`;
  const mayEdit = ctx.can('purchasing.receipt.edit', receipt.storeId);
  const upload = mayEdit ? { action, hint: ctx.t('purchasing:attachment.hint') } : null;
  return attachmentsModel(ctx, files, upload, (file) =>
    mayReadContent(ctx.actor, receiptFilesRule, file, receipt.storeId),
  );
}
