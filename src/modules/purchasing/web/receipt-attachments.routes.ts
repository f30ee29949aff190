import { paperRoutes } from '../../../platform/attachments';
import { receiptView } from '../queries/receipt-page';
import { attachToReceipt, detachFromReceipt } from '../use-cases/receipt-files';
import { confirmPage } from './confirm-page';
import { showReceipt } from './show-receipt';

export const receiptAttachmentRoutes = paperRoutes({
  path: '/purchasing/receipts/:id',
  access: { permission: 'purchasing.receipt.edit' },
  number: async (ctx) => (await receiptView(ctx.read, ctx.actor, ctx.id())).number,
  attach: (ctx, receiptId, files) => attachToReceipt(ctx.services, ctx.actor, { receiptId, files }),
  detach: (ctx, { documentId: receiptId, attachmentId }, operationKey) =>
    detachFromReceipt(ctx.uow, ctx.actor, { receiptId, attachmentId }, { operationKey }),
  show: (ctx, status, title) => showReceipt(ctx, ctx.id(), { status, notices: [{ tone: 'bad', title }] }),
  confirm: confirmPage,
});
