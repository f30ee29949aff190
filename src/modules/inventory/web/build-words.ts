import { type Ctx, documentHref } from '../../../platform/http';
import { type StatusLabel, stateLabel } from '../../../platform/views';
import type { BuildState } from '../domain/build';

export const BUILDS = '/inventory/builds';
export const buildHref = (id: number): string => documentHref('inventory.build', id);

export const buildState = ({ t }: Pick<Ctx, 't'>, state: BuildState, withIcon = false): StatusLabel =>
  stateLabel(t, state, withIcon);
