import type { Ctx } from '../../../platform/http';
import { seesCostIn } from '../../../platform/permissions';

/** Whether the reader may see cost in all the stores that a list shows them. */
export const seesCost = ({ actor, store }: Pick<Ctx, 'actor' | 'store'>, permission: string): boolean =>
  seesCostIn(actor, actor.scope(permission), store?.id ?? null);
