import type { ModuleManifest } from '../../platform/modules';
import { replenishmentJob } from './jobs/propose-replenishment';
import { purchasingParameters } from './queries/parameters';
import { FOREIGN_RETURNS } from './queries/known-for-return';
import { OVERRIDE_PERMISSION } from './queries/known-numbers';
import { purchaseOrder, purchaseOrderApproval, purchaseOrderLine } from './store/order.table';
import { requisition, requisitionLine, requisitionOrder } from './store/requisition.table';
import { receipt, receiptClearing, receiptDevice, receiptLine, receiptScan } from './store/receipt.table';
import { consignment, consignmentRow } from './store/consignment.table';
import { claimSettlement } from './store/claim-settlement.table';
import { rebate, rebateRow, rebateRun } from './store/rebate.table';
import { protection, protectionDevice, protectionLine } from './store/protection.table';
import { purchaseReturn, purchaseReturnDevice, purchaseReturnLine } from './store/return.table';
import { packingList, supplierCode } from './store/packing.table';
import { supplierInvoice, supplierInvoiceLine, supplierInvoiceShare } from './store/invoice.table';
import { supplierPrice } from './store/supplier-price.table';
import { replenishmentLine, replenishmentRule } from './store/replenishment.table';
import { supplier, supplierContact } from './store/supplier.table';
import { supplierBankChange } from './store/supplier-bank.table';
import { CONFIRM_BANK_DATA, EDIT_BANK_DATA, VIEW_BANK_DATA } from './queries/bank-changes';
import { bankChangeAlerts } from './web/find-bank-changes';
import { approvalLevelConfiguration } from './use-cases/approval-level-configuration';
import { receivingRuleConfiguration } from './use-cases/receiving-rule-configuration';
import { supplierCategoryConfiguration } from './use-cases/supplier-category-configuration';
import { APPROVE_INVOICES } from './use-cases/decide-invoice';
import { POST_INVOICES } from './use-cases/post-invoice';
import { EDIT_INVOICES } from './use-cases/save-invoice';
import { supplierPriceImporter } from './use-cases/import-supplier-prices';
import { supplierImporter } from './use-cases/import-suppliers';
import { INVOICE_FILES, invoiceFilesRule } from './use-cases/invoice-files';
import { receiptFilesRule, RECEIPT_FILES } from './use-cases/receipt-files';
import { boxSearch, draftAlerts, receiptSearch, supplierSearch } from './web/find';
import { approvalAlerts, lateAlerts, orderSearch } from './web/find-orders';
import { requisitionAlerts, requisitionSearch, wishAlerts } from './web/find-requisitions';
import { invoiceApprovalAlerts, invoiceSearch, uninvoicedAlerts } from './web/find-invoices';
import { exchangeAlerts, returnSearch } from './web/find-returns';
import { VIEW_CONSIGNMENTS } from './queries/consignment-list';
import { EDIT_CONSIGNMENTS } from './use-cases/consignment-receipt';
import { REVERSE_CONSIGNMENTS } from './use-cases/reverse-consignment';
import { SETTLE_CONSIGNMENTS } from './use-cases/settle-consigned';
import { consignedAlerts, consignmentSearch } from './web/find-consignments';
import { rebateSearch } from './web/find-rebates';
import { protectionAlerts, protectionSearch } from './web/find-protections';
import { rebateAlerts } from './web/rebate-list.routes';
import { purchasingRoutes } from './web/routes';
import { supplierSecrets } from './store/supplier-secrets';

