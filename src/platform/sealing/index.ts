export { countWaiting, keyUse, reseal, type ResealResult } from './reseal';
export type { SealedColumn } from './sealed-column';
