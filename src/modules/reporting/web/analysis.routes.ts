import type { Route } from '../../../platform/http';
import { COST_PERMISSION } from '../../../platform/permissions';
import { ANALYSE } from '../use-cases/analyse-stock';
import { compute, progress, VIEW_ANALYSIS } from './analysis-parts';
import { drawClasses, exportClasses, showClasses } from './classes.page';
import { exportDeadStock, showDeadStock } from './dead-stock.page';
import { exportDeviceProfit, showDeviceProfit } from './device-profit.page';
import { drawTurnover, exportTurnover, showTurnover } from './turnover.page';

const view = { permission: VIEW_ANALYSIS };
const cost = { permission: COST_PERMISSION };

export const analysisRoutes: readonly Route[] = [
  { method: 'post', path: '/reporting/analysis/runs', access: { permission: ANALYSE }, handler: compute },
  { method: 'get', path: '/reporting/analysis/runs/:id/progress', access: view, handler: progress },
  { method: 'get', path: '/reporting/turnover', access: cost, handler: showTurnover },
  { method: 'get', path: '/reporting/turnover.svg', access: cost, handler: drawTurnover },
  { method: 'get', path: '/reporting/turnover.xlsx', access: cost, handler: exportTurnover },
  { method: 'get', path: '/reporting/classes', access: view, handler: showClasses },
  { method: 'get', path: '/reporting/classes.svg', access: view, handler: drawClasses },
  { method: 'get', path: '/reporting/classes.xlsx', access: view, handler: exportClasses },
  { method: 'get', path: '/reporting/dead-stock', access: view, handler: showDeadStock },
  { method: 'get', path: '/reporting/dead-stock.xlsx', access: view, handler: exportDeadStock },
  { method: 'get', path: '/reporting/device-profit', access: cost, handler: showDeviceProfit },
  { method: 'get', path: '/reporting/device-profit.xlsx', access: cost, handler: exportDeviceProfit },
];
