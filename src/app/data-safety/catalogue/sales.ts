import type { CatalogueEntry } from './entry';

/** Tills and what is sold. */
export const salesData: Record<string, CatalogueEntry> = {
  register: {
    retention: 'master',
    personal: {},
    rest: 'id code name storeId active version createdAt channelIds',
  },
  shift: {
    retention: 'books',
    personal: {
      openedByName: 'name plain',
      closedByName: 'name plain',
      note: 'note plain',
    },
    rest: 'id registerId storeId shiftNumber state openRegisterId businessDate openedById openedAt openingFloatFen closedById closedAt expected counted difference denominations differenceFen version saleCount saleGrossFen',
  },
  sale: {
    retention: 'books',
    personal: {
      cashierName: 'name plain',
      reversedByName: 'name plain',
      note: 'note plain',
      customerId: 'link plain',
      salespersonId: 'link plain',
    },
    rest: 'id saleNumber kind originalSaleId storeId registerId shiftId businessDate soldAt cashierId quantity listFen discountFen grossFen netFen taxFen costFen changeFen state reversedAt version channelId',
  },
  sale_line: {
    retention: 'books',
    personal: {},
    rest: 'id saleId lineNo skuId deviceId quantity listPriceFen discountFen amountFen taxRateBp netFen taxFen costFen originalLineId returnedQuantity priceFrom priceListId',
  },
  sale_tender: {
    retention: 'books',
    personal: {
      reference: 'note plain',
      payer: 'business plain',
    },
    rest: 'id saleId lineNo kind amountFen receivedFen',
  },
  held_sale: {
    retention: 'drafts',
    personal: {
      draft: 'payload masked',
      customerId: 'link plain',
      heldByName: 'name plain',
    },
    rest: 'id storeId registerId kind label quantity amountFen heldById heldAt',
  },
  consignment_out: {
    retention: 'books',
    personal: {
      customerId: 'link plain',
      note: 'note plain',
      createdByName: 'work plain',
    },
    rest: 'id number storeId locationId businessDate dueOn state devices stillOut settled amountFen openFen returnCount createdAt createdBy doneAt reversalNumber version',
  },
  consignment_out_return: {
    retention: 'books',
    personal: { note: 'note plain', postedByName: 'work plain' },
    rest: 'id documentId number businessDate devices postedAt',
  },
  consignment_out_device: {
    retention: 'books',
    personal: {},
    rest: 'id outId deviceId skuId seq mainNumber bucket priceFen returnId returnBucket settlementId soldFen',
  },
  consignment_sale: {
    retention: 'books',
    personal: {
      customerId: 'link plain',
      reference: 'note plain',
      note: 'note plain',
      createdByName: 'work plain',
      reversedByName: 'work plain',
      reversalReason: 'note plain',
    },
    rest: 'id number storeId saleId businessDate dueOn devices amountFen commissionFen commissionTaxFen state createdAt createdBy reversedAt reversalNumber version',
  },
  collection: {
    retention: 'books',
    personal: {
      customerId: 'link plain',
      reference: 'note plain',
      note: 'note plain',
      createdByName: 'work plain',
      reversedByName: 'work plain',
      reversalReason: 'note plain',
    },
    rest: 'id number storeId account businessDate amountFen state createdAt createdBy reversedAt reversalNumber version',
  },
  collection_line: {
    retention: 'books',
    personal: {},
    rest: 'id collectionId openItemId amountFen',
  },
  sale_approval: {
    retention: 'books',
    personal: {
      requestedByName: 'name plain',
      approvedByName: 'name plain',
    },
    rest: 'id saleId lineNo skuId floorFen priceFen requestedById approvedById approvedAt floorFromCost',
  },
};
