import type { ModuleManifest } from '../../platform/modules';
import { purchasingParameters } from './queries/parameters';
import { OVERRIDE_PERMISSION } from './queries/known-numbers';
import { receipt, receiptDevice, receiptLine, receiptScan } from './store/receipt.table';
import { supplier } from './store/supplier.table';
import { supplierCategoryConfiguration } from './use-cases/supplier-category-configuration';
import { supplierImporter } from './use-cases/import-suppliers';
import { receiptFilesRule, RECEIPT_FILES } from './use-cases/receipt-files';
import { draftAlerts, receiptSearch, supplierSearch } from './web/find';
import { receiptDeviceRoutes } from './web/receipt-devices.routes';
import { receiptActionRoutes } from './web/receipt-actions.routes';
import { receiptAttachmentRoutes } from './web/receipt-attachments.routes';
import { receiptListRoutes } from './web/receipt-list.routes';
import { receiptLineRoutes } from './web/receipt-lines.routes';
import { receiptRoutes } from './web/receipt.routes';
import { scanRoutes } from './web/scan.routes';
import { supplierRoutes } from './web/supplier.routes';
import { supplierSecrets } from './store/supplier-secrets';

export const purchasingModule: ModuleManifest = {
  name: 'purchasing',
  needs: ['organization', 'catalog', 'inventory'],
  sealed: supplierSecrets,
  tables: [supplier, receipt, receiptLine, receiptDevice, receiptScan],
  permissions: [
    { id: 'purchasing.supplier.view', roles: ['owner', 'manager', 'warehouse', 'buyer', 'accountant', 'auditor'] },
    { id: 'purchasing.supplier.edit', roles: ['owner', 'buyer', 'accountant'] },
    { id: 'purchasing.receipt.view', roles: ['owner', 'manager', 'warehouse', 'buyer', 'accountant', 'auditor'] },
    { id: 'purchasing.receipt.create', roles: ['owner', 'manager', 'warehouse', 'buyer'] },
    { id: 'purchasing.receipt.edit', roles: ['owner', 'manager', 'warehouse', 'buyer'] },
    { id: 'purchasing.receipt.post', roles: ['owner', 'manager', 'warehouse', 'buyer'] },
    { id: 'purchasing.receipt.reverse', roles: ['owner', 'manager', 'accountant'] },
    { id: OVERRIDE_PERMISSION, roles: ['owner', 'manager', 'buyer'] },
  ],
  menu: [
    {
      key: 'purchasing',
      href: '/purchasing/receipts',
      icon: 'truck-loading',
      permission: 'purchasing.receipt.view',
      order: 20,
    },
    {
      key: 'receipts',
      href: '/purchasing/receipts',
      icon: 'truck-loading',
      permission: 'purchasing.receipt.view',
      order: 21,
      under: 'purchasing',
    },
    {
      key: 'suppliers',
      href: '/purchasing/suppliers',
      icon: 'building',
      permission: 'purchasing.supplier.view',
      order: 22,
      under: 'purchasing',
    },
  ],
  routes: [
    ...supplierRoutes,
    // The list's own addresses (….xlsx, …/new) stand before …/:id.
    ...receiptListRoutes,
    ...receiptRoutes,
    ...receiptActionRoutes,
    ...receiptLineRoutes,
    ...scanRoutes,
    ...receiptDeviceRoutes,
    ...receiptAttachmentRoutes,
  ],
  imports: [supplierImporter],
  attachments: { [RECEIPT_FILES]: receiptFilesRule },
  parameters: purchasingParameters,
  configuration: [supplierCategoryConfiguration],
  search: [receiptSearch, supplierSearch],
  alerts: [draftAlerts],
};
