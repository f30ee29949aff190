import { normaliseCode } from '../../../kernel';
import type { AlertSource, SearchProvider } from '../../../platform/modules';
import { findTransfers, waitingTransfers } from '../queries/find-transfers';
import { transferHref, transferState } from './transfer-fields';

export const transferSearch: SearchProvider = {
  permission: 'inventory.transfer.view',
  async find(ctx, text) {
    const found = await findTransfers(ctx.read, ctx.actor, text);
    return found.map(({ id, number, state, fromStoreName, toStoreName, businessDate }) => ({
      kind: ctx.t('inventory:transfer.one'),
      title: number,
      detail: [transferState(ctx, state).text, `${fromStoreName} → ${toStoreName}`, businessDate].join(' · '),
      href: transferHref(id),
      exact: number === normaliseCode(text).replace(/\s/g, ''),
    }));
  },
};

/** What waits: goods that should have been there, goods to be received, requests to be decided on. */
export const transferAlerts: readonly AlertSource[] = [
  {
    permission: 'inventory.transfer.view',
    switch: 'reporting.alertTransit',
    async find(ctx) {
      const late = await waitingTransfers(ctx.read, ctx.actor, 'late', ctx.store?.id ?? null, ctx.today);
      if (late.transfers === 0) return [];
      return [
        {
          icon: 'truck-delivery',
          tone: 'bad',
          title: ctx.t('inventory:transfer.alert.late'),
          detail: ctx.t('inventory:transfer.alert.lateDetail', { count: late.pieces, date: ctx.f.date(late.since) }),
          count: ctx.t('inventory:transfer.alert.count', { count: late.transfers }),
          href: '/inventory/transfers?late=1',
        },
      ];
    },
  },
  {
    permission: 'inventory.transfer.receive',
    async find(ctx) {
      const coming = await waitingTransfers(ctx.read, ctx.actor, 'coming', ctx.store?.id ?? null, ctx.today);
      if (coming.transfers === 0) return [];
      return [
        {
          icon: 'truck-loading',
          tone: 'way',
          title: ctx.t('inventory:transfer.alert.coming'),
          detail: ctx.t('inventory:transfer.alert.pieces', { count: coming.pieces }),
          count: ctx.t('inventory:transfer.alert.count', { count: coming.transfers }),
          href: '/inventory/transfers?state=sent',
        },
      ];
    },
  },
  {
    permission: 'inventory.transfer.approve',
    async find(ctx) {
      const asked = await waitingTransfers(ctx.read, ctx.actor, 'asked', ctx.store?.id ?? null, ctx.today);
      if (asked.transfers === 0) return [];
      return [
        {
          icon: 'transfer',
          tone: 'hold',
          title: ctx.t('inventory:transfer.alert.asked'),
          detail: ctx.t('inventory:transfer.alert.pieces', { count: asked.pieces }),
          count: ctx.t('inventory:transfer.alert.count', { count: asked.transfers }),
          href: '/inventory/transfers?state=requested',
        },
      ];
    },
  },
];
