import { attachmentsModel, attachmentsOf } from '../../../platform/attachments';
import type { Ctx } from '../../../platform/http';
import type { Attachments } from '../../../platform/views';
import type { TransferView } from '../queries/transfer-page';
import { TRANSFER_FILES, worksOnTransfer } from '../use-cases/transfer-files';
import { transferHref } from './transfer-fields';

/** Waybills and photographs; whoever sees the transfer may open them. */
export async function transferFilesCard(ctx: Ctx, transfer: TransferView): Promise<Attachments> {
  const files = await attachmentsOf(ctx.read, TRANSFER_FILES, transfer.id);
  const action = `${transferHref(transfer.id)}/attachments`;
  const upload = worksOnTransfer(ctx.actor, transfer) ? { action, hint: ctx.t('inventory:transfer.filesHint') } : null;
  return attachmentsModel(ctx, files, upload, () => true);
}
