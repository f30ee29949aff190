import { normaliseCode } from '../../../kernel';
import { documentHref } from '../../../platform/http';
import { readListQuery } from '../../../platform/lists';
import type { AlertSource, SearchProvider } from '../../../platform/modules';
import { findReturns, RETURN_LIST, returnTotalsByState, VIEW_RETURNS } from '../queries/return-list';
import { returnState } from './return-words';

export const returnSearch: SearchProvider = {
  permission: VIEW_RETURNS,
  async find(ctx, text) {
    const code = normaliseCode(text).replace(/\s/g, '');
    const found = await findReturns(ctx.read, ctx.actor, code);
    return found.map(({ id, number, state, supplierName, storeName, businessDate }) => ({
      kind: ctx.t('purchasing:return.one'),
      title: number,
      detail: [returnState(ctx, state).text, supplierName, storeName, businessDate].join(' · '),
      href: documentHref('purchasing.return', id),
      exact: number === code,
    }));
  },
};

/** Goods that suppliers were to replace and have not. */
export const exchangeAlerts: AlertSource = {
  permission: VIEW_RETURNS,
  switch: 'reporting.alertExchange',
  async find(ctx) {
    const query = readListQuery(RETURN_LIST, { waiting: 'yes' });
    const totals = await returnTotalsByState(ctx.read, ctx.actor, query, ctx.store?.id ?? null);
    const { returns = 0, quantity = 0 } = totals.get('posted') ?? {};
    if (returns === 0) return [];
    return [
      {
        icon: 'truck-return',
        tone: 'hold',
        title: ctx.t('purchasing:alert.exchange', { count: returns }),
        detail: ctx.t('purchasing:alert.exchangeDetail', { count: quantity }),
        count: String(returns),
        href: '/purchasing/returns?waiting=yes',
      },
    ];
  },
};
