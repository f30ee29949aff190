import type { ModuleManifest } from '../../platform/modules';
import { priceItem, priceList } from './store/pricing.table';
import { priceListConfiguration } from './use-cases/list-configuration';
import { floorConfiguration } from './use-cases/floor-configuration';
import { levelConfiguration } from './use-cases/level-configuration';
import { productImporter } from './use-cases/import-products';
import { priceRoutes } from './web/prices.routes';

export const pricingModule: ModuleManifest = {
  name: 'pricing',
  core: true,
  needs: ['organization', 'catalog'],
  tables: [priceList, priceItem],
  permissions: [
    {
      id: 'pricing.price.view',
      roles: ['owner', 'manager', 'cashier', 'clerk', 'warehouse', 'buyer', 'technician', 'accountant', 'auditor'],
    },
    { id: 'pricing.floor.view', roles: ['owner', 'manager', 'buyer', 'accountant', 'auditor'] },
    { id: 'pricing.price.edit', roles: ['owner', 'manager', 'buyer'] },
    { id: 'pricing.list.edit', roles: ['owner'] },
  ],
  menu: [
    {
      key: 'prices',
      href: '/pricing/prices',
      icon: 'tag',
      permission: 'pricing.price.view',
      order: 27,
      under: 'catalog',
    },
  ],
  configuration: [levelConfiguration, priceListConfiguration, floorConfiguration],
  routes: priceRoutes,
  imports: [productImporter],
};
