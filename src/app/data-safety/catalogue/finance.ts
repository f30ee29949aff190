import type { CatalogueEntry } from './entry';

/** Payments. */
export const financeData: Record<string, CatalogueEntry> = {
  payment: {
    retention: 'books',
    personal: {
      note: 'note plain',
      createdByName: 'name plain',
      approvedByName: 'name plain',
      postedByName: 'name plain',
      reversalReason: 'note plain',
    },
    rest: 'id number supplierId storeId account businessDate state amountFen payableFen creditFen reference lineCount createdAt createdBy submittedBy approvedAt approvedBy postedAt reversedAt reversalNumber version',
  },
  payment_line: {
    retention: 'books',
    personal: {},
    rest: 'id paymentId openItemId amountFen',
  },
};
