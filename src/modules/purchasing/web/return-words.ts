import { type Ctx, documentHref } from '../../../platform/http';
import { type StatusLabel, stateLabel } from '../../../platform/views';
import type { ReturnAnswer } from '../domain/return-scan';
import type { ReturnState } from '../domain/return-state';

export const RETURN_STATES: readonly ReturnState[] = ['draft', 'posted', 'reversed'];

export const returnHref = (id: number): string => documentHref('purchasing.return', id);

export const returnState = ({ t }: Pick<Ctx, 't'>, state: ReturnState, withIcon = false): StatusLabel =>
  stateLabel(t, state, withIcon);

export const returnCrumbs = ({ t }: Pick<Ctx, 't'>) => [
  { label: t('purchasing:menu.purchasing'), href: '/purchasing/receipts' },
  { label: t('purchasing:return.title'), href: '/purchasing/returns' },
];

/** A scan's answer in the reader's words. */
export const answerText = ({ t }: Pick<Ctx, 't'>, { reason }: ReturnAnswer): string => t(reason.code, reason.details);
