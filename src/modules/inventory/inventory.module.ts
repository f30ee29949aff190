import { COST_PERMISSION } from '../../platform/permissions';
import type { ModuleManifest } from '../../platform/modules';
import { VIEW_BUILDS } from './queries/build-list';
import { stockBuild, stockBuildDevice, stockBuildLine } from './store/build.table';
import { EDIT_BUILDS } from './use-cases/create-build';
import { REVERSE_BUILDS } from './use-cases/post-build';
import { VIEW_LOANS } from './queries/loan-list';
import { consignedDevice } from './store/consigned-device.table';
import { loan, loanDevice, loanReturn } from './store/loan.table';
import { LEND, REVERSE_LOANS } from './use-cases/lend-devices';
import { PRICE_TRANSFERS } from './use-cases/create-transfer';
import { openingStockImporter } from './use-cases/import-opening-stock';
import { ageingAlert } from './queries/alerts';
import { searchDevices } from './queries/search';
import { batch } from './store/batch.table';
import { openingStock, openingStockLine } from './store/opening-stock.table';
import {
  transfer,
  transferDevice,
  transferLine,
  transferPart,
  transferScan,
  transferStep,
  transferTake,
} from './store/transfer.table';
import { consignmentChecks } from './queries/consignment-checks';
import { transferChecks } from './queries/transfer-checks';
import { stocktake, stocktakeDevice, stocktakeGoods, stocktakeScan } from './store/stocktake.table';
import { stockApproval } from './store/approval.table';
import { stockChange, stockChangeLine } from './store/change.table';
import { stockApprovalConfiguration } from './use-cases/approval-level-configuration';
import { CHANGE_FILES, changeFilesRule } from './use-cases/change-files';
import { changeReasonConfiguration } from './use-cases/change-reason-configuration';
import { devicePriceChange, devicePriceLine } from './store/device-price.table';
import { deviceTest, deviceTestResult } from './store/device-test.table';
import { checkConfiguration, gradeConfiguration } from './use-cases/grade-configuration';
import { TEST_FILES, testFilesRule } from './use-cases/test-device';
import { priceRoutes } from './web/price.routes';
import { testRoutes } from './web/test.routes';
import { numberChange, numberChangeLine } from './store/number-change.table';
import { NUMBER_FILES, numberFilesRule } from './use-cases/number-files';
import { numberActionRoutes } from './web/number-actions.routes';
import { numberRoutes } from './web/number.routes';
import { changeActionRoutes } from './web/change-actions.routes';
import { changeAttachmentRoutes } from './web/change-attachments.routes';
import { changeDecisionRoutes } from './web/change-decisions.routes';
import { changeSumRoutes } from './web/change-sums.routes';
import { stockApprovalAlerts } from './web/find-changes';
import { changeRoutes } from './web/change.routes';
import { deviceDocumentSearch } from './web/find-device-documents';
import { deviceLabelRoutes } from './web/device-labels.routes';
import { inventoryRoutes } from './web/inventory.routes';
import { movementRoutes } from './web/movement.routes';
import { transferActionRoutes } from './web/transfer-actions.routes';
import { transferDeviceRoutes } from './web/transfer-devices.routes';
import { transferAlerts, transferSearch } from './web/transfer-find';
import { transferResolutionRoutes } from './web/transfer-resolution.routes';
import { transferScanRoutes } from './web/transfer-scan.routes';
import { transferListRoutes } from './web/transfer-list.routes';
import { TRANSFER_FILES, transferFilesRule } from './use-cases/transfer-files';
import { transferAttachmentRoutes } from './web/transfer-attachments.routes';
import { borrowRoutes } from './web/borrow.routes';
import { buildActionRoutes } from './web/build-actions.routes';
import { buildSearch } from './web/build-find';
import { buildLineRoutes } from './web/build-lines.routes';
import { buildRoutes } from './web/build.routes';
import { loanActionRoutes } from './web/loan-actions.routes';
import { loanAlert, loanSearch } from './web/loan-find';
import { loanRoutes } from './web/loan.routes';
import { transferHeaderRoutes } from './web/transfer-header.routes';
import { transferRoutes } from './web/transfer.routes';
import { stocktakeCountRoutes } from './web/stocktake-count.routes';
import { stocktakeActionRoutes } from './web/stocktake-actions.routes';
import { stocktakeDecisionRoutes } from './web/stocktake-decisions.routes';
import { stocktakePrintRoutes } from './web/stocktake-print';
import { inventoryParameters } from './queries/parameters';
import { cycleCountRoutes } from './web/cycle-count.routes';
import { stocktakeRoutes } from './web/stocktake.routes';

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

