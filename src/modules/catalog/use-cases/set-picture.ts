import { invalidField, notFound } from '../../../kernel';
import { removeAttachment, saveAttachment, sniffType } from '../../../platform/attachments';
import { type Actor, authorise } from '../../../platform/permissions';
import type { Services } from '../../../platform/services';
import { product } from '../store/catalog.table';

export const MAX_PICTURE_BYTES = 5 * 1024 * 1024;

/** Shows another picture of a model; the one before is taken off. Throws errors:form at `file` for what is no picture. */
export async function setProductPicture(
  services: Pick<Services, 'uow' | 'config' | 'keys'>,
  actor: Actor,
  command: { id: number; name: string; content: Buffer },
): Promise<void> {
  authorise(actor, 'catalog.product.edit');
  const { id, name, content } = command;
  if (!(await services.uow.database.read.get(product, id))) throw notFound('catalog.product', id);
  if (content.length > MAX_PICTURE_BYTES) throw invalidField('file', 'catalog:error.picture_size');
  if (!sniffType(content, name)?.picture) throw invalidField('file', 'catalog:error.picture_kind');
  const { attachmentId } = await saveAttachment(services, actor, {
    subjectType: 'catalog.product',
    subjectId: id,
    name,
    content,
  });
  await services.uow.run(actor, async (unit) => {
    await unit.lock(product, [id]);
    const before = await unit.get(product, id);
    await unit.update(product, id, { pictureId: attachmentId, updatedAt: unit.now });
    if (before?.pictureId) await removeAttachment(unit, before.pictureId);
    await unit.audit({
      action: 'catalog.product.picture',
      subjectType: 'catalog.product',
      subjectId: id,
      detail: { before: before?.pictureId ?? null, after: attachmentId },
    });
  });
}
