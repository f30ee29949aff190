import { z } from 'zod';
import { invalidField } from '../../../kernel';
import { MAX_ATTACHMENT_BYTES } from '../../../platform/attachments';
import { type Ctx, redirect, type Reply, type Route, submit } from '../../../platform/http';
import { receiptView } from '../queries/receipt-page';
import { attachToReceipt, detachFromReceipt } from '../use-cases/receipt-files';
import { confirmPage } from './confirm-page';
import { newOperationKey, operationKey } from './fields';
import { receiptHref } from './receipt-parts';
import { noticeOf, showReceipt } from './show-receipt';

const edit = { permission: 'purchasing.receipt.edit' };
const BASE = '/purchasing/receipts/:id/attachments';

export const receiptAttachmentRoutes: readonly Route[] = [
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
  const receiptId = ctx.id();
  return submit(
    ctx,
    z.object({}),
    async () => {
      if (ctx.files.length === 0) throw invalidField('file', 'purchasing:attachment.none');
      const files = ctx.files.map(({ name, content }) => ({ name, content }));
      await attachToReceipt(ctx.services, ctx.actor, { receiptId, files });
      const text = ctx.t('purchasing:attachment.added', { count: ctx.f.number(files.length) });
      return redirect(`${receiptHref(receiptId)}#attachments`, { kind: 'ok', text });
    },
    (form, status) => {
      const title = form.problems['file'] ?? form.message ?? '';
      return showReceipt(ctx, receiptId, { status, notices: [{ tone: 'bad', title }] });
    },
  );
}

async function askRemoval(ctx: Ctx): Promise<Reply> {
  const receipt = await receiptView(ctx.read, ctx.actor, ctx.id());
  const href = receiptHref(receipt.id);
  return confirmPage(ctx, {
    title: ctx.t('purchasing:attachment.removeAsk', { number: receipt.number }),
    effects: [ctx.t('purchasing:attachment.removeEffect')],
    action: `${href}/attachments/${ctx.id('attachmentId')}/removal`,
    verb: ctx.t('common:action.remove'),
    danger: true,
    cancelHref: href,
    fields: { operationKey: newOperationKey() },
  });
}

function remove(ctx: Ctx): Promise<Reply> {
  const receiptId = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey }),
    async ({ operationKey: key }) => {
      const command = { receiptId, attachmentId: ctx.id('attachmentId') };
      await detachFromReceipt(ctx.uow, ctx.actor, command, { operationKey: key });
      const text = ctx.t('purchasing:attachment.removed');
      return redirect(`${receiptHref(receiptId)}#attachments`, { kind: 'ok', text });
    },
    (form, status) => showReceipt(ctx, receiptId, { status, notices: noticeOf(form) }),
  );
}
