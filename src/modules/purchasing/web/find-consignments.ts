import { normaliseCode } from '../../../kernel';
import { readListQuery } from '../../../platform/lists';
import type { AlertSource, SearchProvider } from '../../../platform/modules';
import { CONSIGNED_LIST, consignedTotals } from '../queries/consigned-list';
import { consignmentsByNumber, VIEW_CONSIGNMENTS } from '../queries/consignment-list';
import { readParameters } from '../queries/parameters';
import { CONSIGNED, consignmentHref, consignmentState } from './consignment-words';

export const consignmentSearch: SearchProvider = {
  permission: VIEW_CONSIGNMENTS,
  async find(ctx, text) {
    const code = normaliseCode(text).replace(/\s/g, '');
    if (!/^DX[\dA-Z-]{2,}$/.test(code)) return [];
    return (await consignmentsByNumber(ctx.read, ctx.actor, code)).map(({ id, number, kind, state, supplierName }) => ({
      kind: ctx.t(`purchasing:consignment.kind.${kind}`),
      title: number,
      detail: [consignmentState(ctx, state).text, supplierName].join(' · '),
      href: consignmentHref(id),
      exact: number === code,
    }));
  },
};

/** What lies here for too long: it is returned, or its price lowered. */
export const consignedAlerts: AlertSource = {
  permission: VIEW_CONSIGNMENTS,
  switch: 'purchasing.alertConsigned',
  async find(ctx) {
    const { consignmentDays: days } = await readParameters(ctx.read);
    const query = readListQuery(CONSIGNED_LIST, { days: String(days) });
    const place = { storeId: ctx.store?.id ?? null, today: ctx.today };
    const count = (await consignedTotals(ctx.read, ctx.actor, query, place)).get('here')?.devices ?? 0;
    if (count === 0) return [];
    return [
      {
        icon: 'hourglass',
        tone: 'hold',
        title: ctx.t('purchasing:alert.consigned', { count, days }),
        detail: ctx.t('purchasing:alert.consignedDetail'),
        count: String(count),
        href: `${CONSIGNED}?days=${days}`,
      },
    ];
  },
};
