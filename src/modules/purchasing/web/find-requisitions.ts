import { normaliseCode } from '../../../kernel';
import { documentHref } from '../../../platform/http';
import { readListQuery } from '../../../platform/lists';
import type { AlertSource, SearchProvider } from '../../../platform/modules';
import { findRequisitions, requisitionsToApprove } from '../queries/find-requisitions';
import { WANTED_LIST, wantedTotals } from '../queries/wanted-lines';
import { requisitionState } from './requisition-words';

export const requisitionSearch: SearchProvider = {
  permission: 'purchasing.requisition.view',
  async find(ctx, text) {
    const found = await findRequisitions(ctx.read, ctx.actor, text);
    return found.map(({ id, number, state, storeName, requestedOn }) => ({
      kind: ctx.t('purchasing:requisition.one'),
      title: number,
      detail: [requisitionState(ctx, state).text, storeName, requestedOn].join(' · '),
      href: documentHref('purchasing.requisition', id),
      exact: number === normaliseCode(text).replace(/\s/g, ''),
    }));
  },
};

export const requisitionAlerts: AlertSource = {
  permission: 'purchasing.requisition.approve',
  async find(ctx) {
    const { count, since } = await requisitionsToApprove(ctx.read, ctx.actor, ctx.store?.id ?? null);
    if (count === 0) return [];
    return [
      {
        icon: 'hourglass',
        tone: 'hold',
        title: ctx.t('purchasing:alert.requisitions', { count }),
        detail: ctx.t('purchasing:alert.approvalsDetail', { date: ctx.f.date(since) }),
        count: String(count),
        href: '/purchasing/requisitions?state=submitted',
      },
    ];
  },
};

export const wishAlerts: AlertSource = {
  permission: 'purchasing.order.edit',
  async find(ctx) {
    const query = readListQuery(WANTED_LIST, {});
    const { lines, pieces } = await wantedTotals(ctx.read, ctx.actor, query, ctx.store?.id ?? null, ctx.today);
    if (lines === 0) return [];
    return [
      {
        icon: 'shopping-cart',
        tone: 'hold',
        title: ctx.t('purchasing:alert.wishes', { count: lines }),
        detail: ctx.t('purchasing:alert.lateDetail', { count: pieces }),
        count: String(lines),
        href: '/purchasing/wishes',
      },
    ];
  },
};
