import type { Route } from '../../../platform/http';
import { COST_PERMISSION } from '../../../platform/permissions';
import { drawAgeing, exportAgeing, showAgeing } from './ageing.page';
import { exportAvailability, showAvailability } from './availability.page';
import { exportBatches, showBatches } from './batch-list.page';
import { exportTrace, showBatch } from './batch-trace.page';
import { VIEW_STOCK } from './stock-filter';
import { exportMatrix, showMatrix } from './stock-matrix.page';
import { drawValuation, exportValuation, showValuation } from './valuation.page';

const stock = { permission: VIEW_STOCK };
const devices = { permission: 'inventory.device.view' };
const cost = { permission: COST_PERMISSION };

export const stockViewRoutes: readonly Route[] = [
  { method: 'get', path: '/reporting/stock-matrix', access: stock, handler: showMatrix },
  { method: 'get', path: '/reporting/stock-matrix.xlsx', access: stock, handler: exportMatrix },
  { method: 'get', path: '/reporting/availability/:id', access: stock, handler: showAvailability },
  { method: 'get', path: '/reporting/availability/:id/stores.xlsx', access: stock, handler: exportAvailability },
  { method: 'get', path: '/reporting/batches', access: stock, handler: showBatches },
  { method: 'get', path: '/reporting/batches.xlsx', access: stock, handler: exportBatches },
  { method: 'get', path: '/reporting/batches/:id', access: stock, handler: showBatch },
  { method: 'get', path: '/reporting/batches/:id/trace.xlsx', access: stock, handler: exportTrace },
  { method: 'get', path: '/reporting/ageing', access: devices, handler: showAgeing },
  { method: 'get', path: '/reporting/ageing.svg', access: devices, handler: drawAgeing },
  { method: 'get', path: '/reporting/ageing.xlsx', access: devices, handler: exportAgeing },
  { method: 'get', path: '/reporting/valuation', access: cost, handler: showValuation },
  { method: 'get', path: '/reporting/valuation.svg', access: cost, handler: drawValuation },
  { method: 'get', path: '/reporting/valuation.xlsx', access: cost, handler: exportValuation },
];
