import type { CatalogueEntry } from './entry';

/** Suppliers, and what is ordered, received, invoiced and claimed. */
export const purchasingData: Record<string, CatalogueEntry> = {
  supplier: {
    retention: 'master',
    personal: {
      name: 'business plain',
      searchKey: 'business plain',
      contact: 'name emptied',
      contactCipher: 'name encrypted',
      contactHash: 'name hashed',
      phone: 'phone emptied',
      phoneCipher: 'phone encrypted',
      phoneHash: 'phone hashed',
      bankAccount: 'account emptied',
      bankAccountCipher: 'account encrypted',
      bank: 'business plain',
      taxNumber: 'business plain',
      address: 'business plain',
      note: 'note plain',
    },
    rest: 'id code category paymentTerms paymentDays creditLimitFen leadDays active createdAt version',
  },
  supplier_contact: {
    retention: 'master',
    personal: {
      nameCipher: 'name encrypted',
      phoneCipher: 'phone encrypted',
      note: 'note plain',
    },
    rest: 'id supplierId duty createdAt version',
  },
  supplier_bank_change: {
    retention: 'books',
    personal: {
      bank: 'business plain',
      accountCipher: 'account encrypted',
      reason: 'note plain',
      requestedByName: 'name plain',
      decidedByName: 'name plain',
      decision: 'note plain',
    },
    rest: 'id supplierId state requestedAt requestedBy decidedAt decidedBy version',
  },
  receipt: {
    retention: 'books',
    personal: {
      note: 'note plain',
      reversalReason: 'note plain',
    },
    rest: 'id number supplierId storeId locationId businessDate deliveryNote withInvoice state lineCount quantity received netFen taxFen grossFen createdAt createdBy postedAt postedBy reversedAt reversedBy reversalNumber blind version',
  },
  receipt_line: {
    retention: 'books',
    personal: {},
    rest: 'id receiptId lineNo skuId quantity countsScans received unitPriceFen taxRateBp amountFen taxFen batchCode version expiresOn orderLineId clearedPieces clearedFen returnLineId',
  },
  receipt_device: {
    retention: 'books',
    personal: {
      addedByName: 'name plain',
    },
    rest: 'id receiptId lineId seq mainNumber imei1 imei2 meid sn checkOverride addedAt addedBy deviceId boxNo',
  },
  packing_list: {
    retention: 'books',
    personal: {
      createdByName: 'name plain',
    },
    rest: 'id receiptId supplierId attachmentId fileName sheet headerRow mapping heads state taken wrong createdAt createdBy takenAt version',
  },
  supplier_code: {
    retention: 'master',
    personal: {
      createdByName: 'name plain',
    },
    rest: 'id supplierId code skuId createdAt',
  },
  receipt_scan: {
    retention: 'books',
    personal: {
      text: 'device plain',
    },
    rest: 'id receiptId scanKey outcome lineId reason details scannedAt actorId settledAt',
  },
  receipt_clearing: {
    retention: 'books',
    personal: {},
    rest: 'id documentType documentId documentLineId receiptLineId pieces clearedFen',
  },
  purchase_return: {
    retention: 'books',
    personal: {
      reason: 'note plain',
      note: 'note plain',
      createdByName: 'name plain',
      reversalReason: 'note plain',
    },
    rest: 'id number supplierId storeId locationId businessDate state exchange lineCount quantity foreignPieces grossFen taxFen costFen createdAt createdBy postedAt reversedAt reversalNumber version creditNoteNumber creditNoteOn',
  },
  purchase_return_line: {
    retention: 'books',
    personal: {},
    rest: 'id returnId lineNo skuId bucket batchCode quantity boughtFen unitPriceFen taxRateBp amountFen taxFen costFen foreignPieces version',
  },
  purchase_return_device: {
    retention: 'books',
    personal: {
      addedByName: 'name plain',
    },
    rest: 'id returnId lineId seq deviceId mainNumber foreignPiece addedAt',
  },
  supplier_invoice: {
    retention: 'books',
    personal: {
      note: 'note plain',
      createdByName: 'name plain',
      approvedByName: 'name plain',
      reversalReason: 'note plain',
    },
    rest: 'id number supplierId storeId invoiceNumber activeKey deductible invoicedOn dueOn businessDate state totalFen lineCount quantity grossFen taxFen beyondLines accruedFen heldFen adjustedFen createdAt createdBy submittedAt submittedBy approvedAt postedAt reversedAt reversalNumber version',
  },
  supplier_inv_line: {
    retention: 'books',
    personal: { text: 'note plain' },
    rest: 'id invoiceId lineNo kind receiptLineId storeId skuId quantity amountFen taxRateBp taxFen accruedFen heldFen adjustedFen version',
  },
  supplier_inv_share: {
    retention: 'books',
    personal: {},
    rest: 'id invoiceId lineId deviceId pieces held amountFen salePostingId',
  },
  price_protection: {
    retention: 'books',
    personal: {
      reference: 'note plain',
      note: 'note plain',
      createdByName: 'name plain',
      refusalReason: 'note plain',
      reversalReason: 'note plain',
    },
    rest: 'id number supplierId storeId effectiveAt effectiveOn windowDays withTax state businessDate deviceCount heldCount transitCount soldCount claimedFen agreedFen taxFen stockFen settledFen dueOn createdAt createdBy submittedAt submittedOn agreedAt closedAt reversalNumber version',
  },
  price_protection_line: {
    retention: 'books',
    personal: {},
    rest: 'id claimId lineNo skuId oldPriceFen newPriceFen unitFen agreedUnitFen taxRateBp version',
  },
  price_protection_device: {
    retention: 'books',
    personal: {
      mainNumber: 'device plain',
    },
    rest: 'id claimId seq deviceId lineId coverage reason storeId soldOn saleType saleId saleNumber claimedFen agreedFen netFen stockFen costDropFen',
  },
  rebate: {
    retention: 'books',
    personal: {
      note: 'note plain',
      createdByName: 'name plain',
    },
    rest: 'id number supplierId storeId name kind fromOn toOn brandId categoryId productId taxRateBp tiers state accruedUntil earnedFen taxFen settledFen createdAt version',
  },
  rebate_run: {
    retention: 'books',
    personal: { ranByName: 'name plain' },
    rest: 'id rebateId number untilOn pieces amountFen tierNo earnedFen changeFen taxFen businessDate ranAt',
  },
  rebate_row: {
    retention: 'books',
    personal: {},
    rest: 'id runId seq documentType documentId documentNumber businessDate storeId skuId deviceId pieces amountFen',
  },
  consignment: {
    retention: 'books',
    personal: { note: 'note plain', createdByName: 'name plain', postedByName: 'name plain' },
    rest: 'id kind number supplierId storeId locationId businessDate state devices grossFen taxFen untilOn dueOn invoiceNumber createdAt createdBy postedAt reversalNumber version',
  },
  consignment_row: {
    retention: 'books',
    personal: {},
    rest: 'id consignmentId seq consignedId openItemId agreedFen priceFen taxFen',
  },
  claim_settlement: {
    retention: 'books',
    personal: {
      reference: 'note plain',
      settledByName: 'name plain',
    },
    rest: 'id number claimType claimId supplierId storeId method claimFen amountFen businessDate state settledAt reversalNumber version',
  },
  purchase_order: {
    retention: 'books',
    personal: {
      note: 'note plain',
      createdByName: 'name plain',
      endReason: 'note plain',
    },
    rest: 'id number supplierId storeId orderedOn expectedOn state lineCount quantity received grossFen taxFen createdAt createdBy submission submittedAt submittedBy approvedAt endedAt version',
  },
  purchase_order_line: {
    retention: 'books',
    personal: {},
    rest: 'id orderId lineNo storeId skuId quantity received givenUp unitPriceFen taxRateBp amountFen taxFen expectedOn version',
  },
  purchase_order_approval: {
    retention: 'books',
    personal: {
      decidedByName: 'name plain',
    },
    rest: 'id orderId submission place name fromFen roleCode own decidedAt decidedBy',
  },
  supplier_price: {
    retention: 'master',
    personal: { createdByName: 'name plain' },
    rest: 'id supplierId skuId fromOn untilOn minQuantity packSize unitPriceFen createdAt version',
  },
  requisition: {
    retention: 'books',
    personal: {
      reason: 'note plain',
      createdByName: 'name plain',
      decidedByName: 'name plain',
      endReason: 'note plain',
    },
    rest: 'id number storeId requestedOn wantedOn state lineCount quantity createdAt createdBy submittedAt decidedAt version',
  },
  requisition_line: {
    retention: 'books',
    personal: { reason: 'note plain' },
    rest: 'id requisitionId lineNo skuId quantity ordered received givenUp version',
  },
  requisition_order: {
    retention: 'books',
    personal: {},
    rest: 'id requisitionLineId orderLineId quantity ordered received',
  },
  replenishment_rule: {
    retention: 'master',
    personal: {},
    rest: 'id storeId skuId ruleKey minimum maximum coverDays leadDays packSize version',
  },
  replenishment_line: {
    retention: 'master',
    personal: {},
    rest: 'id runId kind storeId skuId fromStoreId supplierId quantity coverTenths figures state documentId documentNumber',
  },
};
