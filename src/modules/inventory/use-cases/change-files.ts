import { notFound } from '../../../kernel';
import { getAttachment, removeAttachment, saveAttachment } from '../../../platform/attachments';
import type { AttachmentRule } from '../../../platform/modules';
import { type Actor, authorise } from '../../../platform/permissions';
import type { Services } from '../../../platform/services';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { rightOf } from '../queries/change-reasons';
import { assertDraft, getChange } from '../store/change.store';
import { stockChange } from '../store/change.table';

export const CHANGE_FILES = 'inventory.change';

/** Photographs of what is broken, a police report: kept with a document in whatever state it is. Throws errors:form at `file`. */
export async function attachToChange(
  services: Pick<Services, 'uow' | 'config' | 'keys'>,
  actor: Actor,
  { changeId, files }: { changeId: number; files: readonly { name: string; content: Buffer }[] },
): Promise<void> {
  const row = await getChange(services.uow.database.read, changeId);
  authorise(actor, rightOf(row.effect), row.storeId);
  for (const { name, content } of files)
    await saveAttachment(services, actor, { subjectType: CHANGE_FILES, subjectId: row.id, name, content });
}

/** Only while it may be changed: what somebody approved or posted keeps its evidence. Throws 409 afterwards. */
export function detachFromChange(
  uow: UnitOfWork,
  actor: Actor,
  { changeId, attachmentId }: { changeId: number; attachmentId: number },
  options?: RunOptions,
): Promise<void> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await getChange(unit, changeId);
      authorise(actor, rightOf(row.effect), row.storeId);
      const file = await getAttachment(unit, attachmentId);
      if (file.subjectType !== CHANGE_FILES || file.subjectId !== row.id) throw notFound('attachment', attachmentId);
      assertDraft(row);
      await removeAttachment(unit, attachmentId);
    },
    options,
  );
}

/** Who sees the document sees its files. */
export const changeFilesRule: AttachmentRule = {
  permission: 'inventory.change.view',
  storeOf: async (read, id) => (await read.get(stockChange, id))?.storeId,
};
