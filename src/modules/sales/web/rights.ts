import type { Ctx } from '../../../platform/http';
import { COST_PERMISSION } from '../../../platform/permissions';

/** Whether the reader may see cost in all the stores that a list shows them. */
export function seesCost({ actor, store }: Pick<Ctx, 'actor' | 'store'>, permission: string): boolean {
  const cost = actor.scope(COST_PERMISSION);
  if (cost === 'all') return true;
  if (store) return cost.includes(store.id);
  const shown = actor.scope(permission);
  return shown !== 'all' && shown.length > 0 && shown.every((id) => cost.includes(id));
}
