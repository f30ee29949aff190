import { getAttachment, openAttachment, saveAttachment } from '../../../platform/attachments';
import { previewFile } from '../../../platform/imports';
import { type Actor, authorise } from '../../../platform/permissions';
import type { Services } from '../../../platform/services';
import { PACKING_COLUMNS } from '../domain/packing-rows';
import { usualHeads } from '../queries/packing-facts';
import { packingList, type PackingListRow } from '../store/packing.table';
import { assertDraft, getReceipt } from '../store/receipt.store';
import { RECEIPT_FILES } from './receipt-files';

const EDIT = 'purchasing.receipt.edit';

/** Keeps the file with the receipt and reads its columns, as those of the supplier's last file where they are called alike. */
export async function startPackingList(
  services: Pick<Services, 'uow' | 'config' | 'keys' | 'database'>,
  actor: Actor,
  { receiptId, name, content }: { receiptId: number; name: string; content: Buffer },
): Promise<{ id: number }> {
  const row = await getReceipt(services.database.read, receiptId);
  authorise(actor, EDIT, row.storeId);
  assertDraft(row);
  const { sheet, header } = await previewFile(content, PACKING_COLUMNS);
  const mapping = remembered(await usualHeads(services.database.read, row.supplierId), header);
  const { attachmentId } = await saveAttachment(services, actor, {
    subjectType: RECEIPT_FILES,
    subjectId: row.id,
    name,
    content,
  });
  return services.uow.run(actor, async (unit) => {
    const id = unit.takeIds(packingList);
    const { supplierId } = row;
    await unit.insert(packingList, [
      {
        id,
        receiptId,
        supplierId,
        attachmentId,
        fileName: name.slice(0, 200) || 'file',
        sheet,
        headerRow: header.row,
        mapping,
        heads: headsOf(mapping, header.names),
        state: 'open',
        taken: 0,
        wrong: 0,
        createdAt: unit.now,
        createdBy: actor.userId,
        createdByName: actor.name,
        takenAt: null,
        version: 1,
      },
    ]);
    return { id };
  });
}

/** The supplier's own words go before the usual ones. */
function remembered(
  heads: Record<string, string>,
  header: { names: readonly string[]; mapping: Record<string, number> },
): Record<string, number> {
  const mapping: Record<string, number> = {};
  for (const [key, name] of Object.entries(heads)) {
    const place = header.names.indexOf(name);
    if (place >= 0) mapping[key] = place;
  }
  const used = new Set(Object.values(mapping));
  for (const [key, place] of Object.entries(header.mapping))
    if (mapping[key] === undefined && !used.has(place)) mapping[key] = place;
  return mapping;
}

export const headsOf = (mapping: Record<string, number>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(mapping).map(([key, place]) => [key, names[place] ?? '']));

/** The content of the file of a list. */
export async function packingContent(services: Services, list: PackingListRow): Promise<Buffer> {
  const row = await getAttachment(services.database.read, list.attachmentId);
  const chunks: Buffer[] = [];
  for await (const chunk of await openAttachment(services, row)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
