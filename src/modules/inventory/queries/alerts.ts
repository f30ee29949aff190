import type { Alert, AlertSource } from '../../../platform/modules';
import { seesCostIn } from '../../../platform/permissions';
import { AGEING_WARN_DAYS } from '../domain/device-status';
import { oldDeviceCount } from './device-list';
import { formatMoney, fen } from '../../../kernel';

/** Handsets that stand too long: each day costs price. */
export const ageingAlert: AlertSource = {
  permission: 'inventory.device.view',
  switch: 'reporting.alertAgeing',
  find: async ({ read, actor, t, today, store }): Promise<Alert[]> => {
    const { count, costFen } = await oldDeviceCount(
      read,
      actor.scope('inventory.device.view'),
      store?.id ?? null,
      today,
    );
    if (count === 0) return [];
    return [
      {
        icon: 'hourglass',
        tone: 'hold',
        title: t('inventory:alert.ageing', { days: AGEING_WARN_DAYS }),
        detail: seesCostIn(actor, actor.scope('inventory.device.view'), store?.id ?? null)
          ? t('inventory:alert.ageingCost', { cost: formatMoney(fen(costFen)) })
          : '',
        count: t('inventory:alert.devices', { count }),
        href: '/inventory/devices?view=old',
      },
    ];
  },
};
