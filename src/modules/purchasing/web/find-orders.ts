import { normaliseCode } from '../../../kernel';
import { documentHref } from '../../../platform/http';
import { readListQuery } from '../../../platform/lists';
import type { AlertSource, SearchProvider } from '../../../platform/modules';
import { ON_ORDER_LIST, onOrderTotals } from '../queries/on-order';
import { findOrders, waitingForApproval } from '../queries/find-orders';
import { orderState } from './order-words';

export const orderSearch: SearchProvider = {
  permission: 'purchasing.order.view',
  async find(ctx, text) {
    const found = await findOrders(ctx.read, ctx.actor, text);
    return found.map(({ id, number, state, supplierName, storeName, orderedOn }) => ({
      kind: ctx.t('purchasing:order.one'),
      title: number,
      detail: [orderState(ctx, state).text, supplierName, storeName, orderedOn].join(' · '),
      href: documentHref('purchasing.order', id),
      exact: number === normaliseCode(text).replace(/\s/g, ''),
    }));
  },
};

export const approvalAlerts: AlertSource = {
  permission: 'purchasing.order.approve',
  async find(ctx) {
    const { orders, since } = await waitingForApproval(ctx.read, ctx.actor, ctx.store?.id ?? null, ctx.now);
    if (orders === 0) return [];
    return [
      {
        icon: 'hourglass',
        tone: 'hold',
        title: ctx.t('purchasing:alert.approvals', { count: orders }),
        detail: ctx.t('purchasing:alert.approvalsDetail', { date: ctx.f.date(since) }),
        count: String(orders),
        href: '/purchasing/orders?state=submitted',
      },
    ];
  },
};

export const lateAlerts: AlertSource = {
  permission: 'purchasing.order.view',
  switch: 'reporting.alertOrder',
  async find(ctx) {
    const query = readListQuery(ON_ORDER_LIST, { late: 'yes' });
    const { lines, pieces } = await onOrderTotals(ctx.read, ctx.actor, query, ctx.store?.id ?? null, ctx.today);
    if (lines === 0) return [];
    return [
      {
        icon: 'truck-delivery',
        tone: 'bad',
        title: ctx.t('purchasing:alert.late', { count: lines }),
        detail: ctx.t('purchasing:alert.lateDetail', { count: pieces }),
        count: String(lines),
        href: '/purchasing/on-order?late=yes',
      },
    ];
  },
};
