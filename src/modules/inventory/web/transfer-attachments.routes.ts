import { paperRoutes } from '../../../platform/attachments';
import { transferView } from '../queries/transfer-page';
import { attachToTransfer, detachFromTransfer } from '../use-cases/transfer-files';
import { showTransfer } from './show-transfer';
import { confirmPage } from './transfer-fields';

export const transferAttachmentRoutes = paperRoutes({
  path: '/inventory/transfers/:id',
  // Which right it takes, and in which of both stores, the use case knows.
  access: { permission: 'inventory.transfer.view' },
  number: async (ctx) => (await transferView(ctx.read, ctx.actor, ctx.id())).number,
  attach: (ctx, transferId, files) => attachToTransfer(ctx.services, ctx.actor, { transferId, files }),
  detach: (ctx, { documentId: transferId, attachmentId }, operationKey) =>
    detachFromTransfer(ctx.uow, ctx.actor, { transferId, attachmentId }, { operationKey }),
  show: (ctx, status, title) => showTransfer(ctx, ctx.id(), { status, notices: [{ tone: 'bad', title }] }),
  confirm: (_ctx, confirm) => confirmPage(confirm),
});
