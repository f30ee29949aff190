import type { Alert, AlertSource, ModuleManifest, SearchProvider } from '../../platform/modules';
import { RETURN_ELSEWHERE } from './domain/sale';
import { saleChecks } from './queries/checks';
import { consignmentChecks } from './queries/consignment-checks';
import { salesByNumber } from './queries/find-sales';
import { forgottenShifts } from './queries/shifts';
import { VIEW_COLLECTIONS } from './queries/collection-list';
import { COLLECT } from './queries/receivables';
import { VIEW_CONSIGNMENTS } from './queries/consignment-list';
import { VIEW_SETTLEMENTS } from './queries/settlement-list';
import { consignment, consignmentDevice, consignmentReturn } from './store/consignment.table';
import { collection, collectionLine } from './store/collection.table';
import { settlementOfPartner } from './store/settlement.table';
import { heldSale } from './store/held-sale.table';
import { salesParameters } from './queries/parameters';
import { salesFile } from './use-cases/personal-file';
import { register, shift } from './store/register.table';
import { sale, saleApproval, saleLine, saleTender } from './store/sale.table';
import { channelConfiguration } from './use-cases/channel-configuration';
import { CONSIGN, REVERSE_CONSIGNMENTS } from './use-cases/consign-devices';
import { REVERSE_COLLECTIONS } from './use-cases/collect-payment';
import { REVERSE_SETTLEMENTS } from './use-cases/reverse-settlement';
import { SETTLE } from './use-cases/settle-consignment';
import { approvalLimits } from './use-cases/approval-limits';
import { consignmentActionRoutes } from './web/consignment-actions.routes';
import { consignmentAlert, consignmentSearch, settlementAlert, settlementSearch } from './web/consignment-find';
import { consignmentRoutes } from './web/consignment.routes';
import { collectionFormRoutes } from './web/collection-form.routes';
import { collectionRoutes } from './web/collection.routes';
import { settlementActionRoutes } from './web/settlement-actions.routes';
import { settlementFormRoutes } from './web/settlement-form.routes';
import { settlementRoutes } from './web/settlement.routes';
import { registerRoutes } from './web/register.routes';
import { returnRoutes } from './web/return.routes';
import { saleFormRoutes } from './web/sale-form.routes';
import { saleRoutes } from './web/sale.routes';
import { shiftRoutes } from './web/shift.routes';
import { tillRoutes } from './web/till.routes';

const saleSearch: SearchProvider = {
  permission: 'sales.sale.view',
  find: async ({ read, actor, t }, text) =>
    (await salesByNumber(read, actor, text)).map((found) => ({
      kind: t(`sales:kind.${found.kind}`),
      title: found.saleNumber,
      detail: found.storeName,
      href: `/sales/sales/${found.id}`,
      exact: found.saleNumber === text.normalize('NFKC').trim().toUpperCase(),
    })),
};

/** A till that nobody closed yesterday: its cash has not been counted. */
const openShiftAlert: AlertSource = {
  permission: 'sales.shift.view',
  find: async ({ read, actor, t, today, store }) => {
    const shifts = await forgottenShifts(read, actor, today, store?.id ?? null);
    const [first] = shifts;
    if (!first) return [];
    const alert: Alert = {
      icon: 'clock',
      tone: 'hold',
      title: t('sales:alert.shift'),
      detail: t('sales:alert.shiftDetail', {
        store: first.storeName,
        name: first.registerName,
        who: first.openedByName,
      }),
      count: String(shifts.length),
      href: '/sales/shifts?state=open',
    };
    return [alert];
  },
};

