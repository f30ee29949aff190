import type { ModuleManifest } from '../../platform/modules';
import { DASHBOARD_PERMISSION } from './queries/dashboard-model';
import { COST_PERMISSION } from '../../platform/permissions';
import { alertsJob } from './jobs/stock-alerts';
import { VIEW_ALERTS } from './queries/alert-list';
import { stockAlert } from './store/alert.table';
import { alertRoutes } from './web/alerts.page';
import { stockAlertSource } from './web/find-alerts';
import { analysisJob } from './jobs/analyse-stock';
import { reportingParameters } from './queries/parameters';
import { idleStock, stockAnalysis } from './store/analysis.table';
import { ANALYSE } from './use-cases/analyse-stock';
import { analysisRoutes } from './web/analysis.routes';
import { VIEW_ANALYSIS } from './web/analysis-parts';
import { reportingRoutes } from './web/reporting.routes';
import { stockViewRoutes } from './web/stock-views.routes';

export const reportingModule: ModuleManifest = {
  name: 'reporting',
  needs: ['organization', 'catalog', 'inventory', 'sales'],
  tables: [stockAnalysis, idleStock, stockAlert],
  permissions: [
    { id: DASHBOARD_PERMISSION, roles: ['owner', 'manager', 'cashier', 'clerk', 'buyer', 'accountant', 'auditor'] },
    { id: VIEW_ANALYSIS, roles: ['owner', 'manager', 'buyer', 'accountant', 'auditor'] },
    { id: VIEW_ALERTS, roles: ['owner', 'manager', 'clerk', 'warehouse', 'buyer', 'auditor'] },
    { id: ANALYSE, roles: ['owner', 'buyer'] },
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
    {
      key: 'alerts',
      href: '/reporting/alerts',
      icon: 'bell',
      permission: VIEW_ALERTS,
      order: 60.5,
      under: 'reports',
    },
    {
      key: 'turnover',
      href: '/reporting/turnover',
      icon: 'refresh',
      permission: COST_PERMISSION,
      order: 65,
      under: 'reports',
    },
    {
      key: 'classes',
      href: '/reporting/classes',
      icon: 'category',
      permission: VIEW_ANALYSIS,
      order: 66,
      under: 'reports',
    },
    {
      key: 'deadStock',
      href: '/reporting/dead-stock',
      icon: 'player-pause',
      permission: VIEW_ANALYSIS,
      order: 67,
      under: 'reports',
    },
    {
      key: 'deviceProfit',
      href: '/reporting/device-profit',
      icon: 'device-mobile',
      permission: COST_PERMISSION,
      order: 68,
      under: 'reports',
    },
  ],
  routes: [...reportingRoutes, ...stockViewRoutes, ...analysisRoutes, ...alertRoutes],
  jobs: [analysisJob, alertsJob],
  alerts: [stockAlertSource],
  parameters: reportingParameters,
};
