import { isBusinessDate } from '../../../kernel';
import { storedForms } from '../../../ledger';
import type { KeyRing } from '../../../platform/crypto';
import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListPage, type ListQuery, type ListSpec, pageOf } from '../../../platform/lists';
import { type Actor, inScope } from '../../../platform/permissions';
import { openName } from '../../crm';
import type { SaleKind, SaleState } from '../domain/sale';

export const SALES_LIST: ListSpec = {
  path: '/sales/sales',
  id: 's.id',
  sorts: {
    soldAt: { expression: 's.sold_at', type: 'number', direction: 'descending' },
    gross: { expression: 's.gross_fen', type: 'number', direction: 'descending' },
  },
  filters: ['text', 'kind', 'state', 'from', 'to', 'shift', 'customer', 'channel'],
};

export interface SaleListRow {
  id: number;
  sortValue: number;
  saleNumber: string;
  kind: SaleKind;
  state: SaleState;
  soldAt: number;
  businessDate: string;
  storeName: string;
  registerName: string | null;
  cashierName: string;
  salespersonName: string | null;
  customerId: number | null;
  customerName: string | null;
  phoneMasked: string | null;
  /** Null: the store's own sale. */
  channelName: string | null;
  quantity: number;
  listFen: number;
  discountFen: number;
  grossFen: number;
  netFen: number;
  taxFen: number;
  /** Only for readers with the cost right. */
  costFen?: number;
}

type Stored = Omit<SaleListRow, 'customerName'> & { name: string | null; nameCipher: string | null };

export interface SalesTotals {
  count: number;
  quantity: number;
  discountFen: number;
  grossFen: number;
  netFen: number;
  costFen?: number;
}

/** One page of sales and returns, newest first unless sorted otherwise. Cost is not even read without the right. */
export async function salesRows(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  { keys, storeId, withCost }: { keys: KeyRing; storeId: number | null; withCost: boolean },
): Promise<SaleListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const cost = withCost ? sql`, s.cost_fen` : sql.empty;
  const rows = await read.all<Stored>(
    sql`SELECT s.id, ${sql.identifier(query.sort === 'gross' ? 's.gross_fen' : 's.sold_at')} AS sort_value, s.sale_number,
        s.kind, s.state, s.sold_at, s.business_date, st.name AS store_name, r.name AS register_name, s.cashier_name,
        f.name AS salesperson_name, s.customer_id, c.name, c.name_cipher, c.phone_masked, ch.name AS channel_name,
        s.quantity, s.list_fen, s.discount_fen, s.gross_fen, s.net_fen, s.tax_fen${cost}
      FROM sale s JOIN store st ON st.id = s.store_id LEFT JOIN register r ON r.id = s.register_id
        LEFT JOIN staff f ON f.id = s.salesperson_id LEFT JOIN customer c ON c.id = s.customer_id
        LEFT JOIN config_record ch ON ch.id = s.channel_id
      WHERE ${conditions(actor, query, storeId)} AND ${where} ${orderBy} ${limit}`,
  );
  return rows.map((row) => {
    const { name: customerName, ...rest } = openName(keys, row);
    return { ...rest, customerName };
  });
}

export async function salesPage(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  options: { keys: KeyRing; storeId: number | null; withCost: boolean },
): Promise<ListPage<SaleListRow> & { totals: SalesTotals }> {
  const found = await salesRows(read, actor, query, options);
  return { ...pageOf(query, found), totals: await salesTotals(read, actor, query, options) };
}

/** Over the whole filter; what was reversed does not count. */
async function salesTotals(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  { storeId, withCost }: { storeId: number | null; withCost: boolean },
): Promise<SalesTotals> {
  const cost = withCost ? sql`, SUM(s.cost_fen) AS cost_fen` : sql.empty;
  const row = await read.one<Record<keyof SalesTotals, number | string | null>>(
    sql`SELECT COUNT(*) AS count, SUM(s.quantity) AS quantity, SUM(s.discount_fen) AS discount_fen,
        SUM(s.gross_fen) AS gross_fen, SUM(s.net_fen) AS net_fen${cost}
      FROM sale s WHERE ${conditions(actor, query, storeId)} AND s.state = 'posted'`,
  );
  const number = (key: keyof SalesTotals): number => Number(row?.[key] ?? 0);
  return {
    count: number('count'),
    quantity: number('quantity'),
    discountFen: number('discountFen'),
    grossFen: number('grossFen'),
    netFen: number('netFen'),
    ...(withCost ? { costFen: number('costFen') } : {}),
  };
}

function conditions(actor: Actor, { filters }: ListQuery, storeId: number | null): Sql {
  const { text, kind, state, from, to, shift, customer, channel } = filters;
  return sql.all([
    inScope('s.store_id', actor.scope('sales.sale.view')),
    storeId !== null && sql`s.store_id = ${storeId}`,
    text !== undefined && textCondition(text),
    (kind === 'sale' || kind === 'return') && sql`s.kind = ${kind}`,
    (state === 'posted' || state === 'reversed') && sql`s.state = ${state}`,
    isBusinessDate(from) && sql`s.business_date >= ${from}`,
    isBusinessDate(to) && sql`s.business_date <= ${to}`,
    shift !== undefined && /^\d{1,15}$/.test(shift) && sql`s.shift_id = ${Number(shift)}`,
    channel === 'store' && sql`s.channel_id IS NULL`,
    channel !== undefined && /^\d{1,15}$/.test(channel) && sql`s.channel_id = ${Number(channel)}`,
    customer !== undefined && /^\d{1,15}$/.test(customer) && sql`s.customer_id = ${Number(customer)}`,
  ]);
}

/** A number's beginning, or a device that was sold. */
function textCondition(text: string): Sql {
  return sql`(${sql.startsWith('s.sale_number', text.trim().toUpperCase())} OR s.id IN (
    SELECT l.sale_id FROM sale_line l JOIN device_identifier i ON i.device_id = l.device_id
    WHERE i.value IN (${sql.list(storedForms(text))})))`;
}
