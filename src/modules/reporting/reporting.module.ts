import type { ModuleManifest } from '../../platform/modules';
import { DASHBOARD_PERMISSION } from './queries/dashboard-model';
import { COST_PERMISSION } from '../../platform/permissions';
import { reportingRoutes } from './web/reporting.routes';
import { stockViewRoutes } from './web/stock-views.routes';

export const reportingModule: ModuleManifest = {
  name: 'reporting',
  needs: ['organization', 'catalog', 'inventory', 'sales'],
  tables: [],
  permissions: [
    { id: DASHBOARD_PERMISSION, roles: ['owner', 'manager', 'cashier', 'clerk', 'buyer', 'accountant', 'auditor'] },
  ],
  menu: [
    {
      key: 'reports',
      href: '/reporting/stock-matrix',
      icon: 'chart-bar',
      permission: 'inventory.stock.view',
      order: 60,
    },
    {
      key: 'matrix',
      href: '/reporting/stock-matrix',
      icon: 'columns-3',
      permission: 'inventory.stock.view',
      order: 61,
      under: 'reports',
    },
    {
      key: 'ageing',
      href: '/reporting/ageing',
      icon: 'hourglass',
      permission: 'inventory.device.view',
      order: 62,
      under: 'reports',
    },
    {
      key: 'batches',
      href: '/reporting/batches',
      icon: 'box',
      permission: 'inventory.stock.view',
      order: 64,
      under: 'reports',
    },
    {
      key: 'valuation',
      href: '/reporting/valuation',
      icon: 'coins',
      permission: COST_PERMISSION,
      order: 63,
      under: 'reports',
    },
  ],
  routes: [...reportingRoutes, ...stockViewRoutes],
};