const counters = ['owner', 'manager', 'clerk', 'cashier', 'warehouse'] as const;

export const inventoryModule: ModuleManifest = {
  name: 'inventory',
  needs: ['organization', 'catalog', 'pricing'],
  tables: [
    stockBuild,
    stockBuildLine,
    stockBuildDevice,
    loan,
    loanReturn,
    loanDevice,
    consignedDevice,
    batch,
    openingStock,
    openingStockLine,
    transfer,
    transferLine,
    transferDevice,
    transferStep,
    transferPart,
    transferTake,
    transferScan,
    stocktake,
    stocktakeDevice,
    stocktakeGoods,
    stocktakeScan,
    stockChange,
    stockChangeLine,
    numberChange,
    numberChangeLine,
    devicePriceChange,
    devicePriceLine,
    deviceTest,
    deviceTestResult,
    stockApproval,
  ],
  permissions: [
    { id: 'inventory.device.view', roles: everybody },
    { id: 'inventory.stock.view', roles: everybody },
    { id: COST_PERMISSION, roles: ['owner', 'buyer', 'accountant', 'auditor'] },
    { id: 'inventory.opening.post', roles: ['owner', 'accountant'] },
    { id: 'inventory.transfer.view', roles: everybody },
    { id: 'inventory.transfer.create', roles: ['owner', 'manager', 'clerk', 'warehouse', 'buyer'] },
    { id: 'inventory.transfer.approve', roles: ['owner', 'manager', 'buyer'] },
    { id: 'inventory.transfer.send', roles: ['owner', 'manager', 'clerk', 'warehouse'] },
    { id: 'inventory.transfer.receive', roles: ['owner', 'manager', 'clerk', 'warehouse'] },
    { id: 'inventory.transfer.write-off', roles: ['owner', 'accountant'] },
    { id: PRICE_TRANSFERS, roles: ['owner', 'accountant'] },
    { id: 'inventory.transfer.reverse', roles: ['owner', 'manager', 'accountant'] },
    { id: 'inventory.stocktake.view', roles: [...counters, 'accountant', 'auditor'] },
    { id: 'inventory.stocktake.count', roles: counters },
    { id: 'inventory.stocktake.plan', roles: ['owner', 'manager', 'warehouse'] },
    { id: 'inventory.stocktake.post', roles: ['owner', 'manager', 'accountant'] },
    { id: 'inventory.stocktake.reverse', roles: ['owner', 'accountant'] },
    { id: 'inventory.change.view', roles: everybody },
    { id: 'inventory.change.status', roles: ['owner', 'manager', 'clerk', 'warehouse', 'technician'] },
    { id: 'inventory.change.adjust', roles: ['owner', 'manager', 'warehouse'] },
    { id: 'inventory.change.value', roles: ['owner', 'accountant'] },
    { id: 'inventory.change.approve', roles: ['owner', 'manager', 'accountant'] },
    { id: 'inventory.change.reverse', roles: ['owner', 'manager', 'accountant'] },
    { id: VIEW_BUILDS, roles: everybody },
    { id: EDIT_BUILDS, roles: ['owner', 'manager', 'warehouse', 'technician'] },
    { id: REVERSE_BUILDS, roles: ['owner', 'manager'] },
    { id: VIEW_LOANS, roles: everybody },
    { id: LEND, roles: ['owner', 'manager', 'warehouse'] },
    { id: REVERSE_LOANS, roles: ['owner', 'manager'] },
    { id: 'inventory.number.view', roles: everybody },
    { id: 'inventory.number.change', roles: ['owner', 'manager', 'warehouse', 'technician'] },
    { id: 'inventory.number.override', roles: ['owner', 'manager'] },
    { id: 'inventory.number.reverse', roles: ['owner', 'manager'] },
    { id: 'inventory.price.view', roles: everybody },
    { id: 'inventory.price.change', roles: ['owner', 'manager', 'buyer'] },
    { id: 'inventory.price.below', roles: ['owner'] },
    { id: 'inventory.test.edit', roles: ['owner', 'manager', 'clerk', 'technician', 'buyer'] },
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
      key: 'transfers',
      href: '/inventory/transfers',
      icon: 'transfer',
      permission: 'inventory.transfer.view',
      order: 34,
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
      key: 'stocktakes',
      href: '/inventory/stocktakes',
      icon: 'clipboard-check',
      permission: 'inventory.stocktake.view',
      order: 36,
      under: 'inventory',
    },
    {
      key: 'changes',
      href: '/inventory/changes',
      icon: 'refresh',
      permission: 'inventory.change.view',
      order: 37,
      under: 'inventory',
    },
    {
      key: 'builds',
      href: '/inventory/builds',
      icon: 'tool',
      permission: VIEW_BUILDS,
      order: 37.5,
      under: 'inventory',
    },
    {
      key: 'loans',
      href: '/inventory/loans',
      icon: 'transfer',
      permission: VIEW_LOANS,
      order: 37,
      under: 'inventory',
    },
    {
      key: 'numbers',
      href: '/inventory/numbers',
      icon: 'device-mobile',
      permission: 'inventory.number.view',
      order: 38,
      under: 'inventory',
    },
    {
      key: 'prices',
      href: '/inventory/prices',
      icon: 'tag',
      permission: 'inventory.price.view',
      order: 38.5,
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
  routes: [
    // …/labels stands before …/:id.
    ...deviceLabelRoutes,
    ...inventoryRoutes,
    ...movementRoutes,
    // The list's own addresses (….xlsx, …/new) stand before …/:id.
    ...transferListRoutes,
    ...borrowRoutes,
    ...buildActionRoutes,
    ...buildLineRoutes,
    ...buildRoutes,
    ...loanActionRoutes,
    ...loanRoutes,
    ...transferHeaderRoutes,
    ...transferAttachmentRoutes,
    ...transferRoutes,
    ...transferActionRoutes,
    ...transferResolutionRoutes,
    ...transferScanRoutes,
    ...transferDeviceRoutes,
    ...cycleCountRoutes,
    ...stocktakeRoutes,
    ...stocktakeActionRoutes,
    ...stocktakeCountRoutes,
    ...stocktakeDecisionRoutes,
    ...stocktakePrintRoutes,
    ...changeSumRoutes,
    ...changeRoutes,
    ...changeActionRoutes,
    ...numberRoutes,
    ...numberActionRoutes,
    ...priceRoutes,
    ...testRoutes,
    ...changeDecisionRoutes,
    ...changeAttachmentRoutes,
  ],
  parameters: inventoryParameters,
  configuration: [gradeConfiguration, checkConfiguration, changeReasonConfiguration, stockApprovalConfiguration],
  imports: [openingStockImporter],
  search: [
    { permission: 'inventory.device.view', find: searchDevices },
    transferSearch,
    loanSearch,
    buildSearch,
    ...deviceDocumentSearch,
  ],
  attachments: {
    [CHANGE_FILES]: changeFilesRule,
    [NUMBER_FILES]: numberFilesRule,
    [TEST_FILES]: testFilesRule,
    [TRANSFER_FILES]: transferFilesRule,
  },
  alerts: [ageingAlert, ...stockApprovalAlerts, ...transferAlerts, loanAlert],
  checks: [transferChecks, consignmentChecks],
};
