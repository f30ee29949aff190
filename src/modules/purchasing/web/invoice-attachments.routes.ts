import { z } from 'zod';
import { invalidField } from '../../../kernel';
import { MAX_ATTACHMENT_BYTES } from '../../../platform/attachments';
import { type Ctx, redirect, type Reply, type Route, submit } from '../../../platform/http';
import { invoiceView } from '../queries/invoice-page';
import { attachToInvoice, detachFromInvoice } from '../use-cases/invoice-files';
import { EDIT_INVOICES } from '../use-cases/save-invoice';
import { confirmPage } from './confirm-page';
import { newOperationKey, operationKey } from './fields';
import { invoiceHref } from './invoice-words';
import { showInvoice } from './show-invoice';
import { noticeOf } from './show-receipt';

const edit = { permission: EDIT_INVOICES };
const BASE = '/purchasing/invoices/:id/attachments';

export const invoiceAttachmentRoutes: readonly Route[] = [
  {
    method: 'post',
    path: BASE,
    access: edit,
    handler: attach,
    upload: { maxBytes: MAX_ATTACHMENT_BYTES, maxFiles: 10 },
  },
  { method: 'get', path: `${BASE}/:attachmentId/removal`, access: edit, handler: askRemoval },
  { method: 'post', path: `${BASE}/:attachmentId/removal`, access: edit, handler: remove },
];

function attach(ctx: Ctx): Promise<Reply> {
  const invoiceId = ctx.id();
  return submit(
    ctx,
    z.object({}),
    async () => {
      if (ctx.files.length === 0) throw invalidField('file', 'purchasing:attachment.none');
      const files = ctx.files.map(({ name, content }) => ({ name, content }));
      await attachToInvoice(ctx.services, ctx.actor, { invoiceId, files });
      const text = ctx.t('purchasing:attachment.added', { count: ctx.f.number(files.length) });
      return redirect(`${invoiceHref(invoiceId)}#attachments`, { kind: 'ok', text });
    },
    (form, status) => {
      const title = form.problems['file'] ?? form.message ?? '';
      return showInvoice(ctx, invoiceId, { status, notices: [{ tone: 'bad', title }] });
    },
  );
}

async function askRemoval(ctx: Ctx): Promise<Reply> {
  const document = await invoiceView(ctx.read, ctx.actor, ctx.id());
  const href = invoiceHref(document.id);
  return confirmPage(ctx, {
    title: ctx.t('purchasing:attachment.removeAsk', { number: document.number }),
    effects: [ctx.t('purchasing:attachment.removeEffect')],
    action: `${href}/attachments/${ctx.id('attachmentId')}/removal`,
    verb: ctx.t('common:action.remove'),
    danger: true,
    cancelHref: href,
    fields: { operationKey: newOperationKey() },
  });
}

function remove(ctx: Ctx): Promise<Reply> {
  const invoiceId = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey }),
    async ({ operationKey: key }) => {
      const command = { invoiceId, attachmentId: ctx.id('attachmentId') };
      await detachFromInvoice(ctx.uow, ctx.actor, command, { operationKey: key });
      const text = ctx.t('purchasing:attachment.removed');
      return redirect(`${invoiceHref(invoiceId)}#attachments`, { kind: 'ok', text });
    },
    (form, status) => showInvoice(ctx, invoiceId, { status, notices: noticeOf(form) }),
  );
}
