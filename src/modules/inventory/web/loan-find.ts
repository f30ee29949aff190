import { normaliseCode } from '../../../kernel';
import type { Alert, AlertSource, SearchProvider } from '../../../platform/modules';
import { directionOf, LOAN_DIRECTIONS } from '../domain/loan';
import { lateLoans, loansByNumber, VIEW_LOANS } from '../queries/loan-list';
import { loanHref, loanState } from './loan-words';

export const loanSearch: SearchProvider = {
  permission: VIEW_LOANS,
  async find(ctx, text) {
    const code = normaliseCode(text)
      .replace(/\s/g, '')
      .replace(/\/\d*$/, '');
    if (!/^J[YR][\dA-Z-]{2,}$/.test(code)) return [];
    return (await loansByNumber(ctx.read, ctx.actor, code)).map(({ id, number, state, inbound, borrower, dueOn }) => ({
      kind: ctx.t(`inventory:loan.${directionOf({ inbound: Boolean(inbound) })}.one`),
      title: number,
      detail: [loanState(ctx, state, directionOf({ inbound: Boolean(inbound) })).text, borrower, dueOn].join(' · '),
      href: loanHref(id),
      exact: number === code,
    }));
  },
};

/** What should have been back, and what we should have given back. */
export const loanAlert: AlertSource = {
  permission: VIEW_LOANS,
  switch: 'reporting.alertLoan',
  async find(ctx) {
    const alerts: Alert[] = [];
    for (const direction of LOAN_DIRECTIONS) {
      const { today } = ctx;
      const late = await lateLoans(ctx.read, ctx.actor, ctx.store?.id ?? null, { today, direction });
      if (late.loans === 0) continue;
      alerts.push({
        icon: 'transfer',
        tone: 'bad',
        title: ctx.t(`inventory:loan.${direction}.alert`),
        detail: ctx.t('inventory:loan.alertDetail', { count: late.devices, date: ctx.f.date(late.since) }),
        count: ctx.t('inventory:loan.alertCount', { count: late.loans }),
        href: `/inventory/loans?late=1&way=${direction}`,
      });
    }
    return alerts;
  },
};
