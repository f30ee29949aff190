import { type Ctx, documentHref } from '../../../platform/http';
import { type StatusLabel, stateLabel } from '../../../platform/views';
import { COLLECTION_DOCUMENT } from '../domain/collection-posting';
import type { SaleState } from '../domain/sale';
import { SETTLEMENT_DOCUMENT } from '../domain/settlement-posting';

export const SETTLEMENTS = '/sales/settlements';
export const settlementHref = (id: number): string => documentHref(SETTLEMENT_DOCUMENT, id);

export const settlementState = ({ t }: Pick<Ctx, 't'>, state: SaleState, withIcon = false): StatusLabel => ({
  ...stateLabel(t, state, withIcon),
  text: t(`sales:settlement.state.${state}`),
});

export const COLLECTIONS = '/sales/collections';
export const collectionHref = (id: number): string => documentHref(COLLECTION_DOCUMENT, id);
