import { col, defineTable } from '../../platform/database';

/** A month; one without a row is open. */
export const accountingPeriod = defineTable(
  'accounting_period',
  {
    id: col.id().primary(),
    /** YYYY-MM */
    month: col.code(7),
    closedAt: col.instant().nullable(),
    closedBy: col.id().nullable(),
    version: col.int(),
  },
  { indexes: [{ name: 'ux_period_month', columns: ['month'], unique: true }] },
);

/** `post` for the document itself, `reversal` for its 红冲. */
export type PostingKind = 'post' | 'reversal';

/** Append-only. The counts say how many rows of each book belong to it, so that a missing one is found. */
export const posting = defineTable(
  'posting',
  {
    id: col.id().primary(),
    documentType: col.code(40),
    documentId: col.id(),
    kind: col.code<PostingKind>(10),
    documentNumber: col.code(40),
    businessDate: col.date(),
    storeId: col.id(),
    reversesId: col.id().nullable().references('posting'),
    postedAt: col.instant(),
    actorId: col.id().nullable(),
    actorName: col.text(80),
    deviceEvents: col.int(),
    stockEntries: col.int(),
    journalLines: col.int(),
    openedItems: col.int(),
    settlements: col.int(),
  },
  {
    indexes: [
      { name: 'ux_posting_document', columns: ['documentType', 'documentId', 'kind'], unique: true },
      { name: 'ux_posting_reverses', columns: ['reversesId'], unique: true, where: 'reverses_id IS NOT NULL' },
      { name: 'ix_posting_number', columns: ['documentNumber'] },
      { name: 'ix_posting_store', columns: ['storeId', 'businessDate'] },
    ],
  },
);
