import { forbidden } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import { type Actor, can, COST_PERMISSION, inScope } from '../../../platform/permissions';
import { skusByIds } from '../../catalog';
import { storesByIds } from '../../organization';
import type { ReceiptState } from '../domain/receipt-state';
import { OPEN_ORDER_STATES, openPieces, type OrderState } from '../domain/order-state';
import { approvalsOf, getOrder, orderLinesOf, storesOfOrder } from '../store/order.store';
import type { OrderRow } from '../store/order.table';
import { supplier } from '../store/supplier.table';
import { priceOn } from '../domain/supplier-price';
import { VIEW_ORDERS } from './order-list';
import { listedPrices } from './supplier-prices';

export interface OrderLineView {
  id: number;
  lineNo: number;
  storeId: number;
  storeName: string;
  skuId: number;
  skuCode: string;
  skuName: string;
  quantity: number;
  received: number;
  givenUp: number;
  /** Still to come. */
  open: number;
  expectedOn: string | null;
  /** Expected before today and not all there. */
  late: boolean;
  version: number;
  priced: boolean;
  /** Tax-inclusive; absent without the right to see cost. */
  unitPriceFen?: number | null;
  amountFen?: number;
  taxFen?: number;
  /** What the supplier's price list asks for so many on the day of the order; null: nothing. */
  listFen?: number | null;
  /** Pieces in a pack of the supplier, where the quantity is not a multiple of it. */
  brokenPack: number | null;
}

export interface OrderView extends Pick<
  OrderRow,
  | 'id'
  | 'number'
  | 'state'
  | 'version'
  | 'storeId'
  | 'supplierId'
  | 'orderedOn'
  | 'expectedOn'
  | 'note'
  | 'createdByName'
  | 'submission'
  | 'submittedAt'
  | 'submittedBy'
  | 'approvedAt'
  | 'endedAt'
  | 'endReason'
> {
  supplierName: string;
  supplierCode: string;
  storeName: string;
  /** Those in the reader's stores. */
  lines: OrderLineView[];
  /** Lines in other stores. */
  hidden: number;
  quantity: number;
  received: number;
  open: number;
  /** Tax-inclusive, of the lines shown; absent unless the reader sees cost in all their stores. */
  money?: { grossFen: number; taxFen: number };
  /** Every store the order is about, the reader's or not. */
  storeIds: number[];
  approvals: {
    name: string;
    fromFen: number;
    roleCode: string | null;
    decidedAt: number | null;
    decidedByName: string | null;
  }[];
}

/** An order as this reader may see it. Throws 404, or 403 outside the reader's stores. */
export async function orderView(read: Reader, actor: Actor, id: number, today: string): Promise<OrderView> {
  const row = await getOrder(read, id);
  const all = await orderLinesOf(read, id);
  const storeIds = storesOfOrder(row, all);
  if (!storeIds.some((storeId) => can(actor, VIEW_ORDERS, storeId))) throw forbidden(VIEW_ORDERS);
  const seen = all.filter(({ storeId }) => can(actor, VIEW_ORDERS, storeId));
  const cards = await skusByIds(
    read,
    seen.map(({ skuId }) => skuId),
  );
  const listed = await listedPrices(
    read,
    row.supplierId,
    seen.map(({ skuId }) => skuId),
  );
  const stores = await storesByIds(read, storeIds);
  const isOpen = (OPEN_ORDER_STATES as readonly OrderState[]).includes(row.state);
  const lines = seen.map((line): OrderLineView => {
    const { unitPriceFen, amountFen, taxFen, orderId: _order, taxRateBp: _rate, ...rest } = line;
    const open = openPieces(line);
    const expectedOn = line.expectedOn ?? row.expectedOn;
    const list = priceOn(listed.get(line.skuId) ?? [], row.orderedOn, line.quantity);
    const broken = list !== null && line.quantity % list.packSize !== 0;
    return {
      ...rest,
      storeName: stores.get(line.storeId)?.name ?? '',
      skuCode: cards.get(line.skuId)?.code ?? '',
      skuName: cards.get(line.skuId)?.name ?? '',
      open,
      expectedOn: line.expectedOn,
      late: isOpen && open > 0 && expectedOn !== null && expectedOn < today,
      priced: unitPriceFen !== null,
      brokenPack: broken ? list.packSize : null,
      ...(can(actor, COST_PERMISSION, line.storeId)
        ? { unitPriceFen, amountFen, taxFen, listFen: list?.unitPriceFen ?? null }
        : {}),
    };
  });
  const party = await read.get(supplier, row.supplierId);
  const sum = (of: (line: OrderLineView) => number): number => lines.reduce((total, line) => total + of(line), 0);
  const seesCost =
    lines.every(({ amountFen }) => amountFen !== undefined) &&
    (lines.length > 0 || can(actor, COST_PERMISSION, row.storeId));
  const approvals = row.state === 'draft' ? [] : await approvalsOf(read, row);
  const { number, state, version, storeId, supplierId, orderedOn, expectedOn, note, createdByName } = row;
  const { submission, submittedAt, submittedBy, approvedAt, endedAt, endReason } = row;
  return {
    id,
    number,
    state,
    version,
    storeId,
    supplierId,
    orderedOn,
    expectedOn,
    note,
    createdByName,
    submission,
    submittedAt,
    submittedBy,
    approvedAt,
    endedAt,
    endReason,
    supplierName: party?.name ?? '',
    supplierCode: party?.code ?? '',
    storeName: stores.get(row.storeId)?.name ?? '',
    lines,
    hidden: all.length - seen.length,
    quantity: sum((line) => line.quantity),
    received: sum((line) => line.received),
    open: isOpen ? sum((line) => line.open) : 0,
    ...(seesCost
      ? { money: { grossFen: sum((line) => line.amountFen ?? 0), taxFen: sum((line) => line.taxFen ?? 0) } }
      : {}),
    storeIds,
    approvals: approvals.map(({ name, fromFen, roleCode, decidedAt, decidedByName }) => ({
      name,
      fromFen,
      roleCode,
      decidedAt,
      decidedByName,
    })),
  };
}

export interface OrderReceipt {
  id: number;
  number: string;
  state: ReceiptState;
  businessDate: string;
  storeName: string;
  /** Pieces of this order. */
  received: number;
}

/** Receipts against an order in the reader's stores, the newest first; the last 50. */
export async function receiptsOfOrder(read: Reader, actor: Actor, orderId: number): Promise<OrderReceipt[]> {
  const rows = await read.all<OrderReceipt>(
    sql`SELECT r.id, r.number, r.state, r.business_date, st.name AS store_name, SUM(l.received) AS received
      FROM purchase_order_line o JOIN receipt_line l ON l.order_line_id = o.id JOIN receipt r ON r.id = l.receipt_id
        JOIN store st ON st.id = r.store_id
      WHERE o.order_id = ${orderId} AND ${inScope('r.store_id', actor.scope('purchasing.receipt.view'))}
      GROUP BY r.id, r.number, r.state, r.business_date, st.name ORDER BY r.id DESC ${sql.limit(50)}`,
  );
  return rows.map((row) => ({ ...row, received: Number(row.received) }));
}
