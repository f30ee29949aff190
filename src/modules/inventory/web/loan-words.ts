import { type Ctx, documentHref } from '../../../platform/http';
import { type StatusLabel, stateLabel } from '../../../platform/views';
import type { LoanState } from '../domain/loan';

export const loanHref = (id: number): string => documentHref('inventory.loan', id);

const LOOKS = { out: 'lent', back: 'returned', reversed: 'reversed' } as const;

export const loanState = ({ t }: Pick<Ctx, 't'>, state: LoanState, withIcon = false): StatusLabel => ({
  ...stateLabel(t, LOOKS[state], withIcon),
  text: t(`inventory:loan.state.${state}`),
});
