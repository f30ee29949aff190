import type { Ctx } from '../../../platform/http';
import type { Facts } from '../../../platform/views';
import type { DevicePageData } from '../queries/device-page';

/** Whose it is, where it is not ours: nothing of it stands in our stock's value. */
export function ownershipFacts(
  { t, f }: Pick<Ctx, 't' | 'f'>,
  { device, events, agreedFen }: Pick<DevicePageData, 'device' | 'events' | 'agreedFen'>,
  seesCost: boolean,
): Facts['facts'] {
  if (device.ownership === 'borrowed') {
    const { lender } = (events.findLast(({ event }) => event === 'borrowed')?.detail ?? {}) as { lender?: unknown };
    const from = typeof lender === 'string' ? lender : '';
    return [{ label: t('inventory:device.ownership'), value: t('inventory:device.borrowedOf', { lender: from }) }];
  }
  if (device.ownership !== 'consigned') return [];
  const { supplierName } = (events.findLast(({ event }) => event === 'consigned')?.detail ?? {}) as {
    supplierName?: unknown;
  };
  const supplier = typeof supplierName === 'string' ? supplierName : '';
  return [
    { label: t('inventory:device.ownership'), value: t('inventory:device.consignedOf', { supplier }) },
    ...(seesCost && agreedFen !== null
      ? [
          {
            label: t('inventory:device.agreed'),
            value: t('inventory:device.agreedNet', { amount: f.money(agreedFen) }),
          },
        ]
      : []),
  ];
}
