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
export { type BomComponent, componentsOf } from './queries/bom';
export { searchSkus, type SkuCard, skusByCodes, skusByIds, skusByNames } from './queries/sku-cards';
export { modelsByTac, type TacModel } from './queries/tac';
export { activeRates } from './queries/tax-rates';
export { categoryBranch, type CategoryNode, listBrands, listCategories } from './queries/categories';
export { type SkuCommand } from './domain/new-sku';
export { addBrand, type BrandCommand, createBrand } from './use-cases/save-brand';
export { addCategory, type CategoryCommand, createCategory } from './use-cases/save-category';
export { addProducts, createProduct, type ProductCommand, type ProductCreated } from './use-cases/create-product';
export { addSkus, type NewSku } from './use-cases/add-skus';
export { createSku } from './use-cases/create-sku';
export { PRODUCT_COLUMNS } from './domain/product-columns';
export { planProductImport, type ProductImport } from './use-cases/import-products';
