import { type FieldProblem, invalid, isBusinessDate, notFound, stale } from '../../../kernel';
import { sql } from '../../../platform/database';
import { type Actor, authorise, can, COST_PERMISSION } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { skusByIds } from '../../catalog';
import { storesByIds } from '../../organization';
import { MAX_LINES, MAX_QUANTITY, priceProblem } from '../domain/receipt-lines';
import { priceOn } from '../domain/supplier-price';
import { lastPrices } from '../queries/last-prices';
import { listedPrices } from '../queries/supplier-prices';
import { assertOrderDraft, lockOrder, orderedAmounts, orderLinesOf, writeOrderTotals } from '../store/order.store';
import { type OrderLineRow, type OrderRow, purchaseOrderLine } from '../store/order.table';
import { forgetOrderLine } from '../store/requisition.store';
import { auditOrder, authoriseOrder, EDIT_ORDERS } from './save-order';

export interface NewOrderLine {
  skuId: number;
  /** The store that receives. */
  storeId: number;
  quantity: number | null;
  /** Tax-inclusive; 0: free goods. Left out: as the supplier's price list says, else what it charged last. Only who sees cost gives one. */
  unitPriceFen?: number | null | undefined;
  /** Left out: as the order says. */
  expectedOn?: string | null | undefined;
}

/** Adds lines to a draft: all of them, or none with every problem at `lines.<index>.<field>`. */
export function addOrderLines(
  uow: UnitOfWork,
  actor: Actor,
  command: { orderId: number; lines: readonly NewOrderLine[] },
  options?: RunOptions,
): Promise<{ lineIds: number[] }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockOrder(unit, command.orderId);
      await authoriseOrder(unit, actor, EDIT_ORDERS, row);
      assertOrderDraft(row);
      const present = await orderLinesOf(unit, row.id);
      const added = await insertOrderLines(unit, row, present, command.lines);
      await writeOrderTotals(unit, row, [...present, ...added]);
      await auditOrder(unit, row, 'add_lines', { lines: added.length });
      return { lineIds: added.map(({ id }) => id) };
    },
    options,
  );
}

/** The caller writes the totals. Throws 403 for a store in which the actor may not order. */
export async function insertOrderLines(
  unit: Unit,
  row: OrderRow,
  present: readonly OrderLineRow[],
  lines: readonly NewOrderLine[],
): Promise<OrderLineRow[]> {
  if (present.length + lines.length > MAX_LINES) throw invalid('purchasing:error.too_many_lines', { max: MAX_LINES });
  if (lines.length === 0) throw invalid('purchasing:error.order_nothing');
  for (const { storeId } of lines) authorise(unit.actor, EDIT_ORDERS, storeId);
  const skuIds = lines.map(({ skuId }) => skuId);
  const cards = await skusByIds(unit, skuIds);
  const listed = await listedPrices(unit, row.supplierId, skuIds);
  const usual = await lastPrices(unit, row.supplierId, skuIds);
  const stores = await storesByIds(
    unit,
    lines.map(({ storeId }) => storeId),
  );
  const fields: FieldProblem[] = [];
  const firstId = unit.takeIds(purchaseOrderLine, lines.length);
  const lastNo = Math.max(0, ...present.map(({ lineNo }) => lineNo));
  const rows = lines.map((line, index): OrderLineRow => {
    const card = cards.get(line.skuId);
    const at = (field: string, code: string, details?: Record<string, unknown>): void =>
      void fields.push({ path: `lines.${index}.${field}`, code, ...(details ? { details } : {}) });
    if (!card) at('sku', 'purchasing:error.sku_unknown');
    else if (!card.active) at('sku', 'purchasing:error.sku_inactive', { name: card.name });
    else if (card.tracking === 'service') at('sku', 'purchasing:error.sku_service', { name: card.name });
    if (!stores.get(line.storeId)?.active) at('storeId', 'purchasing:error.order_store');
    const given = can(unit.actor, COST_PERMISSION, line.storeId) ? line.unitPriceFen : undefined;
    const list = priceOn(listed.get(line.skuId) ?? [], row.orderedOn, line.quantity ?? 1);
    const unitPriceFen = given ?? (given === null ? null : (list?.unitPriceFen ?? usual.get(line.skuId) ?? null));
    const expectedOn = line.expectedOn ?? null;
    for (const { field, code } of lineProblems({ quantity: line.quantity, unitPriceFen, expectedOn }, row))
      at(field, code);
    const priced = { quantity: line.quantity ?? 0, unitPriceFen, taxRateBp: card?.taxRateBp ?? 0 };
    const { id: orderId } = row;
    const { skuId, storeId } = line;
    const counts = { received: 0, givenUp: 0, version: 1 };
    const place = { id: firstId + index, orderId, lineNo: lastNo + index + 1, skuId, storeId, expectedOn };
    return { ...place, ...counts, ...priced, ...(fields.length > 0 ? ZERO : orderedAmounts(priced)) };
  });
  if (fields.length > 0) throw invalid('errors:form', {}, fields);
  await unit.insert(purchaseOrderLine, rows);
  return rows;
}

