import { businessDate, invalid } from '../../../kernel';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { getLocation, location } from '../../organization';
import { isDue } from '../domain/cycle-count';
import { cycleCount } from '../queries/cycle-count';
import { addStocktake } from './plan-stocktake';

export interface PlanCycleCount {
  locationId: number;
  note: string;
}

/**
 * Plans the stocktake of what is due at a location today, the most urgent first. Throws 422 when nothing is due: also when
 * somebody has just planned it.
 */
export function planCycleCount(
  uow: UnitOfWork,
  actor: Actor,
  { locationId, note }: PlanCycleCount,
  options?: RunOptions,
): Promise<{ id: number; number: string; products: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const { storeId } = await getLocation(unit, locationId);
      authorise(actor, 'inventory.stocktake.plan', storeId);
      // Whoever asks at the same moment waits here, and then finds the goods planned already.
      await unit.lock(location, [locationId]);
      const { rows, parameters } = await cycleCount(unit, locationId, businessDate(unit.today));
      const skuIds = rows
        .filter(isDue)
        .slice(0, parameters.cycleMost)
        .map(({ skuId }) => skuId);
      if (skuIds.length === 0) throw invalid('inventory:error.cycle_nothing');
      const scope = { categoryIds: [], brandIds: [], skuIds };
      const made = await addStocktake(unit, actor, { locationId, scope, blind: parameters.cycleBlind, note });
      return { ...made, products: skuIds.length };
    },
    options,
  );
}
