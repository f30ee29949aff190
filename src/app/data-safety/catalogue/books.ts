import type { CatalogueEntry } from './entry';

/** The books: nothing in them is ever deleted. */
export const booksData: Record<string, CatalogueEntry> = {
  account: {
    retention: 'books',
    personal: {},
    rest: 'id code name nameEn kind book active version',
  },
  account_role: {
    retention: 'books',
    personal: {},
    rest: 'id role accountId',
  },
  accounting_period: {
    retention: 'books',
    personal: {},
    rest: 'id month closedAt closedBy version',
  },
  posting: {
    retention: 'books',
    personal: {
      actorName: 'name plain',
    },
    rest: 'id documentType documentId kind documentNumber businessDate storeId reversesId postedAt actorId deviceEvents stockEntries journalLines openedItems settlements',
  },
  device: {
    retention: 'books',
    personal: {},
    rest: 'id skuId state storeId locationId bucket ownership costFen priceFen grade batteryHealth supplierId receivedOn stockedOn makerWarrantyUntil shopWarrantyUntil sourcePostingId lastSeq version',
  },
  device_identifier: {
    retention: 'books',
    personal: {
      value: 'device plain',
      activeKey: 'device plain',
      tail: 'device plain',
    },
    rest: 'id deviceId kind position endedAt',
  },
  device_event: {
    retention: 'books',
    personal: {
      actorName: 'name plain',
      detail: 'payload plain',
    },
    rest: 'id deviceId seq at businessDate postingId event fromState fromStoreId fromLocationId fromBucket fromOwnership toState toStoreId toLocationId toBucket toOwnership costChangeFen costAfterFen changes actorId',
  },
  stock_balance: {
    retention: 'books',
    personal: {},
    rest: 'id storeId locationId skuId batchKey bucket byDevice quantity valueFen updatedAt',
  },
  stock_freeze: {
    retention: 'books',
    personal: {},
    rest: 'id locationId skuId documentType documentId documentNumber since',
  },
  stock_entry: {
    retention: 'books',
    personal: {},
    rest: 'id postingId balanceId storeId locationId skuId batchKey bucket quantity valueFen businessDate at',
  },
  journal_entry: {
    retention: 'books',
    personal: {},
    rest: 'id postingId businessDate storeId',
  },
  journal_line: {
    retention: 'books',
    personal: {},
    rest: 'id entryId lineNo accountId debitFen creditFen storeId partyType partyId skuId businessDate',
  },
  open_item: {
    retention: 'books',
    personal: {},
    rest: 'id postingId partyType partyId direction storeId amountFen settledFen openedOn dueOn',
  },
  settlement: {
    retention: 'books',
    personal: {},
    rest: 'id postingId openItemId amountFen businessDate at',
  },
};
