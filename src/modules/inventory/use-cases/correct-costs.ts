import { invalidField } from '../../../kernel';
import { sql } from '../../../platform/database';
import { type Actor, authorise, COST_PERMISSION } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { writeTotals } from '../store/change.store';
import { lockDraft } from './change-lines';

export interface CorrectCosts {
  id: number;
  /** One line, or all lines of a product. */
  of: { lineId: number } | { skuId: number };
  /** What each piece shall cost, fen. */
  unitCostFen: number;
}

/** Says what goods of a correction of costs shall cost. Throws 422 at `costOf` when the document has none of them. */
export function correctCosts(
  uow: UnitOfWork,
  actor: Actor,
  { id, of, unitCostFen }: CorrectCosts,
  options?: RunOptions,
): Promise<{ changed: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockDraft(unit, actor, id);
      authorise(actor, COST_PERMISSION, row.storeId);
      if (row.effect !== 'value') throw invalidField('costOf', 'errors:field.invalid');
      if (!Number.isSafeInteger(unitCostFen) || unitCostFen < 0) throw invalidField('costTo', 'errors:field.invalid');
      const lines = 'lineId' in of ? sql`id = ${of.lineId}` : sql`sku_id = ${of.skuId}`;
      const changed = await unit.execute(
        sql`UPDATE stock_change_line SET unit_cost_fen = ${unitCostFen} WHERE change_id = ${id} AND ${lines}`,
      );
      if (changed === 0) throw invalidField('costOf', 'errors:field.invalid');
      await writeTotals(unit, row);
      return { changed };
    },
    options,
  );
}
