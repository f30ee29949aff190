import { notFound } from '../../kernel';
import type { Reader } from '../database';
import { file, type Route } from '../http';
import type { AttachmentRule, ModuleManifest } from '../modules';
import { type Actor, can, COST_PERMISSION } from '../permissions';
import { type AttachmentRow, getAttachment, openAttachment } from './attachments';

/** For who may see the record: whether this file of it opens, too. */
export function mayReadContent(
  actor: Actor,
  { showCost }: Pick<AttachmentRule, 'showCost'>,
  file: Pick<AttachmentRow, 'createdBy'>,
  storeId: number | null,
): boolean {
  if (!showCost || can(actor, COST_PERMISSION, storeId ?? undefined)) return true;
  return actor.userId !== null && file.createdBy === actor.userId;
}

/**
 * GET /attachments/:id. The module that owns the record says which right its files need and in which store the record is. A
 * file of a record that the reader may not see, that is gone, or that no module answers for (it is off), is not there.
 */
export function attachmentRoutes(active: () => Promise<readonly Pick<ModuleManifest, 'attachments'>[]>): Route[] {
  const mayRead = async (read: Reader, actor: Actor, row: AttachmentRow): Promise<boolean> => {
    const rule = (await active()).map(({ attachments }) => attachments?.[row.subjectType]).find(Boolean);
    const found = await rule?.storeOf(read, row.subjectId);
    if (!rule || found === undefined) return false;
    const stores = typeof found === 'number' || found === null ? [found] : found;
    return stores.some(
      (storeId) => can(actor, rule.permission, storeId ?? undefined) && mayReadContent(actor, rule, row, storeId),
    );
  };
  return [
    {
      method: 'get',
      path: '/attachments/:id',
      access: 'signed-in',
      handler: async (ctx) => {
        const row = await getAttachment(ctx.read, ctx.id());
        if (!(await mayRead(ctx.read, ctx.actor, row))) throw notFound('attachment', row.id);
        const inline = row.contentType.startsWith('image/');
        return file(row.name, row.contentType, await openAttachment(ctx.services, row), { inline });
      },
    },
  ];
}