export const salesModule: ModuleManifest = {
  name: 'sales',
  needs: ['organization', 'catalog', 'pricing', 'crm', 'inventory'],
  tables: [
    register,
    shift,
    sale,
    saleLine,
    saleTender,
    heldSale,
    saleApproval,
    consignment,
    consignmentReturn,
    consignmentDevice,
    settlementOfPartner,
    collection,
    collectionLine,
  ],
  permissions: [
    { id: 'sales.sale.create', roles: ['owner', 'manager', 'cashier', 'clerk'] },
    { id: 'sales.sale.view', roles: ['owner', 'manager', 'cashier', 'clerk', 'technician', 'accountant', 'auditor'] },
    { id: 'sales.sale.return', roles: ['owner', 'manager', 'cashier'] },
    { id: RETURN_ELSEWHERE, roles: ['owner', 'manager'] },
    { id: 'sales.sale.reverse', roles: ['owner', 'manager'] },
    { id: 'sales.discount.give', roles: ['owner', 'manager', 'cashier', 'clerk'] },
    { id: 'sales.discount.approve', roles: ['owner', 'manager'] },
    { id: 'sales.shift.open', roles: ['owner', 'manager', 'cashier', 'clerk'] },
    { id: 'sales.shift.close', roles: ['owner', 'manager', 'cashier', 'clerk'] },
    { id: 'sales.shift.view', roles: ['owner', 'manager', 'cashier', 'clerk', 'accountant', 'auditor'] },
    { id: 'sales.register.edit', roles: ['owner', 'manager'] },
    {
      id: VIEW_CONSIGNMENTS,
      roles: ['owner', 'manager', 'cashier', 'clerk', 'warehouse', 'accountant', 'auditor'],
    },
    // Who gives devices to a partner agrees on their prices.
    { id: CONSIGN, roles: ['owner', 'manager'] },
    { id: REVERSE_CONSIGNMENTS, roles: ['owner', 'manager'] },
    { id: VIEW_SETTLEMENTS, roles: ['owner', 'manager', 'accountant', 'auditor'] },
    { id: SETTLE, roles: ['owner', 'manager', 'accountant'] },
    { id: REVERSE_SETTLEMENTS, roles: ['owner', 'manager'] },
    { id: VIEW_COLLECTIONS, roles: ['owner', 'manager', 'accountant', 'auditor'] },
    { id: COLLECT, roles: ['owner', 'manager', 'accountant'] },
    { id: REVERSE_COLLECTIONS, roles: ['owner', 'accountant'] },
  ],
  menu: [
    {
      key: 'till',
      href: '/sales/till',
      icon: 'cash-register',
      permission: 'sales.sale.create',
      order: 5,
      tabbar: true,
    },
    { key: 'sales', href: '/sales/sales', icon: 'receipt', permission: 'sales.sale.view', order: 10 },
    { key: 'list', href: '/sales/sales', icon: 'receipt', permission: 'sales.sale.view', order: 11, under: 'sales' },
    { key: 'shifts', href: '/sales/shifts', icon: 'clock', permission: 'sales.shift.view', order: 12, under: 'sales' },
    {
      key: 'consignments',
      href: '/sales/consignments',
      icon: 'building-store',
      permission: VIEW_CONSIGNMENTS,
      order: 12,
      under: 'sales',
    },
    {
      key: 'settlements',
      href: '/sales/settlements',
      icon: 'receipt',
      permission: VIEW_SETTLEMENTS,
      order: 12,
      under: 'sales',
    },
    {
      key: 'collections',
      href: '/sales/collections',
      icon: 'cash',
      permission: VIEW_COLLECTIONS,
      order: 12,
      under: 'sales',
    },
    {
      key: 'registers',
      href: '/sales/registers',
      icon: 'cash-register',
      permission: 'sales.register.edit',
      order: 13,
      under: 'sales',
    },
  ],
  routes: [
    ...tillRoutes,
    ...saleFormRoutes,
    ...returnRoutes,
    ...saleRoutes,
    ...shiftRoutes,
    ...registerRoutes,
    // The list's own addresses (….xlsx, …/new) stand before …/:id.
    ...consignmentActionRoutes,
    ...consignmentRoutes,
    ...settlementFormRoutes,
    ...settlementActionRoutes,
    ...settlementRoutes,
    ...collectionFormRoutes,
    ...collectionRoutes,
  ],
  search: [saleSearch, consignmentSearch, settlementSearch],
  parameters: salesParameters,
  alerts: [openShiftAlert, consignmentAlert, settlementAlert],
  checks: [...saleChecks, ...consignmentChecks],
  configuration: [channelConfiguration, approvalLimits],
  people: salesFile,
};
