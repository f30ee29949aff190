import { type Ctx, documentHref } from '../../../platform/http';
import { type StatusLabel, stateLabel } from '../../../platform/views';
import type { NumberState } from '../domain/number-change';

export const numbersHref = (id: number): string => documentHref('inventory.number', id);

export const numberStateLabel = ({ t }: Pick<Ctx, 't'>, state: NumberState, withIcon = false): StatusLabel =>
  stateLabel(t, state, withIcon);
