import type { Ctx } from '../../../platform/http';
import type { IconName, StatusLabel, Tone } from '../../../platform/views';
import type { OrderState } from '../domain/order-state';

export const ORDER_STATES = ['draft', 'submitted', 'approved', 'partial', 'received', 'closed', 'cancelled'] as const;

const LOOKS: Readonly<Record<OrderState, { tone: Tone; icon: IconName }>> = {
  draft: { tone: 'hold', icon: 'pencil' },
  submitted: { tone: 'hold', icon: 'hourglass' },
  approved: { tone: 'way', icon: 'truck-delivery' },
  partial: { tone: 'way', icon: 'truck-loading' },
  received: { tone: 'gone', icon: 'circle-check' },
  closed: { tone: 'gone', icon: 'x' },
  cancelled: { tone: 'gone', icon: 'x' },
};

export function orderState({ t }: Pick<Ctx, 't'>, state: OrderState, withIcon = false): StatusLabel {
  const { tone, icon } = LOOKS[state];
  return { tone, text: t(`purchasing:order.state.${state}`), ...(withIcon ? { icon } : {}) };
}

export const orderHref = (id: number): string => `/purchasing/orders/${id}`;

export const orderCrumbs = ({ t }: Pick<Ctx, 't'>) => [
  { label: t('purchasing:menu.purchasing'), href: '/purchasing/receipts' },
  { label: t('purchasing:order.title'), href: '/purchasing/orders' },
];

/** A ready-made role in the reader's words, one of the company's own by its code. */
export const roleWords = ({ t }: Pick<Ctx, 't'>, code: string | null): string =>
  code === null ? t('purchasing:order.anyApprover') : t(`auth:role.${code}`, { defaultValue: code });
