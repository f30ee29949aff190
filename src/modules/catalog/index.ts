export {
  brand,
  type BrandRow,
  category,
  type CategoryRow,
  product,
  type ProductRow,
  sku,
  skuBarcode,
  type SkuRow,
  tac,
} from './store/catalog.table';
export { type Tracking, TRACKINGS } from './domain/tracking';
export { searchSkus, type SkuCard, skusByCodes, skusByIds } from './queries/sku-cards';
export { modelsByTac, type TacModel } from './queries/tac';
export { categoryBranch, type CategoryNode, listBrands, listCategories } from './queries/categories';
