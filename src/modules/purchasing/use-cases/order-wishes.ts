import { DomainError, type FieldProblem, invalid, notFound } from '../../../kernel';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { unordered, WANTED_STATES } from '../domain/requisition-state';
import { writeOrderTotals } from '../store/order.store';
import type { OrderLineRow, OrderRow } from '../store/order.table';
import { getRequisition, lockWishes } from '../store/requisition.store';
import { requisitionOrder, type RequisitionLineRow, type RequisitionRow } from '../store/requisition.table';
import { problemsAt } from './line-problems';
import { insertOrderLines, type NewOrderLine } from './order-lines';
import { addOrder, EDIT_ORDERS, type OrderCreated } from './save-order';
import { auditRequisition } from './save-requisition';

export interface OrderedWish {
  /** A line of a requisition. */
  lineId: number;
  quantity: number | null;
  supplierId: number;
}

export interface OrderWishes {
  /** The store that orders: its code stands in the numbers. */
  storeId: number;
  expectedOn: string | null;
  lines: readonly OrderedWish[];
}

/**
 * Makes drafts of purchase orders of what stores asked for: one for each supplier, for all stores. Wishes of one store for one
 * product become one line. Throws 422 at `lines.<index>.<field>` when more is ordered than is still wanted: of two buyers who
 * order the same wish the second is told.
 */
export function orderWishes(
  uow: UnitOfWork,
  actor: Actor,
  command: OrderWishes,
  options?: RunOptions,
): Promise<{ orders: OrderCreated[] }> {
  authorise(actor, EDIT_ORDERS, command.storeId);
  return uow.run(
    actor,
    async (unit) => {
      const { wishes, headers } = await lockWanted(unit, command.lines);
      const bySupplier = Map.groupBy(
        command.lines.map((line, index) => ({ ...line, index, ...theWish(wishes, headers, line.lineId) })),
        ({ supplierId }) => supplierId,
      );
      const orders: OrderCreated[] = [];
      for (const [supplierId, chosen] of bySupplier) {
        const { storeId, expectedOn } = command;
        const order = await addOrder(unit, { storeId, supplierId, expectedOn, orderedOn: unit.today, note: null });
        const merged = [...Map.groupBy(chosen, ({ wish, header }) => `${header.storeId}-${wish.skuId}`).values()];
        const lines = merged.map((same) => ({
          skuId: same[0]?.wish.skuId ?? 0,
          storeId: same[0]?.header.storeId ?? 0,
          quantity: same.reduce((pieces, { quantity }) => pieces + (quantity ?? 0), 0),
        }));
        const inserted = await insertMerged(unit, order, lines, merged);
        await link(unit, merged, inserted);
        await writeOrderTotals(unit, order, inserted);
        for (const header of new Set(chosen.map((one) => one.header)))
          await auditRequisition(unit, header, 'order', { order: order.number });
        orders.push({ id: order.id, number: order.number });
      }
      return { orders };
    },
    options,
  );
}

type Chosen = OrderedWish & { index: number; wish: RequisitionLineRow; header: RequisitionRow };

async function lockWanted(
  unit: Unit,
  lines: readonly OrderedWish[],
): Promise<{ wishes: Map<number, RequisitionLineRow>; headers: Map<number, RequisitionRow> }> {
  if (lines.length === 0) throw invalid('purchasing:error.wishes_nothing');
  const ids = lines.map(({ lineId }) => lineId);
  if (new Set(ids).size < ids.length) throw invalid('purchasing:error.wishes_nothing');
  const wishes = await lockWishes(unit, ids);
  const headers = new Map<number, RequisitionRow>();
  for (const { requisitionId } of wishes.values())
    if (!headers.has(requisitionId)) headers.set(requisitionId, await getRequisition(unit, requisitionId));
  const fields: FieldProblem[] = [];
  for (const [index, { lineId, quantity }] of lines.entries()) {
    const { wish, header } = theWish(wishes, headers, lineId);
    authorise(unit.actor, EDIT_ORDERS, header.storeId);
    if (!(WANTED_STATES as readonly string[]).includes(header.state))
      throw new DomainError('purchasing:error.requisition_state', { status: 409, details: { number: header.number } });
    const path = `lines.${index}.quantity`;
    const most = unordered(wish);
    if (quantity === null) fields.push({ path, code: 'errors:field.required' });
    else if (quantity < 1 || quantity > most)
      fields.push({ path, code: 'purchasing:error.wish_quantity', details: { most } });
  }
  if (fields.length > 0) throw invalid('errors:form', {}, fields);
  return { wishes, headers };
}

function theWish(
  wishes: ReadonlyMap<number, RequisitionLineRow>,
  headers: ReadonlyMap<number, RequisitionRow>,
  lineId: number,
): { wish: RequisitionLineRow; header: RequisitionRow } {
  const wish = wishes.get(lineId);
  const header = wish && headers.get(wish.requisitionId);
  if (!wish || !header) throw notFound('purchasing.requisition_line', lineId);
  return { wish, header };
}

/** Problems of a merged line are those of the first wish in it. */
async function insertMerged(
  unit: Unit,
  order: OrderRow,
  lines: readonly NewOrderLine[],
  merged: readonly Chosen[][],
): Promise<OrderLineRow[]> {
  try {
    return await insertOrderLines(unit, order, [], lines);
  } catch (error) {
    throw problemsAt(
      error,
      merged.map(([first]) => first?.index ?? 0),
    );
  }
}

async function link(unit: Unit, merged: readonly Chosen[][], lines: readonly OrderLineRow[]): Promise<void> {
  const served = merged.flatMap((same, index) => same.map((one) => ({ one, orderLineId: lines[index]?.id ?? 0 })));
  // The earliest wish is served first.
  served.sort((a, b) => a.one.wish.id - b.one.wish.id);
  const firstId = unit.takeIds(requisitionOrder, served.length);
  await unit.insert(
    requisitionOrder,
    served.map(({ one, orderLineId }, index) => ({
      id: firstId + index,
      requisitionLineId: one.lineId,
      orderLineId,
      quantity: one.quantity ?? 0,
      ordered: 0,
      received: 0,
    })),
  );
}
