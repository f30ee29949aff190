import type { Migration } from '../src/platform/database/portable';
import platform from './0001-platform';
import organization from './0002-organization';
import ledger from './0003-ledger';
import accounts from './0004-accounts';
import catalog from './0005-catalog';
import pricing from './0006-pricing';
import crm from './0007-crm';
import purchasing from './0008-purchasing';
import sales from './0009-sales';
import inventory from './0010-inventory';
import imports from './0011-imports';
import accruedPayables from './0012-accrued-payables';
import batches from './0013-batches';
import deviceAge from './0014-device-age';
import secondFactor from './0015-second-factor';
import importRowCount from './0016-import-row-count';
import configurationRevisions from './0017-configuration-revisions';
import backupRuns from './0018-backup-runs';
import temporaryRights from './0019-temporary-rights';
import maintenance from './0020-maintenance';
import shiftTotal from './0021-shift-total';
import notifications from './0022-notifications';
import personalData from './0023-personal-data';
import configurationRecords from './0024-configuration-records';
import taxRates from './0025-tax-rates';
import salesChannels from './0026-sales-channels';
import supplierCategories from './0027-supplier-categories';
import sealedNames from './0028-sealed-names';
import priceStrategies from './0029-price-strategies';
import secondPhoneHash from './0030-second-phone-hash';
import nodeReport from './0031-node-report';
import priceSource from './0032-price-source';
import purchaseOrders from './0033-purchase-orders';
import receiptsAgainstOrders from './0034-receipts-against-orders';
import transfers from './0035-transfers';
import stocktakes from './0036-stocktakes';
import sealedAddresses from './0037-sealed-addresses';
import requisitions from './0038-requisitions';
import stockChanges from './0039-stock-changes';
import purchaseReturns from './0040-purchase-returns';
import supplierPrices from './0041-supplier-prices';
import replenishment from './0042-replenishment';
import supplierInvoices from './0043-supplier-invoices';
import creditNotes from './0044-credit-notes';
import payments from './0045-payments';
import supplierTerms from './0046-supplier-terms';
import supplierBankChanges from './0047-supplier-bank-changes';
import stockAdjustments from './0048-stock-adjustments';
import stocktakeApproval from './0049-stocktake-approval';
import stockAnalysis from './0053-stock-analysis';
import stockAlerts from './0054-stock-alerts';
import numberCorrections from './0055-number-corrections';
import packingLists from './0056-packing-lists';
import transferMarkup from './0058-transfer-markup';
import loans from './0059-loans';
import consignment from './0060-consignment';
import borrowing from './0061-borrowing';
import consignmentsOut from './0063-consignments-out';
import boms from './0065-boms';
import collections from './0073-collections';
import consignmentSettlements from './0064-consignment-settlements';
import countedInParts from './0070-counted-in-parts';
import stockBuilds from './0066-stock-builds';
import priceProtection from './0051-price-protection';
import rebates from './0052-rebates';
import usedDevices from './0057-used-devices';
import runningShiftTotal from './0072-running-shift-total';

/** Every migration, in order. A new one is added at the end; released ones are never changed. */
export const migrations: readonly Migration[] = [
  platform,
  organization,
  ledger,
  accounts,
  catalog,
  pricing,
  crm,
  purchasing,
  sales,
  inventory,
  imports,
  accruedPayables,
  batches,
  deviceAge,
  secondFactor,
  importRowCount,
  configurationRevisions,
  backupRuns,
  temporaryRights,
  maintenance,
  shiftTotal,
  notifications,
  personalData,
  configurationRecords,
  taxRates,
  salesChannels,
  supplierCategories,
  sealedNames,
  priceStrategies,
  secondPhoneHash,
  nodeReport,
  priceSource,
  purchaseOrders,
  receiptsAgainstOrders,
  transfers,
  stocktakes,
  sealedAddresses,
  requisitions,
  stockChanges,
  purchaseReturns,
  supplierPrices,
  replenishment,
  supplierInvoices,
  creditNotes,
  payments,
  supplierTerms,
  supplierBankChanges,
  stockAdjustments,
  stocktakeApproval,
  stockAnalysis,
  stockAlerts,
  numberCorrections,
  packingLists,
  priceProtection,
  rebates,
  usedDevices,
  transferMarkup,
  loans,
  consignment,
  borrowing,
  runningShiftTotal,
  consignmentsOut,
  boms,
  consignmentSettlements,
  countedInParts,
  stockBuilds,
  collections,
];
