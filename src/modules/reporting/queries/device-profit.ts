import { type BusinessDate, normaliseCode } from '../../../kernel';
import { shownNumbers } from '../../../ledger';
import { chunked, type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { inScope } from '../../../platform/permissions';
import { goodsCondition, type StockFilter } from './stock-sums';

export const PROFIT_LIST: ListSpec = {
  path: '/reporting/device-profit',
  id: 'l.id',
  filters: ['from', 'to', 'number', 'q', 'store', 'category', 'brand'],
  sorts: {
    newest: { expression: 'l.id', type: 'number', direction: 'descending' },
    gross: { expression: 'l.amount_fen', type: 'number', direction: 'descending' },
    cost: { expression: 'l.cost_fen', type: 'number', direction: 'descending' },
  },
};

export interface ProfitFilter extends StockFilter {
  /** Days of the sale, both included. */
  from: BusinessDate;
  to: BusinessDate;
  /** Whole number of a handset; empty for all. */
  number: string;
}

export interface ProfitRow {
  id: number;
  sortValue: number;
  saleId: number;
  saleNumber: string;
  soldOn: string;
  storeName: string;
  deviceId: number;
  number: string;
  skuCode: string;
  skuName: string;
  grossFen: number;
  netFen: number;
  /** As it left, and what its cost changed by since. */
  costFen: number;
  adjustedFen: number;
}

/** Handsets that are sold and have not come back. */
const conditions = (filter: ProfitFilter): Sql =>
  sql.all([
    sql`s.business_date >= ${filter.from}`,
    sql`s.business_date <= ${filter.to}`,
    inScope('s.store_id', filter.scope),
    filter.storeId !== null && sql`s.store_id = ${filter.storeId}`,
    sql`s.kind = 'sale' AND s.state = 'posted' AND l.device_id IS NOT NULL AND l.returned_quantity = 0`,
    filter.number !== '' &&
      sql`l.device_id IN (SELECT i.device_id FROM device_identifier i WHERE i.value = ${normaliseCode(filter.number)})`,
    goods(filter),
  ]);

/** In the statements below the sale is `s`. */
const goods = (filter: ProfitFilter): Sql | undefined => {
  const condition = goodsCondition(filter);
  return (
    condition &&
    sql`EXISTS (SELECT 1 FROM sku s JOIN product p ON p.id = s.product_id WHERE s.id = l.sku_id AND ${condition})`
  );
};

const SOLD = sql`sale s JOIN sale_line l ON l.sale_id = s.id`;

const SALE_POSTING = sql`JOIN posting q ON q.document_type = 'sales.sale' AND q.document_id = s.id AND q.kind = 'post'`;

/**
 * What makes a sold handset cost more or less, each with its amount: its own cost changed while it stayed sold (not what a later
 * life brought), and what an invoice at another price left for what was gone.
 */
const CHANGES: readonly { joins: Sql; amount: string; where: Sql }[] = [
  {
    joins: sql`${SALE_POSTING} JOIN device_event b ON b.posting_id = q.id AND b.device_id = l.device_id
      JOIN device_event v ON v.device_id = l.device_id AND v.seq > b.seq AND v.from_state = 'sold' AND v.to_state = 'sold'`,
    amount: 'v.cost_change_fen',
    where: sql`NOT EXISTS (SELECT 1 FROM device_event u
      WHERE u.device_id = v.device_id AND u.seq > b.seq AND u.seq < v.seq AND u.to_state <> 'sold')`,
  },
  {
    joins: sql`${SALE_POSTING} JOIN supplier_inv_share h ON h.sale_posting_id = q.id AND h.device_id = l.device_id
      JOIN supplier_invoice n ON n.id = h.invoice_id`,
    amount: 'h.amount_fen',
    where: sql`n.state = 'posted' AND h.held = ${false}`,
  },
];

/** One page of sold handsets; one row more than the page, see `keyset`. */
export async function deviceProfits(read: Reader, query: ListQuery, filter: ProfitFilter): Promise<ProfitRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const sortExpression = query.spec.sorts[query.sort]?.expression ?? 'l.id';
  const found = await read.all<Omit<ProfitRow, 'number' | 'adjustedFen'>>(
    sql`SELECT l.id, ${sql.identifier(sortExpression)} AS sort_value, s.id AS sale_id, s.sale_number, s.business_date AS sold_on,
        st.name AS store_name, l.device_id, k.code AS sku_code, k.name AS sku_name, l.amount_fen AS gross_fen, l.net_fen, l.cost_fen
      FROM ${SOLD} JOIN store st ON st.id = s.store_id JOIN sku k ON k.id = l.sku_id
      WHERE ${conditions(filter)} AND ${where} ${orderBy} ${limit}`,
  );
  const numbers = await shownNumbers(
    read,
    found.map(({ deviceId }) => deviceId),
  );
  const changed = await changesOf(
    read,
    found.map(({ id }) => id),
  );
  return found.map((row) => ({
    ...row,
    number: numbers.get(row.deviceId) ?? '',
    adjustedFen: changed.get(row.id) ?? 0,
  }));
}

async function changesOf(read: Reader, lineIds: readonly number[]): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  for (const part of chunked(lineIds))
    for (const { joins, amount, where } of CHANGES)
      for (const { id, fen } of await read.all<{ id: number; fen: number }>(
        sql`SELECT l.id, ${sql.sum(amount)} AS fen FROM ${SOLD} ${joins} WHERE l.id IN (${sql.list(part)}) AND ${where} GROUP BY l.id`,
      ))
        found.set(id, (found.get(id) ?? 0) + Number(fen));
  return found;
}

export interface ProfitTotals {
  devices: number;
  grossFen: number;
  netFen: number;
  costFen: number;
  adjustedFen: number;
}

export async function profitTotals(read: Reader, filter: ProfitFilter): Promise<ProfitTotals> {
  const row = await read.one<Record<keyof ProfitTotals, number | null>>(
    sql`SELECT COUNT(*) AS devices, ${sql.sum('l.amount_fen')} AS gross_fen, ${sql.sum('l.net_fen')} AS net_fen,
        ${sql.sum('l.cost_fen')} AS cost_fen FROM ${SOLD} WHERE ${conditions(filter)}`,
  );
  let adjustedFen = 0;
  for (const { joins, amount, where } of CHANGES) {
    const changed = await read.one<{ fen: number | null }>(
      sql`SELECT ${sql.sum(amount)} AS fen FROM ${SOLD} ${joins} WHERE ${conditions(filter)} AND ${where}`,
    );
    adjustedFen += Number(changed?.fen ?? 0);
  }
  return {
    devices: Number(row?.devices ?? 0),
    grossFen: Number(row?.grossFen ?? 0),
    netFen: Number(row?.netFen ?? 0),
    costFen: Number(row?.costFen ?? 0),
    adjustedFen,
  };
}
