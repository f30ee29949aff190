export { AGEING_BAD_DAYS, AGEING_WARN_DAYS, ageTone, deviceStatus, type DeviceStatus } from './domain/device-status';
export type { OpeningLine } from './domain/opening-posting';
export { batchKeyText, ensureBatches, type WantedBatch } from './use-cases/ensure-batches';
export { deviceTotals, stockCounts } from './queries/device-list';
export { stockTotals } from './queries/stock-list';
export { type OpeningStockCommand, postOpeningStock } from './use-cases/post-opening-stock';
export { reverseOpeningStock } from './use-cases/reverse-opening-stock';