const ZERO = { amountFen: 0, taxFen: 0 };

function lineProblems(
  line: { quantity: number | null; unitPriceFen: number | null; expectedOn: string | null },
  order: Pick<OrderRow, 'orderedOn'>,
): { field: string; code: string }[] {
  const { quantity, expectedOn } = line;
  const problems: { field: string; code: string }[] = [];
  if (quantity === null) problems.push({ field: 'quantity', code: 'errors:field.required' });
  else if (quantity < 1 || quantity > MAX_QUANTITY)
    problems.push({ field: 'quantity', code: 'purchasing:error.quantity' });
  const price = priceProblem(line.unitPriceFen);
  if (price) problems.push({ field: 'unitPrice', code: price });
  if (expectedOn !== null && !isBusinessDate(expectedOn))
    problems.push({ field: 'expectedOn', code: 'purchasing:error.date' });
  else if (expectedOn !== null && expectedOn < order.orderedOn)
    problems.push({ field: 'expectedOn', code: 'purchasing:error.expected_before' });
  return problems;
}

export interface OrderLineChange {
  id: number;
  /** As the page showed it. */
  version: number;
  quantity: number | null;
  /** Left out: stays. Only who sees cost gives one. */
  unitPriceFen?: number | null | undefined;
  expectedOn: string | null;
}

/** Changes lines of a draft; problems come at `lines.<index>.<field>`, and then nothing changes. */
export function changeOrderLines(
  uow: UnitOfWork,
  actor: Actor,
  command: { orderId: number; lines: readonly OrderLineChange[] },
  options?: RunOptions,
): Promise<{ changed: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockOrder(unit, command.orderId);
      await authoriseOrder(unit, actor, EDIT_ORDERS, row);
      assertOrderDraft(row);
      const lines = await orderLinesOf(unit, row.id);
      const fields: FieldProblem[] = [];
      const changed = new Map<number, OrderLineRow>();
      command.lines.forEach((change, index) => {
        const line = lines.find(({ id }) => id === change.id);
        if (!line) throw notFound('purchasing.order_line', change.id);
        if (line.version !== change.version) throw stale();
        const prices = can(actor, COST_PERMISSION, line.storeId) && change.unitPriceFen !== undefined;
        const now = {
          quantity: change.quantity,
          unitPriceFen: prices ? (change.unitPriceFen ?? null) : line.unitPriceFen,
          expectedOn: change.expectedOn,
        };
        const problems = lineProblems(now, row);
        fields.push(...problems.map(({ field, code }) => ({ path: `lines.${index}.${field}`, code })));
        if (problems.length > 0) return;
        const priced = { ...line, ...now, quantity: now.quantity ?? 0 };
        const after = { ...priced, ...orderedAmounts(priced) };
        if (JSON.stringify(after) !== JSON.stringify(line)) changed.set(line.id, after);
      });
      if (fields.length > 0) throw invalid('errors:form', {}, fields);
      if (changed.size === 0) return { changed: 0 };
      for (const { id, version, quantity, unitPriceFen, expectedOn, amountFen, taxFen } of changed.values()) {
        const changes = { quantity, unitPriceFen, expectedOn, amountFen, taxFen };
        await unit.update(purchaseOrderLine, id, changes, version);
      }
      await writeOrderTotals(
        unit,
        row,
        lines.map((line) => changed.get(line.id) ?? line),
      );
      await auditOrder(unit, row, 'edit_lines', { lines: changed.size });
      return { changed: changed.size };
    },
    options,
  );
}

export function removeOrderLine(
  uow: UnitOfWork,
  actor: Actor,
  command: { orderId: number; lineId: number },
  options?: RunOptions,
): Promise<{ lineId: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockOrder(unit, command.orderId);
      await authoriseOrder(unit, actor, EDIT_ORDERS, row);
      assertOrderDraft(row);
      const lines = await orderLinesOf(unit, row.id);
      const line = lines.find(({ id }) => id === command.lineId);
      if (!line) throw notFound('purchasing.order_line', command.lineId);
      await forgetOrderLine(unit, line.id);
      await unit.execute(sql`DELETE FROM purchase_order_line WHERE id = ${line.id}`);
      await writeOrderTotals(
        unit,
        row,
        lines.filter(({ id }) => id !== line.id),
      );
      await auditOrder(unit, row, 'remove_line', { skuId: line.skuId, quantity: line.quantity });
      return { lineId: line.id };
    },
    options,
  );
}
