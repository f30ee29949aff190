import { forbidden } from '../../../kernel';
import { type Actor, can, canThroughout, COST_PERMISSION } from '../../../platform/permissions';
import type { TransferRow } from '../store/transfer.table';

type Sides = Pick<TransferRow, 'fromStoreId' | 'toStoreId'>;

/** A transfer belongs to both stores: whoever may in one of them. */
export const canAtEither = (actor: Actor, permission: string, { fromStoreId, toStoreId }: Sides): boolean =>
  can(actor, permission, fromStoreId) || can(actor, permission, toStoreId);

/** Throws 403 unless the actor may at one of both stores. */
export function authoriseEither(actor: Actor, permission: string, sides: Sides): void {
  if (!canAtEither(actor, permission, sides)) throw forbidden(permission);
}

/** What was sent came out of one store's stock and goes into the other's: both must be open to who sees its cost. */
export const seesTransferCost = (actor: Actor, { fromStoreId, toStoreId }: Sides): boolean =>
  canThroughout(actor, COST_PERMISSION, [fromStoreId, toStoreId]);
