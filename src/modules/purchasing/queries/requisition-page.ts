import { forbidden } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import { type Actor, can, inScope } from '../../../platform/permissions';
import { skusByIds } from '../../catalog';
import { storesByIds } from '../../organization';
import type { OrderState } from '../domain/order-state';
import type { ReceiptState } from '../domain/receipt-state';
import { unordered, WANTED_STATES } from '../domain/requisition-state';
import { getRequisition, wishesOf } from '../store/requisition.store';
import type { RequisitionLineRow, RequisitionRow } from '../store/requisition.table';
import { ordersSeen } from './order-list';
import { VIEW_REQUISITIONS } from './requisition-list';

export interface WishView extends RequisitionLineRow {
  skuCode: string;
  skuName: string;
  /** Nobody has ordered them yet. */
  open: number;
  /** Where it is on order; also for readers who may not open the orders. */
  orders: { orderId: number; number: string; ordered: number; received: number; expectedOn: string | null }[];
}

export interface RequisitionView extends RequisitionRow {
  storeName: string;
  lines: WishView[];
  ordered: number;
  received: number;
  open: number;
}

/** A requisition as this reader may see it. Throws 404, or 403 outside the reader's stores. */
export async function requisitionView(read: Reader, actor: Actor, id: number): Promise<RequisitionView> {
  const row = await getRequisition(read, id);
  if (!can(actor, VIEW_REQUISITIONS, row.storeId)) throw forbidden(VIEW_REQUISITIONS);
  const wishes = await wishesOf(read, id);
  const cards = await skusByIds(
    read,
    wishes.map(({ skuId }) => skuId),
  );
  const served = Map.groupBy(await ordersOfWishes(read, id), ({ lineId }) => lineId);
  const wanted = (WANTED_STATES as readonly string[]).includes(row.state);
  const lines = wishes.map((line): WishView => ({
    ...line,
    skuCode: cards.get(line.skuId)?.code ?? '',
    skuName: cards.get(line.skuId)?.name ?? '',
    open: wanted ? unordered(line) : 0,
    orders: (served.get(line.id) ?? []).map(({ lineId: _line, ...order }) => order),
  }));
  const sum = (of: (line: WishView) => number): number => lines.reduce((total, line) => total + of(line), 0);
  return {
    ...row,
    storeName: (await storesByIds(read, [row.storeId])).get(row.storeId)?.name ?? '',
    lines,
    ordered: sum((line) => line.ordered),
    received: sum((line) => line.received),
    open: sum((line) => line.open),
  };
}

type Served = WishView['orders'][number] & { lineId: number };

/** Order lines that no longer stand for anything are left out. */
const ordersOfWishes = (read: Reader, requisitionId: number): Promise<Served[]> =>
  read.all<Served>(
    sql`SELECT s.requisition_line_id AS line_id, o.id AS order_id, o.number, s.ordered, s.received,
        COALESCE(l.expected_on, o.expected_on) AS expected_on
      FROM requisition_line w JOIN requisition_order s ON s.requisition_line_id = w.id
        JOIN purchase_order_line l ON l.id = s.order_line_id JOIN purchase_order o ON o.id = l.order_id
      WHERE w.requisition_id = ${requisitionId} AND s.ordered > ${0} ORDER BY s.id`,
  );

export interface RelatedOrder {
  id: number;
  number: string;
  state: OrderState;
  orderedOn: string;
  supplierName: string;
  ordered: number;
}

/** Orders that serve a requisition, as far as the reader may open them. */
export async function ordersOfRequisition(read: Reader, actor: Actor, requisitionId: number): Promise<RelatedOrder[]> {
  const rows = await read.all<RelatedOrder>(
    sql`SELECT o.id, o.number, o.state, o.ordered_on, p.name AS supplier_name, SUM(s.ordered) AS ordered
      FROM requisition_line w JOIN requisition_order s ON s.requisition_line_id = w.id
        JOIN purchase_order_line l ON l.id = s.order_line_id JOIN purchase_order o ON o.id = l.order_id
        JOIN supplier p ON p.id = o.supplier_id
      WHERE w.requisition_id = ${requisitionId} AND ${ordersSeen(actor)}
      GROUP BY o.id, o.number, o.state, o.ordered_on, p.name ORDER BY o.id DESC ${sql.limit(50)}`,
  );
  return rows.map((row) => ({ ...row, ordered: Number(row.ordered) }));
}

export interface RelatedReceipt {
  id: number;
  number: string;
  state: ReceiptState;
  businessDate: string;
  /** Pieces of the order lines that serve the requisition; other wishes may be among them. */
  received: number;
}

/** Receipts in which goods of a requisition came. */
export async function receiptsOfRequisition(
  read: Reader,
  actor: Actor,
  requisitionId: number,
): Promise<RelatedReceipt[]> {
  const rows = await read.all<RelatedReceipt>(
    sql`SELECT r.id, r.number, r.state, r.business_date, SUM(rl.received) AS received
      FROM receipt_line rl JOIN receipt r ON r.id = rl.receipt_id
      WHERE rl.order_line_id IN (SELECT s.order_line_id FROM requisition_order s
          JOIN requisition_line w ON w.id = s.requisition_line_id WHERE w.requisition_id = ${requisitionId})
        AND ${inScope('r.store_id', actor.scope('purchasing.receipt.view'))}
      GROUP BY r.id, r.number, r.state, r.business_date ORDER BY r.id DESC ${sql.limit(50)}`,
  );
  return rows.map((row) => ({ ...row, received: Number(row.received) }));
}

export interface RelatedRequisition {
  id: number;
  number: string;
  storeName: string;
  wantedOn: string | null;
  ordered: number;
}

/** Requisitions that an order serves, in the reader's stores. */
export async function requisitionsOfOrder(read: Reader, actor: Actor, orderId: number): Promise<RelatedRequisition[]> {
  const rows = await read.all<RelatedRequisition>(
    sql`SELECT q.id, q.number, st.name AS store_name, q.wanted_on, SUM(s.ordered) AS ordered
      FROM purchase_order_line l JOIN requisition_order s ON s.order_line_id = l.id
        JOIN requisition_line w ON w.id = s.requisition_line_id JOIN requisition q ON q.id = w.requisition_id
        JOIN store st ON st.id = q.store_id
      WHERE l.order_id = ${orderId} AND ${inScope('q.store_id', actor.scope(VIEW_REQUISITIONS))}
      GROUP BY q.id, q.number, st.name, q.wanted_on ORDER BY q.id DESC ${sql.limit(50)}`,
  );
  return rows.map((row) => ({ ...row, ordered: Number(row.ordered) }));
}
