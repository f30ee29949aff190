import { notFound } from '../../kernel';
import type { Reader } from '../database';
import { file, type Route } from '../http';
import type { ModuleManifest } from '../modules';
import { type Actor, can } from '../permissions';
import { getAttachment, openAttachment } from './attachments';

/**
 * GET /attachments/:id. The module that owns the record says which right its files need and in which store the record is. A
 * file of a record that the reader may not see, that is gone, or that no module answers for (it is off), is not there.
 */
export function attachmentRoutes(active: () => Promise<readonly Pick<ModuleManifest, 'attachments'>[]>): Route[] {
  const mayRead = async (read: Reader, actor: Actor, subjectType: string, subjectId: number): Promise<boolean> => {
    const rule = (await active()).map(({ attachments }) => attachments?.[subjectType]).find(Boolean);
    const storeId = await rule?.storeOf(read, subjectId);
    if (!rule || storeId === undefined) return false;
    return can(actor, rule.permission, storeId ?? undefined);
  };
  return [
    {
      method: 'get',
      path: '/attachments/:id',
      access: 'signed-in',
      handler: async (ctx) => {
        const row = await getAttachment(ctx.read, ctx.id());
        if (!(await mayRead(ctx.read, ctx.actor, row.subjectType, row.subjectId))) throw notFound('attachment', row.id);
        const inline = row.contentType.startsWith('image/');
        return file(row.name, row.contentType, await openAttachment(ctx.services, row), { inline });
      },
    },
  ];
}
