import { type Ctx, documentHref } from '../../../platform/http';
import { type StatusLabel, stateLabel } from '../../../platform/views';
import type { LoanDirection, LoanState } from '../domain/loan';

export const loanHref = (id: number): string => documentHref('inventory.loan', id);

const LOOKS = { out: 'lent', back: 'returned', reversed: 'reversed' } as const;

/** What is out is with the borrower, or here and somebody else's. */
export const loanState = (
  { t }: Pick<Ctx, 't'>,
  state: LoanState,
  direction: LoanDirection,
  withIcon = false,
): StatusLabel => ({
  ...stateLabel(t, LOOKS[state], withIcon),
  text: t(`inventory:loan.${direction}.state.${state}`),
});
