import type { AlertSource } from '../../../platform/modules';
import { APPROVE_STOCK } from '../queries/approval-levels';
import { waitingChanges } from '../queries/waiting-changes';

/** Adjustments and scrap that wait for the reader's approval. */
export const changeApprovalAlerts: AlertSource = {
  permission: APPROVE_STOCK,
  async find(ctx) {
    const { count, since } = await waitingChanges(ctx.read, ctx.actor, ctx.store?.id ?? null, ctx.now);
    if (count === 0) return [];
    return [
      {
        icon: 'hourglass',
        tone: 'hold',
        title: ctx.t('inventory:alert.changeApprovals', { count }),
        detail: ctx.t('inventory:alert.changeApprovalsDetail', { date: since ?? '' }),
        count: String(count),
        href: '/inventory/changes?state=submitted',
      },
    ];
  },
};
