import type { ModuleManifest } from '../../platform/modules';
import { findProducts } from './queries/search';
import { tacImporter } from './use-cases/import-tacs';
import { categoryConfiguration } from './use-cases/category-configuration';
import { taxRateConfiguration } from './use-cases/tax-rates';
import { bom, bomLine } from './store/bom.table';
import { brand, category, product, sku, skuBarcode, tac } from './store/catalog.table';
import { EDIT_BOMS } from './use-cases/save-bom';
import { bomRoutes } from './web/bom.routes';
import { brandRoutes } from './web/brands.routes';
import { categoryRoutes } from './web/categories.routes';
import { pictureRoutes } from './web/picture.routes';
import { productListRoutes } from './web/product-list.routes';
import { productRoutes } from './web/products.routes';
import { tacRoutes } from './web/tac.routes';
import { skuRoutes } from './web/skus.routes';

export const catalogModule: ModuleManifest = {
  name: 'catalog',
  core: true,
  needs: ['organization'],
  tables: [brand, category, product, sku, skuBarcode, tac, bom, bomLine],
  // Rates first: a file may bring a rate and a category that has it.
  configuration: [taxRateConfiguration, categoryConfiguration],
  permissions: [
    {
      id: 'catalog.product.view',
      roles: ['owner', 'manager', 'cashier', 'clerk', 'warehouse', 'buyer', 'technician', 'accountant', 'auditor'],
    },
    { id: 'catalog.product.edit', roles: ['owner', 'buyer'] },
    { id: EDIT_BOMS, roles: ['owner', 'manager', 'buyer'] },
    { id: 'catalog.category.edit', roles: ['owner', 'buyer'] },
  ],
  menu: [
    { key: 'catalog', href: '/catalog/products', icon: 'category', permission: 'catalog.product.view', order: 25 },
    {
      key: 'products',
      href: '/catalog/products',
      icon: 'category',
      permission: 'catalog.product.view',
      order: 26,
      under: 'catalog',
    },
    {
      key: 'brands',
      href: '/catalog/brands',
      icon: 'bookmark',
      permission: 'catalog.category.edit',
      order: 28,
      under: 'catalog',
    },
    {
      key: 'categories',
      href: '/catalog/categories',
      icon: 'sitemap',
      permission: 'catalog.category.edit',
      order: 29,
      under: 'catalog',
    },
    {
      key: 'tacs',
      href: '/catalog/tacs',
      icon: 'device-mobile',
      permission: 'catalog.product.view',
      order: 29,
      under: 'catalog',
    },
  ],
  // The list's own addresses (…/export) stand before …/:id.
  routes: [
    ...productListRoutes,
    ...productRoutes,
    ...pictureRoutes,
    ...bomRoutes,
    ...skuRoutes,
    ...brandRoutes,
    ...categoryRoutes,
    ...tacRoutes,
  ],
  imports: [tacImporter],
  attachments: {
    'catalog.product': {
      permission: 'catalog.product.view',
      storeOf: async (read, id) => ((await read.get(product, id)) ? null : undefined),
    },
  },
  search: [{ permission: 'catalog.product.view', find: findProducts }],
};
