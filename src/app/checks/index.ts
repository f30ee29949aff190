export { examine } from './examine';
export type { ProductContext } from './product-context';
export { productChecks } from './product-checks';
