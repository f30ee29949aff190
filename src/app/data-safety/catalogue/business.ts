import type { CatalogueEntry } from './entry';

/** Master data and documents of the modules. */
export const businessData: Record<string, CatalogueEntry> = {
  company: {
    retention: 'master',
    personal: {
      phone: 'business plain',
      address: 'business plain',
      taxNumber: 'business plain',
    },
    rest: 'id name currency timeZone version updatedAt',
  },
  store: {
    retention: 'master',
    personal: {
      phone: 'business plain',
      address: 'business plain',
    },
    rest: 'id code name kind active version createdAt',
  },
  location: {
    retention: 'master',
    personal: {},
    rest: 'id storeId code name isDefault active',
  },
  department: {
    retention: 'master',
    personal: {},
    rest: 'id name nameKey active version',
  },
  staff: {
    retention: 'master',
    personal: {
      name: 'name plain',
      searchKey: 'name plain',
      jobTitle: 'work plain',
      phone: 'phone emptied',
      phoneCipher: 'phone encrypted',
    },
    rest: 'id code storeId departmentId active version createdAt',
  },
  brand: {
    retention: 'master',
    personal: {},
    rest: 'id name nameKey searchKey active version',
  },
  category: {
    retention: 'master',
    personal: {},
    rest: 'id parentId depth name nameKey taxRateBp tracking sortOrder active version',
  },
  product: {
    retention: 'master',
    personal: {},
    rest: 'id brandId categoryId name nameKey modelNumber tracking taxRateBp warrantyMonths pictureId active searchKey version createdAt updatedAt',
  },
  sku: {
    retention: 'master',
    personal: {},
    rest: 'id productId code name memory colour network variant variantKey tracking taxRateBp active searchKey version createdAt updatedAt',
  },
  sku_barcode: {
    retention: 'master',
    personal: {},
    rest: 'id skuId value',
  },
  tac: {
    retention: 'master',
    personal: {},
    rest: 'id code brandText modelText productId updatedAt',
  },
  price_list: {
    retention: 'master',
    personal: {},
    rest: 'id code name kind storeId active version createdAt channelId levelId fromOn untilOn',
  },
  price_item: {
    retention: 'master',
    personal: {
      setByName: 'name plain',
    },
    rest: 'id priceListId skuId priceFen floorFen fromAt untilAt setById setAt',
  },
  customer: {
    retention: 'customers',
    personal: {
      name: 'name emptied',
      nameCipher: 'name encrypted',
      searchKey: 'name emptied',
      phoneCipher: 'phone encrypted',
      phoneHash: 'phone hashed',
      phoneHashAlt: 'phone hashed',
      phoneMasked: 'phone masked',
      gender: 'about plain',
      birthOn: 'about emptied',
      birthCipher: 'about encrypted',
      note: 'note emptied',
      noteCipher: 'note encrypted',
      consentAt: 'about plain',
    },
    rest: 'id code nameIndex storeId erasedAt active version createdAt updatedAt levelId',
  },
  customer_name_token: {
    retention: 'customers',
    personal: {
      token: 'name hashed',
      customerId: 'link plain',
    },
    rest: 'id',
  },
  batch: {
    retention: 'books',
    personal: {},
    rest: 'id skuId code expiresOn receivedOn createdAt version',
  },
  opening_stock: {
    retention: 'books',
    personal: {},
    rest: 'id number storeId businessDate state devices quantity valueFen reversalNumber createdBy createdAt version',
  },
  opening_stock_line: {
    retention: 'books',
    personal: {
      imei1: 'device plain',
      imei2: 'device plain',
      sn: 'device plain',
    },
    rest: 'id openingId lineNo skuId locationId quantity valueFen deviceId',
  },
  transfer: {
    retention: 'books',
    personal: {
      note: 'note plain',
      reason: 'note plain',
    },
    rest: 'id number fromStoreId fromLocationId toStoreId toLocationId businessDate expectedOn state markupBp quantity sent received returned lost sentFen stepCount createdAt createdBy sentAt doneAt version',
  },
  transfer_line: {
    retention: 'books',
    personal: {},
    rest: 'id transferId lineNo skuId bucket quantity picked sent counted damaged received returned lost',
  },
  transfer_device: {
    retention: 'books',
    personal: {
      mainNumber: 'device plain',
      pickedByName: 'name plain',
      arrivedByName: 'name plain',
    },
    rest: 'id transferId lineId seq deviceId state bucket arrivedAt damaged pickedAt pickedBy sendStepId endStepId',
  },
  transfer_step: {
    retention: 'books',
    personal: {
      reason: 'note plain',
      postedByName: 'name plain',
    },
    rest: 'id transferId stepNo kind number businessDate quantity valueFen markupFen state bearerStoreId postedAt reversedAt reversalNumber',
  },
  transfer_part: {
    retention: 'books',
    personal: {},
    rest: 'id transferId lineId stepId skuId batchId bucket quantity valueFen openQuantity openFen',
  },
  transfer_take: {
    retention: 'books',
    personal: {},
    rest: 'id stepId partId bucket quantity valueFen',
  },
  transfer_scan: {
    retention: 'books',
    personal: {
      text: 'device plain',
    },
    rest: 'id transferId phase scanKey outcome deviceId reason details scannedAt actorId settledAt',
  },
  stocktake: {
    retention: 'books',
    personal: {},
    rest: 'id number storeId locationId businessDate scope blind state expectedDevices expectedPieces missingDevices takenDevices shortPieces surplusPieces lossFen gainFen note createdAt createdBy startedAt countedAt endedAt reversalNumber frozen amountFen submission submittedAt submittedBy approvedAt version',
  },
  stocktake_device: {
    retention: 'books',
    personal: {
      scannedByName: 'name plain',
    },
    rest: 'id stocktakeId deviceId skuId expected seqSeen arrived scannedAt scannedBy kept verdict',
  },
  stocktake_goods: {
    retention: 'books',
    personal: {
      countedByName: 'name plain',
    },
    rest: 'id stocktakeId skuId batchKey bucket expected counted bookPieces countedAt countedBy kept postedPieces postedFen version',
  },
  stocktake_scan: {
    retention: 'books',
    personal: {
      text: 'device plain',
      number: 'device plain',
      scannedByName: 'name plain',
    },
    rest: 'id stocktakeId scanKey outcome reason details deviceId scannedAt scannedBy',
  },
  stock_change: {
    retention: 'books',
    personal: {
      createdByName: 'name plain',
    },
    rest: 'id number storeId locationId businessDate effect reasonId reasonName note state devices pieces doubleScans wrongScans postedAt reversalNumber account approval amountFen netFen submission submittedAt submittedBy approvedAt createdAt createdBy version',
  },
  stock_approval: {
    retention: 'books',
    personal: {
      decidedByName: 'name plain',
    },
    rest: 'id documentType documentId submission place name fromFen roleCode own decidedAt decidedBy',
  },
  stock_change_line: {
    retention: 'books',
    personal: {
      addedByName: 'name plain',
    },
    rest: 'id changeId lineNo lineKey deviceId skuId batchKey bucket quantity valueFen unitCostFen scanKey addedAt addedBy',
  },
  number_change: {
    retention: 'books',
    personal: {
      createdByName: 'name plain',
    },
    rest: 'id number storeId businessDate reason note state devices lineCount postedAt reversalNumber createdAt createdBy version',
  },
  number_change_line: {
    retention: 'books',
    personal: {
      oldValue: 'device plain',
      newValue: 'device plain',
      addedByName: 'name plain',
    },
    rest: 'id changeId lineNo lineKey deviceId oldKind newKind checkOverride addedAt addedBy',
  },
  device_price_change: {
    retention: 'books',
    personal: {
      createdByName: 'name plain',
    },
    rest: 'id number storeId businessDate way value reason state devices reversalNumber createdAt createdBy version',
  },
  device_price_line: {
    retention: 'books',
    personal: {},
    rest: 'id changeId lineNo deviceId listFen beforeFen afterFen belowFloor',
  },
  device_test: {
    retention: 'books',
    personal: {
      createdByName: 'name plain',
    },
    rest: 'id number deviceId storeId businessDate grade batteryHealth note state failed reversalNumber createdAt createdBy version',
  },
  device_test_result: {
    retention: 'books',
    personal: {},
    rest: 'id testId lineNo name outcome remark',
  },
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
  stock_analysis: {
    retention: 'master',
    personal: {},
    rest: 'id runId weeks storeKey skuId sold netFen costFen openingFen closingFen averageFen quantity turnDays abc xyz variationBp',
  },
  stock_alert: {
    retention: 'master',
    personal: {},
    rest: 'id runId kind storeId skuId otherStoreId quantity limitQuantity wanted days dueOn documentId documentNumber state madeType madeId madeNumber',
  },
  idle_stock: {
    retention: 'master',
    personal: {},
    rest: 'id runId storeId skuId quantity valueFen heldSince lastSoldOn idleDays action toStoreId',
  },
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
    rest: 'id registerId storeId shiftNumber state openRegisterId businessDate openedById openedAt openingFloatFen closedById closedAt expected counted difference denominations differenceFen version',
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
  sale_approval: {
    retention: 'books',
    personal: {
      requestedByName: 'name plain',
      approvedByName: 'name plain',
    },
    rest: 'id saleId lineNo skuId floorFen priceFen requestedById approvedById approvedAt floorFromCost',
  },
};
