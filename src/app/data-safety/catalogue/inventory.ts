import type { CatalogueEntry } from './entry';

/** Documents of stock, and what is worked out from it. */
export const inventoryData: Record<string, CatalogueEntry> = {
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
    rest: 'id stocktakeId skuId batchKey bucket expected counted bookPieces movedPieces countedAt countedBy kept postedPieces postedFen version',
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
  consigned_device: {
    retention: 'books',
    personal: {},
    rest: 'id receiptId seq supplierId skuId deviceId mainNumber numbers priceFen taxRateBp taxFen state storeId receivedOn sourceType sourceId sourceNumber sourceOn',
  },
  stock_build: {
    retention: 'books',
    personal: { note: 'note plain', createdByName: 'work plain' },
    rest: 'id number kind storeId locationId businessDate skuId pieces intoBucket state valueFen postedAt reversalNumber createdAt createdBy version',
  },
  stock_build_line: {
    retention: 'books',
    personal: {},
    rest: 'id buildId lineNo direction skuId quantity batchCode expiresOn weightFen valueFen',
  },
  stock_build_device: {
    retention: 'books',
    personal: {},
    rest: 'id buildId lineId seq mainNumber identifiers deviceId',
  },
  loan: {
    retention: 'books',
    personal: { borrower: 'note plain', note: 'note plain', createdByName: 'work plain' },
    rest: 'id number storeId inbound locationId businessDate dueOn purpose state devices stillOut returnCount createdAt createdBy doneAt reversalNumber version',
  },
  loan_return: {
    retention: 'books',
    personal: { note: 'note plain', postedByName: 'work plain' },
    rest: 'id loanId number businessDate devices postedAt',
  },
  loan_device: {
    retention: 'books',
    personal: {},
    rest: 'id loanId deviceId seq mainNumber bucket returnId returnBucket',
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
};
