import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { invalidField } from '../../../kernel';
import { MAX_ATTACHMENT_BYTES } from '../../../platform/attachments';
import { type Ctx, fields, page, redirect, type Reply, type Route, submit } from '../../../platform/http';
import { changeView } from '../queries/change-page';
import { attachToChange, detachFromChange } from '../use-cases/change-files';
import { changeHref } from './change-words';
import { showChange } from './show-change';

// Which right it takes follows from what the document does; the use case asks for it.
const view = { permission: 'inventory.change.view' };
const BASE = '/inventory/changes/:id/attachments';

export const changeAttachmentRoutes: readonly Route[] = [
  {
    method: 'post',
    path: BASE,
    access: view,
    handler: attach,
    upload: { maxBytes: MAX_ATTACHMENT_BYTES, maxFiles: 10 },
  },
  { method: 'get', path: `${BASE}/:attachmentId/removal`, access: view, handler: askRemoval },
  { method: 'post', path: `${BASE}/:attachmentId/removal`, access: view, handler: remove },
];

function attach(ctx: Ctx): Promise<Reply> {
  const changeId = ctx.id();
  return submit(
    ctx,
    z.object({}),
    async () => {
      if (ctx.files.length === 0) throw invalidField('file', 'inventory:change.files.none');
      const files = ctx.files.map(({ name, content }) => ({ name, content }));
      await attachToChange(ctx.services, ctx.actor, { changeId, files });
      const text = ctx.t('inventory:change.files.added', { count: ctx.f.number(files.length) });
      return redirect(`${changeHref(changeId)}#attachments`, { kind: 'ok', text });
    },
    (form, status) =>
      showChange(ctx, { status, notices: [{ tone: 'bad', title: form.problems['file'] ?? form.message ?? '' }] }),
  );
}

async function askRemoval(ctx: Ctx): Promise<Reply> {
  const change = await changeView(ctx.read, ctx.actor, ctx.id(), ctx.now);
  const href = changeHref(change.id);
  return page('inventory/confirm', ctx.t('common:action.remove'), {
    title: ctx.t('inventory:change.files.removeAsk', { number: change.number }),
    effects: [ctx.t('inventory:change.files.removeEffect')],
    action: `${href}/attachments/${ctx.id('attachmentId')}/removal`,
    verb: ctx.t('common:action.remove'),
    danger: true,
    cancelHref: href,
    fields: { operationKey: randomUUID() },
  });
}

function remove(ctx: Ctx): Promise<Reply> {
  const changeId = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey: fields.operationKey }),
    async ({ operationKey }) => {
      const command = { changeId, attachmentId: ctx.id('attachmentId') };
      await detachFromChange(ctx.uow, ctx.actor, command, { operationKey });
      const text = ctx.t('inventory:change.files.removed');
      return redirect(`${changeHref(changeId)}#attachments`, { kind: 'ok', text });
    },
    (form, status) => showChange(ctx, { status, notices: [{ tone: 'bad', title: form.message ?? '' }] }),
  );
}
