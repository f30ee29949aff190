import type { ModuleManifest } from '../../platform/modules';
import { DASHBOARD_PERMISSION } from './queries/dashboard-model';
import { reportingRoutes } from './web/reporting.routes';

export const reportingModule: ModuleManifest = {
  name: 'reporting',
  needs: ['organization', 'catalog', 'inventory', 'sales'],
  tables: [],
  permissions: [
    { id: DASHBOARD_PERMISSION, roles: ['owner', 'manager', 'cashier', 'clerk', 'buyer', 'accountant', 'auditor'] },
  ],
  menu: [],
  routes: reportingRoutes,
};
