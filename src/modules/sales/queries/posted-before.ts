import type { Reader } from '../../../platform/database';
import type { Actor } from '../../../platform/permissions';
import { operation } from '../../../platform/unit-of-work';
import type { SalePosted } from '../domain/sale';

/** What this actor's sale with this operation key came to, when it was posted already. */
export async function postedBefore(
  read: Reader,
  actor: Actor,
  operationKey: string | undefined,
): Promise<SalePosted | null> {
  if (operationKey === undefined) return null;
  const [done] = await read.find(operation, { operationKey });
  const result = done?.actorId === actor.userId ? (done.result as Partial<SalePosted> | null) : null;
  return typeof result?.saleId === 'number' && typeof result.saleNumber === 'string' ? (result as SalePosted) : null;
}
