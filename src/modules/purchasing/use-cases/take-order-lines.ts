import { DomainError, invalid } from '../../../kernel';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { type OpenOrderLine, openLinesFor } from '../queries/open-order-lines';
import { receivingRule } from '../queries/receiving-rules';
import { orderLinesByIds } from '../store/order.store';
import { assertDraft, getReceipt, linesOf, lockReceipt, writeTotals } from '../store/receipt.store';
import type { ReceiptLineRow, ReceiptRow } from '../store/receipt.table';
import { supplier } from '../store/supplier.table';
import { insertLines } from './add-receipt-lines';
import { addReceipt, type CreateReceipt, type ReceiptCreated } from './create-receipt';

export interface TakenLine {
  orderLineId: number;
  /** As the delivery note says; null: what is still open. Nobody is asked on a blind receipt. */
  quantity: number | null;
}

/** Takes open order lines of the supplier and the store into a draft, at the prices of the orders. */
export function takeOrderLines(
  uow: UnitOfWork,
  actor: Actor,
  command: { receiptId: number; lines: readonly TakenLine[] },
  options?: RunOptions,
): Promise<{ lineIds: number[] }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockReceipt(unit, command.receiptId);
      authorise(actor, 'purchasing.receipt.edit', row.storeId);
      assertDraft(row);
      const taken = await takeLines(unit, row, command.lines);
      return { lineIds: taken.map(({ id }) => id) };
    },
    options,
  );
}

export interface ReceiveOrder extends Omit<CreateReceipt, 'supplierId'> {
  orderId: number;
  supplierId: number;
}

/** Opens a receipt with everything of one order that is still to come to a store. */
export function receiveOrder(
  uow: UnitOfWork,
  actor: Actor,
  { orderId, ...header }: ReceiveOrder,
  options?: RunOptions,
): Promise<ReceiptCreated> {
  for (const action of ['create', 'edit']) authorise(actor, `purchasing.receipt.${action}`, header.storeId);
  return uow.run(
    actor,
    async (unit) => {
      const row = await addReceipt(unit, header);
      const open = await openLinesFor(unit, { ...header, receiptId: row.id });
      const lines = open.filter((line) => line.orderId === orderId);
      await takeLines(
        unit,
        row,
        lines.map(({ orderLineId }) => ({ orderLineId, quantity: null })),
      );
      return { id: row.id, number: row.number };
    },
    options,
  );
}

/** Lines of a draft that the caller has locked. */
export async function takeLines(unit: Unit, row: ReceiptRow, lines: readonly TakenLine[]): Promise<ReceiptLineRow[]> {
  if (lines.length === 0) throw invalid('purchasing:error.take_nothing');
  const party = await unit.get(supplier, row.supplierId);
  const rule = await receivingRule(unit, party?.category ?? null);
  const blind = row.blind === true || rule.blind;
  const open = new Map<number, OpenOrderLine>();
  for (const line of await openLinesFor(unit, { ...row, receiptId: row.id })) open.set(line.orderLineId, line);
  const known = await orderLinesByIds(
    unit,
    lines.map(({ orderLineId }) => orderLineId),
  );
  const gone = lines.filter(({ orderLineId }) => !open.has(orderLineId));
  // Somebody closed the order, received it or took it into this receipt since the page was shown.
  if (gone.length > 0 || new Set(lines.map(({ orderLineId }) => orderLineId)).size < lines.length)
    throw new DomainError('purchasing:error.take_gone', { status: 409, details: { count: gone.length } });
  const present = await linesOf(unit, row.id);
  const wanted = lines.map(({ orderLineId, quantity }) => {
    const ordered = known.get(orderLineId);
    return {
      skuId: ordered?.skuId ?? 0,
      quantity: blind ? null : (quantity ?? open.get(orderLineId)?.pieces ?? null),
      order: { lineId: orderLineId, unitPriceFen: ordered?.unitPriceFen ?? null },
    };
  });
  const added = await insertLines(unit, row, present, wanted, { countPieces: blind });
  await writeTotals(unit, await getReceipt(unit, row.id), [...present, ...added], { blind });
  await unit.audit({
    action: 'purchasing.receipt.take_order',
    subjectType: 'purchasing.receipt',
    subjectId: row.id,
    storeId: row.storeId,
    detail: { number: row.number, orders: [...new Set(lines.map(({ orderLineId }) => open.get(orderLineId)?.number))] },
  });
  return added;
}
