import type { Readable } from 'node:stream';
import { invalid, notFound } from '../../kernel';
import { type Reader, type Row, sql } from '../database';
import type { Actor } from '../permissions';
import type { Services } from '../services';
import type { Unit } from '../unit-of-work';
import { openFileStore } from './file-store';
import { sniffType } from './file-types';
import { attachment } from './tables';

export const MAX_ATTACHMENT_BYTES = 20 * 1024 * 1024;

export type AttachmentRow = Row<typeof attachment>;

export interface AttachmentCommand {
  /** What it belongs to, as the owner module names it: `purchasing.receipt`. */
  subjectType: string;
  subjectId: number;
  /** As the browser sent it; for display only. */
  name: string;
  content: Buffer;
}

/**
 * Keeps a file with a record. The owner module has checked that the actor may change the record. Throws errors:form with the
 * field `file` when it is empty, too large or of a kind that is not allowed.
 */
export async function saveAttachment(
  { uow, config, keys }: Pick<Services, 'uow' | 'config' | 'keys'>,
  actor: Actor,
  command: AttachmentCommand,
): Promise<{ attachmentId: number }> {
  const { content, subjectType, subjectId } = command;
  const name = displayName(command.name);
  const refuse = (code: string, details = {}) => invalid('errors:form', {}, [{ path: 'file', code, details }]);
  if (content.length === 0) throw refuse('attachments:error.empty', { name });
  if (content.length > MAX_ATTACHMENT_BYTES)
    throw refuse('attachments:error.too_large', { name, limit: MAX_ATTACHMENT_BYTES / 1024 / 1024 });
  const type = sniffType(content, name);
  if (!type) throw refuse('attachments:error.kind', { name });
  const sha256 = await openFileStore(config.dataDir, keys).put(content);
  return uow.run(actor, async (unit) => {
    const id = unit.takeIds(attachment);
    await unit.insert(attachment, [
      {
        id,
        sha256,
        name,
        contentType: type.contentType,
        sizeBytes: content.length,
        subjectType,
        subjectId,
        createdBy: actor.userId,
        createdAt: unit.now,
      },
    ]);
    await unit.audit({ action: 'attachments.file.add', subjectType, subjectId, detail: { attachmentId: id, sha256 } });
    return { attachmentId: id };
  });
}

/** The files of a record, the oldest first. */
export async function attachmentsOf(read: Reader, subjectType: string, subjectId: number): Promise<AttachmentRow[]> {
  return read.find(attachment, { subjectType, subjectId, removedAt: null });
}

export async function getAttachment(read: Reader, id: number): Promise<AttachmentRow> {
  const row = await read.get(attachment, id);
  if (!row || row.removedAt !== null) throw notFound('attachment', id);
  return row;
}

/** The content as a stream; 404 when the file is gone from the disk. */
export async function openAttachment(
  { config, keys }: Pick<Services, 'config' | 'keys'>,
  row: AttachmentRow,
): Promise<Readable> {
  try {
    return await openFileStore(config.dataDir, keys).read(row.sha256);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw notFound('attachment', row.id);
    throw error;
  }
}

/** Takes a file off its record. The content stays for the backups' sake. The owner module has checked the right. */
export async function removeAttachment(unit: Unit, id: number): Promise<void> {
  const row = await getAttachment(unit, id);
  await unit.execute(sql`UPDATE attachment SET removed_at = ${unit.now} WHERE id = ${id} AND removed_at IS NULL`);
  const { subjectType, subjectId } = row;
  await unit.audit({ action: 'attachments.file.remove', subjectType, subjectId, detail: { attachmentId: id } });
}

/** The last part of a path in either notation, without what no file system or header likes; never empty. */
export function displayName(name: string): string {
  const last = name.normalize('NFC').split(/[\\/]/).at(-1) ?? '';
  const clean = last
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}"<>|:*?]/gu, '')
    .replace(/^[.\s]+|[.\s]+$/g, '')
    .replace(/\s+/g, ' ');
  const characters = [...clean];
  if (characters.length <= 120) return clean || 'file';
  const ending = /\.[A-Za-z0-9]{1,5}$/.exec(clean)?.[0] ?? '';
  return characters.slice(0, 120 - ending.length).join('') + ending;
}
