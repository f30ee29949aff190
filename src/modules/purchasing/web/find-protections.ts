import { addDays, normaliseCode } from '../../../kernel';
import { documentHref } from '../../../platform/http';
import { readListQuery } from '../../../platform/lists';
import type { AlertSource, SearchProvider } from '../../../platform/modules';
import { readParameters } from '../queries/parameters';
import { findProtections, PROTECTION_LIST, protectionTotals, VIEW_PROTECTIONS } from '../queries/protection-list';
import { protectionState } from './protection-words';

export const protectionSearch: SearchProvider = {
  permission: VIEW_PROTECTIONS,
  async find(ctx, text) {
    const code = normaliseCode(text).replace(/\s/g, '');
    const found = await findProtections(ctx.read, ctx.actor, code);
    return found.map(({ id, number, state, supplierName, storeName, effectiveOn }) => ({
      kind: ctx.t('purchasing:protection.one'),
      title: number,
      detail: [protectionState(ctx, state).text, supplierName, storeName, effectiveOn].join(' · '),
      href: documentHref('purchasing.protection', id),
      exact: number === code,
    }));
  },
};

/** Claims that suppliers have not answered or settled for too long. */
export const protectionAlerts: AlertSource = {
  permission: VIEW_PROTECTIONS,
  switch: 'reporting.alertClaim',
  async find(ctx) {
    const { claimAlertDays } = await readParameters(ctx.read);
    const filter = { storeId: ctx.store?.id ?? null, late: addDays(ctx.today, -claimAlertDays) };
    const query = readListQuery(PROTECTION_LIST, { open: 'late' });
    const totals = await protectionTotals(ctx.read, ctx.actor, query, filter);
    const count = [...totals.values()].reduce((sum, { claims }) => sum + claims, 0);
    if (count === 0) return [];
    return [
      {
        icon: 'shield-check',
        tone: 'hold',
        title: ctx.t('purchasing:alert.protection', { count }),
        detail: ctx.t('purchasing:alert.protectionDetail', { days: claimAlertDays }),
        count: String(count),
        href: '/purchasing/protections?open=late',
      },
    ];
  },
};
