import { paperRoutes } from '../../../platform/attachments';
import { page } from '../../../platform/http';
import { changeView } from '../queries/change-page';
import { attachToChange, detachFromChange } from '../use-cases/change-files';
import { showChange } from './show-change';

export const changeAttachmentRoutes = paperRoutes({
  path: '/inventory/changes/:id',
  // Which right it takes follows from what the document does; the use case asks for it.
  access: { permission: 'inventory.change.view' },
  number: async (ctx) => (await changeView(ctx.read, ctx.actor, ctx.id(), ctx.now)).number,
  attach: (ctx, changeId, files) => attachToChange(ctx.services, ctx.actor, { changeId, files }),
  detach: (ctx, { documentId: changeId, attachmentId }, operationKey) =>
    detachFromChange(ctx.uow, ctx.actor, { changeId, attachmentId }, { operationKey }),
  show: (ctx, status, title) => showChange(ctx, { status, notices: [{ tone: 'bad', title }] }),
  confirm: (ctx, confirm) => page('inventory/confirm', confirm.verb, { ...confirm }),
});
