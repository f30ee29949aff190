import { notFound } from '../../kernel';
import { file, type Route } from '../http';
import type { AttachmentCheck, ModuleManifest } from '../modules';
import { getAttachment, openAttachment } from './attachments';

/**
 * GET /attachments/:id. Whether the reader may see a file is decided by the module that owns its record; a file of a record
 * that no module answers for, or that the reader may not see, is not there.
 */
export function attachmentRoutes(manifests: readonly Pick<ModuleManifest, 'attachments'>[]): Route[] {
  const checks = new Map<string, AttachmentCheck>(
    manifests.flatMap(({ attachments }) => Object.entries(attachments ?? {})),
  );
  return [
    {
      method: 'get',
      path: '/attachments/:id',
      access: 'signed-in',
      handler: async (ctx) => {
        const row = await getAttachment(ctx.read, ctx.id());
        const mayRead = checks.get(row.subjectType);
        if (!mayRead || !(await mayRead(ctx.read, ctx.actor, row.subjectId))) throw notFound('attachment', row.id);
        const inline = row.contentType.startsWith('image/');
        return file(row.name, row.contentType, await openAttachment(ctx.services, row), { inline });
      },
    },
  ];
}
