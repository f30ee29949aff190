import type { Ctx } from '../../../platform/http';
import type { IconName, StatusLabel, Tone } from '../../../platform/views';
import type { RequisitionState } from '../domain/requisition-state';

export const REQUISITION_STATES = [
  'draft',
  'submitted',
  'approved',
  'partial',
  'ordered',
  'closed',
  'rejected',
  'cancelled',
] as const satisfies readonly RequisitionState[];

const LOOKS: Readonly<Record<RequisitionState, { tone: Tone; icon: IconName }>> = {
  draft: { tone: 'hold', icon: 'pencil' },
  submitted: { tone: 'hold', icon: 'hourglass' },
  approved: { tone: 'ok', icon: 'check' },
  partial: { tone: 'way', icon: 'shopping-cart' },
  ordered: { tone: 'way', icon: 'truck-delivery' },
  closed: { tone: 'gone', icon: 'circle-check' },
  rejected: { tone: 'bad', icon: 'circle-x' },
  cancelled: { tone: 'gone', icon: 'x' },
};

export function requisitionState({ t }: Pick<Ctx, 't'>, state: RequisitionState, withIcon = false): StatusLabel {
  const { tone, icon } = LOOKS[state];
  return { tone, text: t(`purchasing:requisition.state.${state}`), ...(withIcon ? { icon } : {}) };
}

export const requisitionHref = (id: number): string => `/purchasing/requisitions/${id}`;

export const requisitionCrumbs = ({ t }: Pick<Ctx, 't'>) => [
  { label: t('purchasing:menu.purchasing'), href: '/purchasing/receipts' },
  { label: t('purchasing:requisition.title'), href: '/purchasing/requisitions' },
];
