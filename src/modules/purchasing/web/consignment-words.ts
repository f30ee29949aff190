import { type Ctx, documentHref } from '../../../platform/http';
import { type StatusLabel, stateLabel } from '../../../platform/views';
import type { ConsignedState } from '../../inventory';
import { CONSIGNMENT_DOCUMENT, type ConsignmentState } from '../domain/consignment';

export const CONSIGNMENTS = '/purchasing/consignments';
/** Under the documents, so that the menu shows where one is. */
export const CONSIGNED = `${CONSIGNMENTS}/devices`;

export const consignmentHref = (id: number): string => documentHref(CONSIGNMENT_DOCUMENT, id);

export const consignmentState = ({ t }: Pick<Ctx, 't'>, state: ConsignmentState, withIcon = false): StatusLabel =>
  stateLabel(t, state, withIcon);

const LOOKS = {
  draft: 'draft',
  here: 'sellable',
  sold: 'sold',
  settled: 'posted',
  returned: 'returned',
  reversed: 'reversed',
} as const;

/** How far a consigned device is. */
export const consignedState = ({ t }: Pick<Ctx, 't'>, state: ConsignedState): StatusLabel => ({
  ...stateLabel(t, LOOKS[state]),
  text: t(`purchasing:consigned.state.${state}`),
});

export const consignmentCrumbs = ({ t }: Pick<Ctx, 't'>) => [
  { label: t('purchasing:menu.purchasing'), href: '/purchasing/receipts' },
  { label: t('purchasing:consignment.title'), href: CONSIGNMENTS },
];
