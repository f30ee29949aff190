import { type Actor, authorise, can } from '../../../platform/permissions';
import { chunked, sql } from '../../../platform/database';
import type { UnitOfWork } from '../../../platform/unit-of-work';
import { request } from './request-goods';
import { EDIT_REQUISITIONS } from './save-requisition';
import { checkOpen, lockProposals } from './take-proposals';

export interface MadeRequisition {
  id: number;
  number: string;
  storeId: number;
}

/** Whether the actor may ask for what this store lacks instead of ordering it. */
export const mayRequest = (actor: Actor, storeId: number): boolean => can(actor, EDIT_REQUISITIONS, storeId);

/**
 * Proposals become requisitions, one for each store, submitted: what is asked for counts as coming, so computing again proposes
 * nothing twice. Each proposal is used once (409). Throws 403 unless the actor may ask in every store.
 */
export function requestProposals(uow: UnitOfWork, actor: Actor, ids: readonly number[]): Promise<MadeRequisition[]> {
  return uow.run(actor, async (unit) => {
    const rows = await lockProposals(unit, ids);
    checkOpen(ids, rows);
    const made: MadeRequisition[] = [];
    for (const [storeId, ofStore] of [...Map.groupBy(rows, (row) => row.storeId)].sort(([a], [b]) => a - b)) {
      authorise(actor, EDIT_REQUISITIONS, storeId);
      const pieces = new Map<number, number>();
      // Part from a store and part from a supplier is one wish.
      for (const { skuId, quantity } of ofStore) pieces.set(skuId, (pieces.get(skuId) ?? 0) + quantity);
      const lines = [...pieces].map(([skuId, quantity]) => ({ storeId, skuId, quantity }));
      const { requisitions } = await request(unit, { lines, wantedOn: null, reason: null, upTo: 'submitted' });
      for (const { id, number } of requisitions) {
        for (const part of chunked(ofStore.map((row) => row.id)))
          await unit.execute(
            sql`UPDATE replenishment_line SET state = 'done', kind = 'wish', document_id = ${id}, document_number = ${number}
              WHERE id IN (${sql.list(part)})`,
          );
        made.push({ id, number, storeId });
      }
    }
    return made;
  });
}
