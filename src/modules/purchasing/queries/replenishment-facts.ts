import { addDays, type BusinessDate, daysBetween, weekdayOf } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import { plannedTransfers } from '../../inventory';
import {
  type DayMove,
  type Position,
  RECENT_DAYS,
  SALES_DAYS,
  type Sold,
  type WeekdaySales,
} from '../domain/replenishment';

/** Documents that are sales: what they took less what they brought back. */
const SALES = sql`p.document_type IN ('sales.sale', 'sales.return')`;

const NOTHING: Position = { sellable: 0, promised: 0, inTransit: 0, asked: 0, onOrder: 0 };

/** A product in a store. */
export const pairOf = (storeId: number, skuId: number): string => `${storeId}/${skuId}`;

interface PairSum {
  storeId: number;
  skuId: number;
  quantity: number;
}

/** What each store sold of each product in the days before today: one statement, as many rows as there are pairs. */
export async function soldPieces(read: Reader, today: BusinessDate): Promise<(PairSum & Sold)[]> {
  const [from, recentFrom] = [addDays(today, -SALES_DAYS), addDays(today, -RECENT_DAYS)];
  const rows = await read.all<PairSum & Sold>(
    sql`SELECT e.store_id, e.sku_id, ${sql.sum('-e.quantity')} AS quantity,
        SUM(CASE WHEN e.business_date >= ${recentFrom} THEN -e.quantity ELSE 0 END) AS recent
      FROM stock_entry e JOIN posting p ON p.id = e.posting_id
      WHERE e.business_date >= ${from} AND e.business_date < ${today} AND ${SALES}
      GROUP BY e.store_id, e.sku_id`,
  );
  return rows.map((row) => {
    const [quantity, recent] = [Number(row.quantity), Number(row.recent)];
    return { ...row, quantity, recent, earlier: quantity - recent };
  });
}

/** What came and went each day since the first of those days, of goods that can be sold: a sum a day, store and product. */
export async function movesByDay(
  read: Reader,
  skuIds: readonly number[],
  today: BusinessDate,
): Promise<(DayMove & { storeId: number; skuId: number })[]> {
  const rows = await read.all<{ storeId: number; skuId: number; movedOn: BusinessDate; quantity: number }>(
    sql`SELECT e.store_id, e.sku_id, e.business_date AS moved_on, ${sql.sum('e.quantity')} AS quantity FROM stock_entry e
      WHERE e.sku_id IN (${sql.list(skuIds)}) AND e.business_date >= ${addDays(today, -SALES_DAYS)} AND e.bucket = 'sellable'
      GROUP BY e.store_id, e.sku_id, e.business_date`,
  );
  return rows.map(({ movedOn, quantity, ...row }) => ({ ...row, day: movedOn, quantity: Number(quantity) }));
}

/** The smallest pack of each product in the price list of who delivers it, as it holds today. */
export async function listedPacks(
  read: Reader,
  today: BusinessDate,
): Promise<{ supplierId: number; skuId: number; packSize: number }[]> {
  const rows = await read.all<{ supplierId: number; skuId: number; packSize: number }>(
    sql`SELECT c.supplier_id, c.sku_id, MIN(c.pack_size) AS pack_size FROM supplier_price c
      WHERE c.from_on <= ${today} AND (c.until_on IS NULL OR c.until_on >= ${today}) GROUP BY c.supplier_id, c.sku_id`,
  );
  return rows.map((row) => ({ ...row, packSize: Number(row.packSize) }));
}

/** Days from order to delivery that the record of a supplier has. */
export async function agreedLeads(read: Reader): Promise<Map<number, number>> {
  const rows = await read.all<{ id: number; leadDays: number }>(
    sql`SELECT s.id, s.lead_days FROM supplier s WHERE s.lead_days IS NOT NULL`,
  );
  return new Map(rows.map(({ id, leadDays }) => [id, leadDays]));
}

/** So far back orders say how long a supplier takes. */
const LEAD_DAYS_BACK = 180;

/** Days from each order to the first goods that came of it, by supplier. */
export async function deliveryDays(read: Reader, today: BusinessDate): Promise<Map<number, number[]>> {
  const rows = await read.all<{ supplierId: number; orderedOn: BusinessDate; cameOn: BusinessDate }>(
    sql`SELECT o.id, o.supplier_id, o.ordered_on, MIN(r.business_date) AS came_on
      FROM purchase_order o JOIN purchase_order_line l ON l.order_id = o.id JOIN receipt_line k ON k.order_line_id = l.id
        JOIN receipt r ON r.id = k.receipt_id
      WHERE o.ordered_on >= ${addDays(today, -LEAD_DAYS_BACK)} AND r.state = 'posted'
      GROUP BY o.id, o.supplier_id, o.ordered_on`,
  );
  const found = new Map<number, number[]>();
  for (const { supplierId, orderedOn, cameOn } of rows)
    found.set(supplierId, [...(found.get(supplierId) ?? []), daysBetween(orderedOn, cameOn)]);
  return found;
}

