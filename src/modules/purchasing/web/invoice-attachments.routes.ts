import { paperRoutes } from '../../../platform/attachments';
import { invoiceView } from '../queries/invoice-page';
import { attachToInvoice, detachFromInvoice } from '../use-cases/invoice-files';
import { EDIT_INVOICES } from '../use-cases/save-invoice';
import { confirmPage } from './confirm-page';
import { showInvoice } from './show-invoice';

export const invoiceAttachmentRoutes = paperRoutes({
  path: '/purchasing/invoices/:id',
  access: { permission: EDIT_INVOICES },
  number: async (ctx) => (await invoiceView(ctx.read, ctx.actor, ctx.id())).number,
  attach: (ctx, invoiceId, files) => attachToInvoice(ctx.services, ctx.actor, { invoiceId, files }),
  detach: (ctx, { documentId: invoiceId, attachmentId }, operationKey) =>
    detachFromInvoice(ctx.uow, ctx.actor, { invoiceId, attachmentId }, { operationKey }),
  show: (ctx, status, title) => showInvoice(ctx, ctx.id(), { status, notices: [{ tone: 'bad', title }] }),
  confirm: confirmPage,
});
