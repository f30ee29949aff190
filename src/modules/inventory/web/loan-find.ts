import { normaliseCode } from '../../../kernel';
import type { AlertSource, SearchProvider } from '../../../platform/modules';
import { lateLoans, loansByNumber, VIEW_LOANS } from '../queries/loan-list';
import { loanHref, loanState } from './loan-words';

export const loanSearch: SearchProvider = {
  permission: VIEW_LOANS,
  async find(ctx, text) {
    const code = normaliseCode(text)
      .replace(/\s/g, '')
      .replace(/\/\d*$/, '');
    if (!/^JY[\dA-Z-]{2,}$/.test(code)) return [];
    return (await loansByNumber(ctx.read, ctx.actor, code)).map(({ id, number, state, borrower, dueOn }) => ({
      kind: ctx.t('inventory:loan.one'),
      title: number,
      detail: [loanState(ctx, state).text, borrower, dueOn].join(' · '),
      href: loanHref(id),
      exact: number === code,
    }));
  },
};

/** What should have been back. */
export const loanAlert: AlertSource = {
  permission: VIEW_LOANS,
  switch: 'reporting.alertLoan',
  async find(ctx) {
    const late = await lateLoans(ctx.read, ctx.actor, ctx.store?.id ?? null, ctx.today);
    if (late.loans === 0) return [];
    return [
      {
        icon: 'transfer',
        tone: 'bad',
        title: ctx.t('inventory:loan.alert'),
        detail: ctx.t('inventory:loan.alertDetail', { count: late.devices, date: late.since ?? '' }),
        count: ctx.t('inventory:loan.alertCount', { count: late.loans }),
        href: '/inventory/loans?late=1',
      },
    ];
  },
};
