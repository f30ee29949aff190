import { normaliseCode } from '../../../kernel';
import { readListQuery } from '../../../platform/lists';
import type { AlertSource, SearchProvider } from '../../../platform/modules';
import { findPayments, PAYMENT_LIST, paymentTotalsByState } from '../queries/payment-list';
import { VIEW_PAYMENTS } from '../queries/scope';
import { APPROVE_PAYMENTS } from '../use-cases/decide-payment';
import { paymentHref, paymentState } from './payment-words';

export const paymentSearch: SearchProvider = {
  permission: VIEW_PAYMENTS,
  async find(ctx, text) {
    const code = normaliseCode(text).replace(/\s/g, '');
    const found = await findPayments(ctx.read, ctx.actor, code);
    return found.map(({ id, number, state, supplierName, storeName, businessDate }) => ({
      kind: ctx.t('finance:payment.one'),
      title: number,
      detail: [paymentState(ctx, state).text, supplierName, storeName, businessDate].join(' · '),
      href: paymentHref(id),
      exact: number === code,
    }));
  },
};

/** Payments that wait for somebody's approval. */
export const paymentApprovalAlerts: AlertSource = {
  permission: APPROVE_PAYMENTS,
  async find(ctx) {
    const query = readListQuery(PAYMENT_LIST, {});
    const totals = await paymentTotalsByState(ctx.read, ctx.actor, query, ctx.store?.id ?? null);
    const count = totals.get('submitted')?.payments ?? 0;
    if (count === 0) return [];
    return [
      {
        icon: 'hourglass',
        tone: 'hold',
        title: ctx.t('finance:alert.approvals', { count }),
        detail: ctx.t('finance:alert.approvalsDetail'),
        count: String(count),
        href: '/finance/payments?state=submitted',
      },
    ];
  },
};
