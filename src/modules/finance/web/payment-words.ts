import { type Ctx, documentHref } from '../../../platform/http';
import type { IconName, StatusLabel, Tone } from '../../../platform/views';
import type { PaymentState } from '../domain/payment-state';

export const PAYMENT_STATES: readonly PaymentState[] = ['draft', 'submitted', 'approved', 'posted', 'reversed'];

const LOOKS: Readonly<Record<PaymentState, { tone: Tone; icon: IconName }>> = {
  draft: { tone: 'hold', icon: 'pencil' },
  submitted: { tone: 'hold', icon: 'hourglass' },
  approved: { tone: 'way', icon: 'check' },
  posted: { tone: 'gone', icon: 'receipt' },
  reversed: { tone: 'gone', icon: 'arrow-back-up' },
};

export function paymentState({ t }: Pick<Ctx, 't'>, state: PaymentState, withIcon = false): StatusLabel {
  const { tone, icon } = LOOKS[state];
  return { tone, text: t(`finance:payment.state.${state}`), ...(withIcon ? { icon } : {}) };
}

export const paymentHref = (id: number): string => documentHref('finance.payment', id);

export const paymentCrumbs = ({ t }: Pick<Ctx, 't'>) => [
  { label: t('finance:menu.finance'), href: '/finance/statements' },
  { label: t('finance:payment.title'), href: '/finance/payments' },
];
