import type { ModuleManifest } from '../../platform/modules';
import { financeParameters } from './queries/parameters';
import { EDIT_PAYMENTS, VIEW_PAYMENTS } from './queries/scope';
import { payment, paymentLine } from './store/payment.table';
import { APPROVE_PAYMENTS } from './use-cases/decide-payment';
import { POST_PAYMENTS, REVERSE_PAYMENTS } from './use-cases/post-payment';
import { VIEW_STATEMENTS } from './queries/supplier-balances';
import { payableAlerts } from './web/find-payables';
import { proposalRoutes } from './web/proposal.routes';
import { statementRoutes } from './web/statement.routes';
import { paymentApprovalAlerts, paymentSearch } from './web/find-payments';
import { paymentActionRoutes } from './web/payment-actions.routes';
import { paymentListRoutes } from './web/payment-list.routes';
import { paymentRoutes } from './web/payment.routes';

export const financeModule: ModuleManifest = {
  name: 'finance',
  needs: ['organization'],
  tables: [payment, paymentLine],
  permissions: [
    // What is owed for goods is what they cost: the right to see cost is needed as well.
    { id: VIEW_PAYMENTS, roles: ['owner', 'accountant', 'auditor'] },
    { id: EDIT_PAYMENTS, roles: ['owner', 'accountant'] },
    { id: APPROVE_PAYMENTS, roles: ['owner'] },
    { id: POST_PAYMENTS, roles: ['owner', 'accountant'] },
    { id: REVERSE_PAYMENTS, roles: ['owner'] },
    { id: VIEW_STATEMENTS, roles: ['owner', 'buyer', 'accountant', 'auditor'] },
  ],
  menu: [
    { key: 'finance', href: '/finance/statements', icon: 'cash', permission: VIEW_STATEMENTS, order: 40 },
    {
      key: 'payments',
      href: '/finance/payments',
      icon: 'cash',
      permission: VIEW_PAYMENTS,
      order: 41,
      under: 'finance',
    },
    {
      key: 'proposals',
      href: '/finance/proposals',
      icon: 'calculator',
      permission: EDIT_PAYMENTS,
      order: 42,
      under: 'finance',
    },
    {
      key: 'statements',
      href: '/finance/statements',
      icon: 'list-details',
      permission: VIEW_STATEMENTS,
      order: 43,
      under: 'finance',
    },
  ],
  routes: [
    // The list's own addresses (….xlsx, …/new) stand before …/:id.
    ...paymentListRoutes,
    ...paymentRoutes,
    ...paymentActionRoutes,
    ...statementRoutes,
    ...proposalRoutes,
  ],
  parameters: financeParameters,
  search: [paymentSearch],
  alerts: [paymentApprovalAlerts, payableAlerts],
};
