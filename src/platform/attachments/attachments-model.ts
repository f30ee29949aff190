import type { Ctx } from '../http';
import type { Attachments } from '../views';
import type { AttachmentRow } from './attachments';

/**
 * The files of a record for components/attachments. With `upload` files may be added at its action, and each may be removed
 * at `<action>/<id>/removal`. A file that does not open for this reader is named only.
 */
export function attachmentsModel(
  { f }: Pick<Ctx, 'f'>,
  files: readonly AttachmentRow[],
  upload: { action: string; hint?: string; accept?: string } | null,
  opens: (file: AttachmentRow) => boolean = () => true,
): Attachments {
  return {
    files: files.map((row) => ({
      name: row.name,
      ...(opens(row) ? opening(row) : {}),
      say: `${f.fileSize(row.sizeBytes)} · ${f.dateTime(row.createdAt)}`,
      ...(upload ? { removeHref: `${upload.action}/${row.id}/removal` } : {}),
    })),
    ...(upload ? { upload } : {}),
  };
}

function opening({ id, contentType }: AttachmentRow): { href: string; thumbnailHref?: string } {
  const href = `/attachments/${id}`;
  return contentType.startsWith('image/') ? { href, thumbnailHref: href } : { href };
}
