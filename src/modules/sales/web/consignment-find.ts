import { fen, formatMoney, normaliseCode } from '../../../kernel';
import type { AlertSource, SearchProvider } from '../../../platform/modules';
import { consignmentsByNumber, lateConsignments, VIEW_CONSIGNMENTS } from '../queries/consignment-list';
import { settlementsByNumber, unpaidSettlements, VIEW_SETTLEMENTS } from '../queries/settlement-list';
import { settlementHref, SETTLEMENTS, settlementState } from './settlement-words';
import { consignmentHref, CONSIGNMENTS, consignmentState } from './consignment-words';

export const consignmentSearch: SearchProvider = {
  permission: VIEW_CONSIGNMENTS,
  async find(ctx, text) {
    const code = normaliseCode(text)
      .replace(/\s/g, '')
      .replace(/\/\d*$/, '');
    if (!/^WT[\dA-Z-]{2,}$/.test(code)) return [];
    return (await consignmentsByNumber(ctx.read, ctx.actor, code)).map(
      ({ id, number, state, stillOut, devices, dueOn }) => ({
        kind: ctx.t('sales:consignment.one'),
        title: number,
        detail: [consignmentState(ctx, state).text, `${stillOut} / ${devices}`, dueOn].join(' · '),
        href: consignmentHref(id),
        exact: number === code,
      }),
    );
  },
};

/** What partners should have settled or given back. */
export const consignmentAlert: AlertSource = {
  permission: VIEW_CONSIGNMENTS,
  switch: 'sales.alertConsignments',
  async find(ctx) {
    const late = await lateConsignments(ctx.read, ctx.actor, ctx.store?.id ?? null, ctx.today);
    if (late.consignments === 0) return [];
    return [
      {
        icon: 'building-store',
        tone: 'bad',
        title: ctx.t('sales:consignment.alert'),
        detail: ctx.t('sales:consignment.alertDetail', {
          count: late.devices,
          amount: formatMoney(fen(late.amountFen)),
          date: ctx.f.date(late.since),
        }),
        count: ctx.t('sales:consignment.alertCount', { count: late.consignments }),
        href: `${CONSIGNMENTS}?late=1`,
      },
    ];
  },
};

export const settlementSearch: SearchProvider = {
  permission: VIEW_SETTLEMENTS,
  async find(ctx, text) {
    const code = normaliseCode(text).replace(/\s/g, '');
    if (!/^DX[\dA-Z-]{2,}$/.test(code)) return [];
    return (await settlementsByNumber(ctx.read, ctx.actor, code)).map(
      ({ id, number, state, devices, businessDate }) => ({
        kind: ctx.t('sales:settlement.one'),
        title: number,
        detail: [settlementState(ctx, state).text, String(devices), businessDate].join(' · '),
        href: settlementHref(id),
        exact: number === code,
      }),
    );
  },
};

/** What partners should have paid. */
export const settlementAlert: AlertSource = {
  permission: VIEW_SETTLEMENTS,
  switch: 'sales.alertSettlements',
  async find(ctx) {
    const late = await unpaidSettlements(ctx.read, ctx.actor, ctx.store?.id ?? null, ctx.today);
    if (late.settlements === 0) return [];
    return [
      {
        icon: 'cash',
        tone: 'bad',
        title: ctx.t('sales:settlement.alert'),
        detail: ctx.t('sales:settlement.alertDetail', {
          amount: formatMoney(fen(late.openFen)),
          date: ctx.f.date(late.since),
        }),
        count: ctx.t('sales:consignment.alertCount', { count: late.settlements }),
        href: `${SETTLEMENTS}?unpaid=1`,
      },
    ];
  },
};