/** Pieces by weekday, Monday first, that each store sold in those days. */
export async function soldByWeekday(read: Reader, today: BusinessDate): Promise<Map<number, WeekdaySales>> {
  const rows = await read.all<{ storeId: number; soldOn: BusinessDate; quantity: number }>(
    sql`SELECT e.store_id, e.business_date AS sold_on, ${sql.sum('-e.quantity')} AS quantity
      FROM stock_entry e JOIN posting p ON p.id = e.posting_id
      WHERE e.business_date >= ${addDays(today, -SALES_DAYS)} AND e.business_date < ${today} AND ${SALES}
      GROUP BY e.store_id, e.business_date`,
  );
  const weeks = new Map<number, number[]>();
  for (const { storeId, soldOn, quantity } of rows) {
    const week = weeks.get(storeId) ?? [0, 0, 0, 0, 0, 0, 0];
    const place = weekdayOf(soldOn) - 1;
    week[place] = (week[place] ?? 0) + Number(quantity);
    weeks.set(storeId, week);
  }
  return weeks;
}

/** What is there, coming and promised, by store and product; pairs without any of it are left out. */
export async function positions(read: Reader): Promise<Map<string, PairSum & Position>> {
  const found = new Map<string, PairSum & Position>();
  const add = (storeId: number, skuId: number, what: keyof Position, quantity: number): void => {
    const pair = pairOf(storeId, skuId);
    const known = found.get(pair) ?? { storeId, skuId, quantity: 0, ...NOTHING };
    known[what] += quantity;
    found.set(pair, known);
  };
  const stock = await read.all<PairSum & { bucket: string }>(
    sql`SELECT b.store_id, b.sku_id, b.bucket, ${sql.sum('b.quantity')} AS quantity FROM stock_balance b
      WHERE b.quantity > 0 AND b.bucket IN ('sellable', 'in_transit') GROUP BY b.store_id, b.sku_id, b.bucket`,
  );
  for (const row of stock)
    add(row.storeId, row.skuId, row.bucket === 'sellable' ? 'sellable' : 'inTransit', Number(row.quantity));
  for (const { skuId, fromStoreId, toStoreId, quantity } of await plannedTransfers(read)) {
    add(fromStoreId, skuId, 'promised', quantity);
    add(toStoreId, skuId, 'asked', quantity);
  }
  const ordered = await read.all<PairSum>(
    sql`SELECT l.store_id, l.sku_id, SUM(l.quantity - l.received - l.given_up) AS quantity
      FROM purchase_order o JOIN purchase_order_line l ON l.order_id = o.id
      WHERE o.state IN ('draft', 'submitted', 'approved', 'partial') AND l.received + l.given_up < l.quantity
      GROUP BY l.store_id, l.sku_id`,
  );
  const wished = await read.all<PairSum>(
    sql`SELECT q.store_id, l.sku_id, SUM(l.quantity - l.ordered - l.given_up) AS quantity
      FROM requisition q JOIN requisition_line l ON l.requisition_id = q.id
      WHERE q.state IN ('submitted', 'approved', 'partial') AND l.ordered + l.given_up < l.quantity
      GROUP BY q.store_id, l.sku_id`,
  );
  for (const { storeId, skuId, quantity } of [...ordered, ...wished]) add(storeId, skuId, 'onOrder', Number(quantity));
  return found;
}

/** Who delivered each product last. */
export async function lastSuppliers(read: Reader): Promise<Map<number, number>> {
  const rows = await read.all<{ skuId: number; supplierId: number }>(
    sql`SELECT l.sku_id, r.supplier_id FROM (
        SELECT MAX(m.id) AS last_id FROM receipt_line m JOIN receipt c ON c.id = m.receipt_id
        WHERE c.state = 'posted' GROUP BY m.sku_id) newest
      JOIN receipt_line l ON l.id = newest.last_id JOIN receipt r ON r.id = l.receipt_id
      JOIN supplier s ON s.id = r.supplier_id AND s.active = 1`,
  );
  return new Map(rows.map(({ skuId, supplierId }) => [skuId, supplierId]));
}

/** Goods and stores that are replenished. */
export async function replenished(read: Reader): Promise<{ skuIds: Set<number>; stores: Map<number, string> }> {
  const skus = await read.all<{ id: number }>(
    sql`SELECT s.id FROM sku s WHERE s.active = 1 AND s.tracking <> 'service'`,
  );
  const stores = await read.all<{ id: number; kind: string }>(sql`SELECT t.id, t.kind FROM store t WHERE t.active = 1`);
  return {
    skuIds: new Set(skus.map(({ id }) => id)),
    stores: new Map(stores.map(({ id, kind }) => [id, kind])),
  };
}
