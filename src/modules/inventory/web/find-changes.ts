import type { AlertSource } from '../../../platform/modules';
import { APPROVE_STOCK } from '../queries/approval-levels';
import { waitingChanges, waitingStocktakes } from '../queries/waiting-changes';

const waitingFor = (name: string, href: string, waiting: typeof waitingChanges): AlertSource => ({
  permission: APPROVE_STOCK,
  async find({ read, actor, store, now, t, f }) {
    const { count, since } = await waiting(read, actor, store?.id ?? null, now);
    if (count === 0) return [];
    return [
      {
        icon: 'hourglass',
        tone: 'hold',
        title: t(`inventory:alert.${name}`, { count }),
        detail: t('inventory:alert.approvalsSince', { date: f.date(since) }),
        count: String(count),
        href,
      },
    ];
  },
});

/** Adjustments, scrap and differences of stocktakes that wait for the reader's approval. */
export const stockApprovalAlerts: readonly AlertSource[] = [
  waitingFor('changeApprovals', '/inventory/changes?state=submitted', waitingChanges),
  waitingFor('stocktakeApprovals', '/inventory/stocktakes?state=submitted', waitingStocktakes),
];
