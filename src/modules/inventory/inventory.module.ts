import { COST_PERMISSION } from '../../platform/permissions';
import type { ModuleManifest } from '../../platform/modules';
import { openingStockImporter } from './use-cases/import-opening-stock';
import { ageingAlert } from './queries/alerts';
import { searchDevices } from './queries/search';
import { batch } from './store/batch.table';
import { openingStock, openingStockLine } from './store/opening-stock.table';
import { inventoryRoutes } from './web/inventory.routes';
import { movementRoutes } from './web/movement.routes';

const everybody = [
  'owner',
  'manager',
  'cashier',
  'clerk',
  'warehouse',
  'buyer',
  'technician',
  'accountant',
  'auditor',
] as const;

export const inventoryModule: ModuleManifest = {
  name: 'inventory',
  needs: ['organization', 'catalog', 'pricing'],
  tables: [batch, openingStock, openingStockLine],
  permissions: [
    { id: 'inventory.device.view', roles: everybody },
    { id: 'inventory.stock.view', roles: everybody },
    { id: COST_PERMISSION, roles: ['owner', 'buyer', 'accountant', 'auditor'] },
    { id: 'inventory.opening.post', roles: ['owner', 'accountant'] },
  ],
  menu: [
    {
      key: 'inventory',
      href: '/inventory/devices',
      icon: 'packages',
      permission: 'inventory.device.view',
      order: 30,
      tabbar: true,
    },
    {
      key: 'devices',
      href: '/inventory/devices',
      icon: 'device-mobile',
      permission: 'inventory.device.view',
      order: 31,
      under: 'inventory',
    },
    {
      key: 'stock',
      href: '/inventory/stock',
      icon: 'packages',
      permission: 'inventory.stock.view',
      order: 32,
      under: 'inventory',
    },
    {
      key: 'movements',
      href: '/inventory/movements',
      icon: 'arrows-exchange',
      permission: 'inventory.stock.view',
      order: 33,
      under: 'inventory',
    },
    {
      key: 'openings',
      href: '/inventory/openings',
      icon: 'packages',
      permission: 'inventory.opening.post',
      order: 39,
      under: 'inventory',
    },
  ],
  routes: [...inventoryRoutes, ...movementRoutes],
  imports: [openingStockImporter],
  search: [{ permission: 'inventory.device.view', find: searchDevices }],
  alerts: [ageingAlert],
};
