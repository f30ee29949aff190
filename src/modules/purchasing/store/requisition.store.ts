import { DomainError, notFound } from '../../../kernel';
import { chunked, type Reader, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import { shareOrderLine, stateOfWishes } from '../domain/requisition-state';
import type { OrderLineRow, OrderRow } from './order.table';
import {
  requisition,
  requisitionLine,
  type RequisitionLineRow,
  requisitionOrder,
  type RequisitionOrderRow,
  type RequisitionRow,
} from './requisition.table';

/** Throws 404 when there is no such requisition. */
export async function getRequisition(read: Reader, id: number): Promise<RequisitionRow> {
  const found = await read.get(requisition, id);
  if (!found) throw notFound('purchasing.requisition', id);
  return found;
}

/** Locks the requisition until the end of the unit and reads it afterwards. */
export async function lockRequisition(unit: Unit, id: number): Promise<RequisitionRow> {
  await unit.lock(requisition, [id]);
  return getRequisition(unit, id);
}

/** Throws 409 when it was submitted or ended by now. */
export function assertRequisitionDraft(row: RequisitionRow): void {
  if (row.state === 'draft') return;
  throw new DomainError('purchasing:error.requisition_not_a_draft', { status: 409, details: { number: row.number } });
}

export const wishesOf = (read: Reader, requisitionId: number): Promise<RequisitionLineRow[]> =>
  read.rows(
    requisitionLine,
    sql`SELECT * FROM requisition_line WHERE requisition_id = ${requisitionId} ORDER BY line_no`,
  );

export async function wishesByIds(read: Reader, ids: readonly number[]): Promise<Map<number, RequisitionLineRow>> {
  const found = new Map<number, RequisitionLineRow>();
  for (const chunk of chunked([...new Set(ids)]))
    for (const line of await read.rows(
      requisitionLine,
      sql`SELECT * FROM requisition_line WHERE id IN (${sql.list(chunk)})`,
    ))
      found.set(line.id, line);
  return found;
}

async function servedBy(read: Reader, orderLineIds: readonly number[]): Promise<RequisitionOrderRow[]> {
  const found: RequisitionOrderRow[] = [];
  for (const chunk of chunked(orderLineIds))
    found.push(
      ...(await read.rows(
        requisitionOrder,
        sql`SELECT * FROM requisition_order WHERE order_line_id IN (${sql.list(chunk)}) ORDER BY id`,
      )),
    );
  return found;
}

/** Locks the requisitions of these lines, in ascending order. Whoever locks orders as well has done so before. */
export async function lockWishes(unit: Unit, lineIds: readonly number[]): Promise<Map<number, RequisitionLineRow>> {
  const headers = new Set([...(await wishesByIds(unit, lineIds)).values()].map((line) => line.requisitionId));
  await unit.lock(
    requisition,
    [...headers].sort((a, b) => a - b),
  );
  return wishesByIds(unit, lineIds);
}

/**
 * Carries a change of an order to the requisitions it serves: what is on order and what came, line by line, and their state.
 * Called with the order locked, after its lines were written.
 */
export async function followOrder(
  unit: Unit,
  order: Pick<OrderRow, 'state'>,
  lines: readonly OrderLineRow[],
): Promise<void> {
  if (lines.length === 0) return;
  const before = await servedBy(
    unit,
    lines.map(({ id }) => id),
  );
  if (before.length === 0) return;
  await lockWishes(
    unit,
    before.map(({ requisitionLineId }) => requisitionLineId),
  );
  const served = Map.groupBy(before, ({ orderLineId }) => orderLineId);
  for (const line of lines) {
    const links = served.get(line.id) ?? [];
    const shares = shareOrderLine(line, order.state === 'cancelled', links);
    for (const [index, link] of links.entries()) {
      const share = shares[index];
      if (!share || (share.ordered === link.ordered && share.received === link.received)) continue;
      await unit.update(requisitionOrder, link.id, share);
    }
  }
  await sumWishes(
    unit,
    before.map(({ requisitionLineId }) => requisitionLineId),
  );
}

/** Before an order line is removed: what it was for is to be ordered again. */
export async function forgetOrderLine(unit: Unit, orderLineId: number): Promise<void> {
  const links = await servedBy(unit, [orderLineId]);
  if (links.length === 0) return;
  const lineIds = links.map(({ requisitionLineId }) => requisitionLineId);
  await lockWishes(unit, lineIds);
  await unit.execute(sql`DELETE FROM requisition_order WHERE order_line_id = ${orderLineId}`);
  await sumWishes(unit, lineIds);
}

/** Adds up what orders say of these lines, whose requisitions are locked, and moves the requisitions to their state. */
async function sumWishes(unit: Unit, lineIds: readonly number[]): Promise<void> {
  const wishes = await wishesByIds(unit, lineIds);
  const sums = new Map<number, { ordered: number; received: number }>();
  for (const chunk of chunked([...wishes.keys()]))
    for (const row of await unit.all<{ lineId: number; ordered: number; received: number }>(
      sql`SELECT requisition_line_id AS line_id, SUM(ordered) AS ordered, SUM(received) AS received
        FROM requisition_order WHERE requisition_line_id IN (${sql.list(chunk)}) GROUP BY requisition_line_id`,
    ))
      sums.set(row.lineId, { ordered: Number(row.ordered), received: Number(row.received) });
  const touched = new Set<number>();
  for (const wish of wishes.values()) {
    const { ordered, received } = sums.get(wish.id) ?? { ordered: 0, received: 0 };
    if (ordered === wish.ordered && received === wish.received) continue;
    await unit.update(requisitionLine, wish.id, { ordered, received }, wish.version);
    touched.add(wish.requisitionId);
  }
  for (const id of [...touched].sort((a, b) => a - b)) {
    const row = await getRequisition(unit, id);
    await unit.update(requisition, id, { state: stateOfWishes(await wishesOf(unit, id)) }, row.version);
  }
}

export async function writeRequisitionTotals(
  unit: Unit,
  row: RequisitionRow,
  lines: readonly Pick<RequisitionLineRow, 'quantity'>[],
  changes: Partial<RequisitionRow> = {},
): Promise<void> {
  const quantity = lines.reduce((pieces, line) => pieces + line.quantity, 0);
  await unit.update(requisition, row.id, { lineCount: lines.length, quantity, ...changes }, row.version);
}
