export { clearStale, countToReseal, countUnindexed, countWaiting, keyUse, reseal, type ResealResult } from './reseal';
export type { SealedColumn } from './sealed-column';
export { type SearchTokens, tokenOf, writeTokens } from './search-tokens';
