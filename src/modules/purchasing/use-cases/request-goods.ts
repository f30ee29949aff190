import { invalid } from '../../../kernel';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { getRequisition, writeRequisitionTotals } from '../store/requisition.store';
import { APPROVE_REQUISITIONS, takeStep } from './decide-requisition';
import { problemsAt } from './line-problems';
import { insertWishes } from './requisition-lines';
import { addRequisition, EDIT_REQUISITIONS } from './save-requisition';

export interface RequestedLine {
  storeId: number;
  skuId: number;
  quantity: number;
  reason?: string | null | undefined;
}

export interface RequestGoods {
  lines: readonly RequestedLine[];
  wantedOn: string | null;
  /** Stands above the lines. */
  reason: string | null;
  /** How far it goes at once; approving needs the right in each store. */
  upTo: 'draft' | 'submitted' | 'approved';
}

export interface GoodsRequested {
  requisitions: { id: number; number: string; storeId: number }[];
}

/**
 * Requisitions in one step, one for each store, as proposals of replenishment become them. Throws 403 unless the actor may
 * ask in every store; problems come at `lines.<index>.<field>`, and then nothing is written.
 */
export function requestGoods(
  uow: UnitOfWork,
  actor: Actor,
  command: RequestGoods,
  options?: RunOptions,
): Promise<GoodsRequested> {
  for (const storeId of new Set(command.lines.map((line) => line.storeId))) {
    authorise(actor, EDIT_REQUISITIONS, storeId);
    if (command.upTo === 'approved') authorise(actor, APPROVE_REQUISITIONS, storeId);
  }
  return uow.run(actor, (unit) => request(unit, command), options);
}

/** For a larger unit of work; the caller has authorised every store. */
export async function request(unit: Unit, command: RequestGoods): Promise<GoodsRequested> {
  if (command.lines.length === 0) throw invalid('purchasing:error.requisition_no_lines');
  const { wantedOn, reason, upTo } = command;
  const requisitions: GoodsRequested['requisitions'] = [];
  const byStore = Map.groupBy(
    command.lines.map((line, index) => ({ ...line, index })),
    ({ storeId }) => storeId,
  );
  for (const [storeId, lines] of [...byStore].sort(([a], [b]) => a - b)) {
    const row = await addRequisition(unit, { storeId, wantedOn, reason });
    try {
      await writeRequisitionTotals(unit, row, await insertWishes(unit, row, [], lines));
    } catch (error) {
      throw problemsAt(
        error,
        lines.map(({ index }) => index),
      );
    }
    if (upTo !== 'draft') await takeStep(unit, await getRequisition(unit, row.id), 'submit');
    if (upTo === 'approved') await takeStep(unit, await getRequisition(unit, row.id), 'approve');
    requisitions.push({ id: row.id, number: row.number, storeId });
  }
  return { requisitions };
}
