import { forbidden, notFound } from '../../../kernel';
import { getAttachment, type NewFile, removeAttachment, saveAttachment } from '../../../platform/attachments';
import type { AttachmentRule } from '../../../platform/modules';
import type { Actor } from '../../../platform/permissions';
import type { Services } from '../../../platform/services';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { canAtEither } from '../queries/transfer-rights';
import { getTransfer } from '../store/transfer.store';
import { transfer, type TransferRow } from '../store/transfer.table';

export const TRANSFER_FILES = 'inventory.transfer';

const WORKS = ['create', 'send', 'receive'].map((work) => `inventory.transfer.${work}`);

/** Who asks for goods, sends or receives them, in one of both stores. */
export const worksOnTransfer = (actor: Actor, row: Pick<TransferRow, 'fromStoreId' | 'toStoreId'>): boolean =>
  WORKS.some((permission) => canAtEither(actor, permission, row));

/** Waybill, photographs of a damaged box: kept with a transfer in whatever state it is. Throws errors:form at `file`. */
export async function attachToTransfer(
  services: Pick<Services, 'uow' | 'config' | 'keys'>,
  actor: Actor,
  { transferId, files }: { transferId: number; files: readonly NewFile[] },
): Promise<void> {
  const row = await getTransfer(services.uow.database.read, transferId);
  if (!worksOnTransfer(actor, row)) throw forbidden('inventory.transfer.receive');
  for (const { name, content } of files)
    await saveAttachment(services, actor, { subjectType: TRANSFER_FILES, subjectId: row.id, name, content });
}

export function detachFromTransfer(
  uow: UnitOfWork,
  actor: Actor,
  { transferId, attachmentId }: { transferId: number; attachmentId: number },
  options?: RunOptions,
): Promise<void> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await getTransfer(unit, transferId);
      if (!worksOnTransfer(actor, row)) throw forbidden('inventory.transfer.receive');
      const file = await getAttachment(unit, attachmentId);
      if (file.subjectType !== TRANSFER_FILES || file.subjectId !== row.id) throw notFound('attachment', attachmentId);
      await removeAttachment(unit, attachmentId);
    },
    options,
  );
}

/** Who sees the transfer sees its files. */
export const transferFilesRule: AttachmentRule = {
  permission: 'inventory.transfer.view',
  storeOf: async (read, id) => {
    const row = await read.get(transfer, id);
    return row && [row.fromStoreId, row.toStoreId];
  },
};
