import { notFound } from '../../../kernel';
import { getAttachment, removeAttachment, saveAttachment } from '../../../platform/attachments';
import type { AttachmentRule } from '../../../platform/modules';
import { type Actor, authorise } from '../../../platform/permissions';
import type { Services } from '../../../platform/services';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { numberChange } from '../store/number-change.table';
import { NUMBER_PERMISSION } from './number-lines';

export const NUMBER_FILES = 'inventory.number';

/** The maker's slip, a photograph of the box: kept with the document in whatever state it is. Throws errors:form at `file`. */
export async function attachToNumbers(
  services: Pick<Services, 'uow' | 'config' | 'keys'>,
  actor: Actor,
  { id, files }: { id: number; files: readonly { name: string; content: Buffer }[] },
): Promise<void> {
  const row = await services.uow.database.read.get(numberChange, id);
  if (!row) throw notFound('inventory.number', id);
  authorise(actor, NUMBER_PERMISSION, row.storeId);
  for (const { name, content } of files)
    await saveAttachment(services, actor, { subjectType: NUMBER_FILES, subjectId: row.id, name, content });
}

export function detachFromNumbers(
  uow: UnitOfWork,
  actor: Actor,
  { id, attachmentId }: { id: number; attachmentId: number },
  options?: RunOptions,
): Promise<void> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await unit.get(numberChange, id);
      if (!row) throw notFound('inventory.number', id);
      authorise(actor, NUMBER_PERMISSION, row.storeId);
      const file = await getAttachment(unit, attachmentId);
      if (file.subjectType !== NUMBER_FILES || file.subjectId !== row.id) throw notFound('attachment', attachmentId);
      await removeAttachment(unit, attachmentId);
    },
    options,
  );
}

export const numberFilesRule: AttachmentRule = {
  permission: 'inventory.number.view',
  storeOf: async (read, id) => (await read.get(numberChange, id))?.storeId,
};
