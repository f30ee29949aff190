import { DomainError, invalid, notFound } from '../../../kernel';
import type { Actor } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { openPieces, stateOfLines } from '../domain/order-state';
import { lockOrder, orderLinesOf, writeOrderTotals } from '../store/order.store';
import { purchaseOrder, purchaseOrderLine } from '../store/order.table';
import { followOrder } from '../store/requisition.store';
import { assertEvent, checkedReason, type DecideOrder, type OrderDecided } from './decide-order';
import { auditOrder, authoriseOrder, EDIT_ORDERS } from './save-order';

export const CLOSE_ORDERS = 'purchasing.order.close';

/** Ends an order of which nothing came: a draft, or one that was approved. */
export function cancelOrder(
  uow: UnitOfWork,
  actor: Actor,
  command: DecideOrder & { reason: string },
  options?: RunOptions,
): Promise<OrderDecided> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockOrder(unit, command.orderId);
      await authoriseOrder(unit, actor, row.state === 'draft' ? EDIT_ORDERS : CLOSE_ORDERS, row);
      assertEvent(row, 'cancel', command.version);
      const endReason = checkedReason(command.reason);
      await unit.update(purchaseOrder, row.id, { state: 'cancelled', endedAt: unit.now, endReason }, row.version);
      await followOrder(unit, { state: 'cancelled' }, await orderLinesOf(unit, row.id));
      await auditOrder(unit, row, 'cancel', { reason: endReason });
      return { id: row.id, state: 'cancelled' };
    },
    options,
  );
}

/** Gives up what did not come: of these lines, or of all. */
export function closeOrder(
  uow: UnitOfWork,
  actor: Actor,
  command: DecideOrder & { reason: string; lineIds?: readonly number[] | undefined },
  options?: RunOptions,
): Promise<OrderDecided> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockOrder(unit, command.orderId);
      await authoriseOrder(unit, actor, CLOSE_ORDERS, row);
      assertEvent(row, 'close', command.version);
      const reason = checkedReason(command.reason);
      const lines = await orderLinesOf(unit, row.id);
      const { lineIds } = command;
      const unknown = lineIds?.find((lineId) => !lines.some(({ id }) => id === lineId));
      if (unknown !== undefined) throw notFound('purchasing.order_line', unknown);
      if (lineIds?.length === 0) throw invalid('purchasing:error.take_nothing');
      let pieces = 0;
      for (const line of lines) {
        const open = openPieces(line);
        if (open === 0 || (lineIds && !lineIds.includes(line.id))) continue;
        line.givenUp += open;
        pieces += open;
        await unit.update(purchaseOrderLine, line.id, { givenUp: line.givenUp }, line.version);
      }
      if (pieces === 0)
        throw new DomainError('purchasing:error.order_state', { status: 409, details: { number: row.number } });
      const state = stateOfLines(lines);
      const ended = state === 'closed' ? { endedAt: unit.now, endReason: reason } : {};
      await writeOrderTotals(unit, row, lines, { state, ...ended });
      await auditOrder(unit, row, 'close', { pieces, reason });
      return { id: row.id, state };
    },
    options,
  );
}
