export { priceItem, priceList, type PriceListRow } from './store/pricing.table';
export { type Price, type PriceQuestion, pricesOf } from './queries/prices';
export { floorByRule, type FloorTerms } from './domain/floor';
export { activeFloorRules, floorTermsOf } from './queries/floor-rules';
export { listLevels, type MemberLevel } from './queries/levels';
export { basePriceList, getPriceList, listPriceLists } from './queries/price-lists';
export {
  type BasketLine,
  type BasketPrice,
  type Discount,
  priceBasket,
  type PricedBasket,
  type PricedLine,
  type PriceStep,
} from './domain/basket';
export { type PriceChange } from './domain/plan-prices';
export { changePrices, setPrices, type SetPricesCommand } from './use-cases/set-prices';
