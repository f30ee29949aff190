import type { Ctx } from '../../../platform/http';

/** The devices that are ticked in a list: one or several fields of the same name. */
export function pickedIds({ body }: Pick<Ctx, 'body'>): number[] {
  const picked = body['device'];
  return (Array.isArray(picked) ? picked : [picked]).map(Number).filter((id) => Number.isSafeInteger(id) && id > 0);
}
