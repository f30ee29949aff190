import { readListQuery } from '../../../platform/lists';
import type { Alert, AlertSource } from '../../../platform/modules';
import { BALANCE_LIST, balanceTotals, SOON_DAYS, VIEW_STATEMENTS } from '../queries/supplier-balances';

/** What suppliers are owed and is overdue, or due within a week. */
export const payableAlerts: AlertSource = {
  permission: VIEW_STATEMENTS,
  switch: 'finance.alertPayables',
  async find(ctx) {
    const query = readListQuery(BALANCE_LIST, {});
    const storeId = ctx.store?.id ?? null;
    const totals = await balanceTotals(ctx.read, ctx.actor, { query, storeId, today: ctx.today });
    const alert = (due: 'overdue' | 'soon', count: number, tone: Alert['tone']): Alert[] =>
      count === 0
        ? []
        : [
            {
              icon: 'cash',
              tone,
              title: ctx.t(`finance:alert.${due}`, { count, days: SOON_DAYS }),
              detail: ctx.t(`finance:alert.${due}Detail`),
              count: String(count),
              href: `/finance/statements?due=${due}`,
            },
          ];
    return [...alert('overdue', totals.overdueSuppliers, 'bad'), ...alert('soon', totals.soonSuppliers, 'hold')];
  },
};
