import { type Ctx, documentHref } from '../../../platform/http';
import type { StatusLabel } from '../../../platform/views';
import type { RebateKind, RebateTier } from '../domain/rebate';
import type { RebateState } from '../queries/rebate-list';

export const REBATE_STATES = ['open', 'closed'] as const satisfies readonly RebateState[];

export const rebateState = ({ t }: Pick<Ctx, 't'>, state: RebateState): StatusLabel => ({
  tone: state === 'open' ? 'way' : 'gone',
  text: t(`purchasing:rebate.state.${state}`),
});

export const rebateHref = (id: number): string => documentHref('purchasing.rebate', id);

export const rebateCrumbs = ({ t }: Pick<Ctx, 't'>) => [
  { label: t('purchasing:menu.purchasing'), href: '/purchasing/receipts' },
  { label: t('purchasing:rebate.title'), href: '/purchasing/rebates' },
];

/** "满 100 台，每台返 20.00" */
export function tierText({ t, f }: Pick<Ctx, 't' | 'f'>, kind: RebateKind, { from, award }: RebateTier): string {
  return t(`purchasing:rebate.tier.${kind}`, {
    from: kind === 'amount' ? f.money(from) : f.number(from),
    award: kind === 'amount' ? String(award / 100) : f.money(award),
  });
}
