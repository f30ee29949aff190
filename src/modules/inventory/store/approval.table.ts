import { col, defineTable, type Row } from '../../../platform/database';

/** A level that a document of stock has to pass, as the rules were when it was submitted. */
export const stockApproval = defineTable(
  'stock_approval',
  {
    id: col.id().primary(),
    documentType: col.code<ApprovedDocument>(40),
    documentId: col.id(),
    submission: col.int(),
    place: col.int(),
    name: col.text(40),
    fromFen: col.money(),
    roleCode: col.code(40).nullable(),
    own: col.bool(),
    decidedAt: col.instant().nullable(),
    decidedBy: col.id().nullable(),
    decidedByName: col.text(80).nullable(),
  },
  {
    indexes: [
      { name: 'ux_stock_approval', columns: ['documentType', 'documentId', 'submission', 'place'], unique: true },
    ],
  },
);

export type ApprovedDocument = 'inventory.change' | 'inventory.stocktake';
export type StockApprovalRow = Row<typeof stockApproval>;
