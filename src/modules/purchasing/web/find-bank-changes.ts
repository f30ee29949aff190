import type { AlertSource } from '../../../platform/modules';
import { CONFIRM_BANK_DATA, waitingBankChanges } from '../queries/bank-changes';
import { bankHref } from './bank-words';

/** Bank accounts of suppliers that wait for a second look. */
export const bankChangeAlerts: AlertSource = {
  permission: CONFIRM_BANK_DATA,
  async find(ctx) {
    const { count, supplierId } = await waitingBankChanges(ctx.read);
    if (count === 0 || supplierId === null) return [];
    return [
      {
        icon: 'building-bank',
        tone: 'hold',
        title: ctx.t('purchasing:alert.bank', { count }),
        detail: ctx.t('purchasing:alert.bankDetail'),
        count: String(count),
        href: bankHref(supplierId),
      },
    ];
  },
};
