import { chunked, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { DomainError } from '../../../kernel';
import { lockStocktake } from '../store/stocktake.store';
import { stocktake } from '../store/stocktake.table';

export interface KeepDifferences {
  id: number;
  /** Rows of stocktake_device, of stocktake_goods. */
  devices: readonly number[];
  goods: readonly number[];
  /** True: the difference stays as it is and is not posted. */
  kept: boolean;
}

/** Says of some differences that they are not posted now, or that they are after all. */
export function keepDifferences(
  uow: UnitOfWork,
  actor: Actor,
  { id, devices, goods, kept }: KeepDifferences,
  options?: RunOptions,
): Promise<{ changed: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockStocktake(unit, id);
      authorise(actor, 'inventory.stocktake.post', row.storeId);
      if (row.state !== 'checking')
        throw new DomainError('inventory:error.stocktake_state', { status: 409, details: { number: row.number } });
      let changed = 0;
      for (const chunk of chunked(devices))
        changed += await unit.execute(
          sql`UPDATE stocktake_device SET kept = ${kept} WHERE stocktake_id = ${id} AND kept <> ${kept} AND id IN (${sql.list(chunk)})`,
        );
      for (const chunk of chunked(goods))
        changed += await unit.execute(
          sql`UPDATE stocktake_goods SET kept = ${kept} WHERE stocktake_id = ${id} AND kept <> ${kept} AND id IN (${sql.list(chunk)})`,
        );
      if (changed > 0) await unit.update(stocktake, id, { note: row.note }, row.version);
      return { changed };
    },
    options,
  );
}
