import { col, defineTable } from '../database';

/** A file that belongs to a record. The content lies on disk under its SHA-256 and may be shared by several rows. */
export const attachment = defineTable(
  'attachment',
  {
    id: col.id().primary(),
    sha256: col.code(64),
    name: col.text(120),
    contentType: col.code(80),
    sizeBytes: col.quantity(),
    /** What it belongs to, as the owner module names it: `purchasing.receipt`. */
    subjectType: col.code(40),
    subjectId: col.id(),
    createdBy: col.id().nullable(),
    createdAt: col.instant(),
    removedAt: col.instant().nullable(),
  },
  {
    indexes: [
      { name: 'ix_attachment_subject', columns: ['subjectType', 'subjectId'] },
      { name: 'ix_attachment_sha256', columns: ['sha256'] },
    ],
  },
);
