export {
  AGE_BANDS,
  type AgeBand,
  AGEING_BAD_DAYS,
  AGEING_WARN_DAYS,
  ageTone,
  daysOfBand,
  deviceStatus,
  type DeviceStatus,
} from './domain/device-status';
export type { OpeningLine } from './domain/opening-posting';
export { batchKeyText, ensureBatches, type WantedBatch } from './use-cases/ensure-batches';
export { deviceTotals, stockCounts } from './queries/device-list';
export { type PlannedTransfer, plannedTransfers } from './queries/planned-transfers';
export { type SetAside, setAside } from './queries/set-aside';
export { stockTotals } from './queries/stock-list';
export { type OpeningStockCommand, postOpeningStock } from './use-cases/post-opening-stock';
export { reverseOpeningStock } from './use-cases/reverse-opening-stock';
export { addTransfer, changeTransfer, type CreateTransfer, createTransfer } from './use-cases/create-transfer';
export { decideTransfer, type DecideTransfer } from './use-cases/decide-transfer';
export { addTransferLine, countTransfer, MAX_TRANSFER_LINES, type NewTransferLine } from './use-cases/transfer-lines';
export {
  pasteIntoTransfer,
  readTransferPaste,
  readTransferScan,
  scanIntoTransfer,
} from './use-cases/scan-into-transfer';
export { sendTransfer, type TransferPosted } from './use-cases/send-transfer';
export { receiveTransfer, type ResolveTransfer, resolveTransfer } from './use-cases/end-transit';
export { reverseTransferStep } from './use-cases/reverse-transfer-step';
export { takeFrom } from './domain/transfer-goods';
export { transfer, transferDevice, transferLine, transferStep } from './store/transfer.table';
export { pickedDevices } from './queries/known-for-change';
export { type ConsignedState, type ConsignedTerms } from './domain/consigned';
export { consignedDevice, type ConsignedDeviceRow } from './store/consigned-device.table';
export { consignedTerms, withAgreedCosts } from './queries/consigned-terms';
export {
  consignedCameBack,
  consignedSoldAgain,
  type ConsignedSource,
  markConsignedSold,
  type OwedDevice,
  owedDevices,
  takeBackConsigned,
} from './store/consigned.store';
export { stockChange } from './store/change.table';
export { createChange } from './use-cases/create-change';
export { addGoodsToChange, scanIntoChange } from './use-cases/change-lines';
export { submitChange } from './use-cases/decide-change';
export { postChange } from './use-cases/post-change';
export { priceDevices } from './use-cases/price-devices';
export { testDevice } from './use-cases/test-device';
export { loan, loanDevice } from './store/loan.table';
export { lendDevices } from './use-cases/lend-devices';
export { giveBackDevices } from './use-cases/give-back-devices';
export { stocktake, stocktakeGoods } from './store/stocktake.table';
export { planStocktake } from './use-cases/plan-stocktake';
export { finishCounting, startStocktake } from './use-cases/count-stocktake';
export { scanIntoStocktake } from './use-cases/scan-into-stocktake';
export { countGoods } from './use-cases/count-goods';
export { approveStocktake, submitStocktake } from './use-cases/decide-stocktake';
export { postStocktake } from './use-cases/post-stocktake';
export { borrowDevices } from './use-cases/borrow-devices';
