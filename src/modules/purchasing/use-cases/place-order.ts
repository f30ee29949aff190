import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { getOrder, writeOrderTotals } from '../store/order.store';
import { type OrderDecided, submitDraft } from './decide-order';
import { insertOrderLines, type NewOrderLine } from './order-lines';
import { addOrder, type CreateOrder, EDIT_ORDERS } from './save-order';

export interface PlaceOrder extends CreateOrder {
  lines: readonly NewOrderLine[];
  /** Left as a draft when not. */
  submit: boolean;
}

/** A whole order in one step: header, lines, submission. Nothing is written when anything is wrong. */
export function placeOrder(
  uow: UnitOfWork,
  actor: Actor,
  command: PlaceOrder,
  options?: RunOptions,
): Promise<OrderDecided & { number: string }> {
  authorise(actor, EDIT_ORDERS, command.storeId);
  return uow.run(actor, (unit) => place(unit, command), options);
}

/** For a larger unit of work; the caller has authorised the ordering store. */
export async function place(unit: Unit, command: PlaceOrder): Promise<OrderDecided & { number: string }> {
  const { id, number } = await addOrder(unit, command);
  const row = await getOrder(unit, id);
  await writeOrderTotals(unit, row, await insertOrderLines(unit, row, [], command.lines));
  const decided = command.submit ? await submitDraft(unit, await getOrder(unit, id)) : { id, state: 'draft' as const };
  return { ...decided, number };
}
