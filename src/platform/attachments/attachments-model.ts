import type { Row } from '../database';
import type { Ctx } from '../http';
import type { Attachments } from '../views';
import type { attachment } from './tables';

type AttachmentRow = Row<typeof attachment>;

/**
 * The files of a record for components/attachments. With `upload` files may be added at its action, and each may be removed
 * at `<action>/<id>/removal`.
 */
export function attachmentsModel(
  { f }: Pick<Ctx, 'f'>,
  files: readonly AttachmentRow[],
  upload: { action: string; hint?: string; accept?: string } | null,
): Attachments {
  return {
    files: files.map(({ id, name, contentType, sizeBytes, createdAt }) => ({
      name,
      href: `/attachments/${id}`,
      say: `${f.fileSize(sizeBytes)} · ${f.dateTime(createdAt)}`,
      ...(contentType.startsWith('image/') ? { thumbnailHref: `/attachments/${id}` } : {}),
      ...(upload ? { removeHref: `${upload.action}/${id}/removal` } : {}),
    })),
    ...(upload ? { upload } : {}),
  };
}