export const purchasingModule: ModuleManifest = {
  name: 'purchasing',
  needs: ['organization', 'catalog', 'inventory'],
  sealed: supplierSecrets,
  tables: [
    supplier,
    supplierContact,
    supplierBankChange,
    receipt,
    receiptLine,
    receiptDevice,
    receiptScan,
    receiptClearing,
    purchaseReturn,
    purchaseReturnLine,
    purchaseReturnDevice,
    supplierInvoice,
    supplierInvoiceLine,
    supplierInvoiceShare,
    protection,
    protectionLine,
    protectionDevice,
    claimSettlement,
    consignment,
    consignmentRow,
    rebate,
    rebateRun,
    rebateRow,
    purchaseOrder,
    purchaseOrderLine,
    purchaseOrderApproval,
    requisition,
    requisitionLine,
    requisitionOrder,
    supplierPrice,
    packingList,
    supplierCode,
    replenishmentRule,
    replenishmentLine,
  ],
  permissions: [
    { id: 'purchasing.supplier.view', roles: ['owner', 'manager', 'warehouse', 'buyer', 'accountant', 'auditor'] },
    { id: 'purchasing.supplier.edit', roles: ['owner', 'buyer', 'accountant'] },
    // Who may change where money goes: asking and confirming are different people.
    { id: VIEW_BANK_DATA, roles: ['owner', 'accountant', 'auditor'] },
    { id: EDIT_BANK_DATA, roles: ['owner', 'accountant'] },
    { id: CONFIRM_BANK_DATA, roles: ['owner'] },
    // What a supplier asks is cost: the right to see cost is needed as well.
    { id: 'purchasing.price.view', roles: ['owner', 'manager', 'buyer', 'accountant', 'auditor'] },
    { id: 'purchasing.price.edit', roles: ['owner', 'buyer'] },
    { id: 'purchasing.receipt.view', roles: ['owner', 'manager', 'warehouse', 'buyer', 'accountant', 'auditor'] },
    { id: 'purchasing.receipt.create', roles: ['owner', 'manager', 'warehouse', 'buyer'] },
    { id: 'purchasing.receipt.edit', roles: ['owner', 'manager', 'warehouse', 'buyer'] },
    { id: 'purchasing.receipt.post', roles: ['owner', 'manager', 'warehouse', 'buyer'] },
    { id: 'purchasing.receipt.reverse', roles: ['owner', 'manager', 'accountant'] },
    { id: OVERRIDE_PERMISSION, roles: ['owner', 'manager', 'buyer'] },
    // Not the warehouse keeper: who counts a blind receipt must not know what was ordered.
    { id: 'purchasing.order.view', roles: ['owner', 'manager', 'buyer', 'accountant', 'auditor'] },
    { id: 'purchasing.order.edit', roles: ['owner', 'manager', 'buyer'] },
    { id: 'purchasing.order.approve', roles: ['owner', 'manager'] },
    { id: 'purchasing.order.close', roles: ['owner', 'buyer'] },
    {
      id: 'purchasing.requisition.view',
      roles: ['owner', 'manager', 'clerk', 'warehouse', 'buyer', 'accountant', 'auditor'],
    },
    { id: 'purchasing.requisition.edit', roles: ['owner', 'manager', 'clerk', 'warehouse', 'buyer'] },
    { id: 'purchasing.requisition.approve', roles: ['owner', 'manager', 'buyer'] },
    { id: 'purchasing.return.view', roles: ['owner', 'manager', 'warehouse', 'buyer', 'accountant', 'auditor'] },
    { id: 'purchasing.return.edit', roles: ['owner', 'manager', 'warehouse', 'buyer'] },
    { id: 'purchasing.return.post', roles: ['owner', 'manager', 'buyer'] },
    { id: 'purchasing.return.reverse', roles: ['owner', 'accountant'] },
    { id: FOREIGN_RETURNS, roles: ['owner'] },
    // What is on an invoice is cost: the right to see cost is needed as well.
    { id: 'purchasing.invoice.view', roles: ['owner', 'manager', 'buyer', 'accountant', 'auditor'] },
    { id: EDIT_INVOICES, roles: ['owner', 'buyer', 'accountant'] },
    { id: POST_INVOICES, roles: ['owner', 'accountant'] },
    { id: APPROVE_INVOICES, roles: ['owner', 'manager'] },
    { id: 'purchasing.invoice.reverse', roles: ['owner', 'accountant'] },
    { id: 'purchasing.protection.view', roles: ['owner', 'manager', 'buyer', 'accountant', 'auditor'] },
    { id: 'purchasing.protection.edit', roles: ['owner', 'manager', 'buyer'] },
    // Both see and change amounts: the right to see cost is needed as well.
    { id: 'purchasing.protection.agree', roles: ['owner', 'buyer'] },
    { id: 'purchasing.protection.settle', roles: ['owner', 'accountant'] },
    { id: 'purchasing.protection.reverse', roles: ['owner', 'accountant'] },
    { id: VIEW_CONSIGNMENTS, roles: ['owner', 'manager', 'warehouse', 'buyer', 'accountant', 'auditor'] },
    // Agreed prices are cost: the right to see cost is needed as well.
    { id: EDIT_CONSIGNMENTS, roles: ['owner', 'manager', 'buyer'] },
    { id: SETTLE_CONSIGNMENTS, roles: ['owner', 'accountant'] },
    { id: REVERSE_CONSIGNMENTS, roles: ['owner', 'accountant'] },
    { id: 'purchasing.rebate.view', roles: ['owner', 'manager', 'buyer', 'accountant', 'auditor'] },
    { id: 'purchasing.rebate.edit', roles: ['owner', 'buyer'] },
    { id: 'purchasing.rebate.accrue', roles: ['owner', 'buyer', 'accountant'] },
    { id: 'purchasing.rebate.settle', roles: ['owner', 'accountant'] },
    { id: 'purchasing.replenishment.view', roles: ['owner', 'manager', 'buyer', 'auditor'] },
    { id: 'purchasing.replenishment.edit', roles: ['owner', 'buyer'] },
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
      key: 'orders',
      href: '/purchasing/orders',
      icon: 'shopping-cart',
      permission: 'purchasing.order.view',
      order: 22,
      under: 'purchasing',
    },
    {
      key: 'onOrder',
      href: '/purchasing/on-order',
      icon: 'truck-delivery',
      permission: 'purchasing.order.view',
      order: 23,
      under: 'purchasing',
    },
    {
      key: 'scorecard',
      href: '/purchasing/scorecard',
      icon: 'chart-bar',
      permission: 'purchasing.order.view',
      order: 27,
      under: 'purchasing',
    },
    {
      key: 'requisitions',
      href: '/purchasing/requisitions',
      icon: 'clipboard',
      permission: 'purchasing.requisition.view',
      order: 25,
      under: 'purchasing',
    },
    {
      key: 'wishes',
      href: '/purchasing/wishes',
      icon: 'list-details',
      permission: 'purchasing.order.edit',
      order: 26,
      under: 'purchasing',
    },
    {
      key: 'returns',
      href: '/purchasing/returns',
      icon: 'truck-return',
      permission: 'purchasing.return.view',
      order: 27,
      under: 'purchasing',
    },
    {
      key: 'invoices',
      href: '/purchasing/invoices',
      icon: 'file-invoice',
      permission: 'purchasing.invoice.view',
      order: 28,
      under: 'purchasing',
    },
    {
      key: 'uninvoiced',
      href: '/purchasing/uninvoiced',
      icon: 'hourglass',
      permission: 'purchasing.invoice.view',
      order: 29,
      under: 'purchasing',
    },
    {
      key: 'protections',
      href: '/purchasing/protections',
      icon: 'shield-check',
      permission: 'purchasing.protection.view',
      order: 27.5,
      under: 'purchasing',
    },
    {
      key: 'rebates',
      href: '/purchasing/rebates',
      icon: 'percentage',
      permission: 'purchasing.rebate.view',
      order: 27.7,
      under: 'purchasing',
    },
    {
      key: 'consignments',
      href: '/purchasing/consignments',
      icon: 'packages',
      permission: VIEW_CONSIGNMENTS,
      order: 27.3,
      under: 'purchasing',
    },
    {
      key: 'replenishment',
      href: '/purchasing/replenishment',
      icon: 'calculator',
      permission: 'purchasing.replenishment.view',
      order: 23.5,
      under: 'purchasing',
    },
    {
      key: 'suppliers',
      href: '/purchasing/suppliers',
      icon: 'building',
      permission: 'purchasing.supplier.view',
      order: 24,
      under: 'purchasing',
    },
  ],
  routes: purchasingRoutes,
  jobs: [replenishmentJob],
  imports: [supplierImporter, supplierPriceImporter],
  attachments: { [RECEIPT_FILES]: receiptFilesRule, [INVOICE_FILES]: invoiceFilesRule },
  parameters: purchasingParameters,
  configuration: [supplierCategoryConfiguration, approvalLevelConfiguration, receivingRuleConfiguration],
  search: [
    receiptSearch,
    boxSearch,
    orderSearch,
    requisitionSearch,
    returnSearch,
    invoiceSearch,
    protectionSearch,
    rebateSearch,
    consignmentSearch,
    supplierSearch,
  ],
  alerts: [
    bankChangeAlerts,
    draftAlerts,
    requisitionAlerts,
    wishAlerts,
    approvalAlerts,
    lateAlerts,
    exchangeAlerts,
    invoiceApprovalAlerts,
    uninvoicedAlerts,
    protectionAlerts,
    rebateAlerts,
    consignedAlerts,
  ],
};
