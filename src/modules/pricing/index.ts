export { priceItem, priceList } from './store/pricing.table';
export { type Price, pricesOf } from './queries/prices';
