import { numberEndsWith } from '../../../ledger';
import type { KeyRing } from '../../../platform/crypto';
import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, inScope, type StoreScope } from '../../../platform/permissions';
import { openName } from '../../crm';
import type { SaleState } from '../domain/sale';

export const VIEW_SETTLEMENTS = 'sales.settlement.view';

export const SETTLEMENT_LIST: ListSpec = {
  path: '/sales/settlements',
  id: 'r.id',
  filters: ['q', 'state', 'store', 'customer', 'unpaid', 'from', 'to'],
  sorts: { newest: { expression: 'r.id', type: 'number', direction: 'descending' } },
};

export interface SettlementFilter {
  /** Number of a settlement, a part of the partner's name, or the end of a number of one of its devices. */
  text: string;
  /** Customers whose name the text may mean. */
  named: readonly number[];
  storeId: number | null;
  customerId: number | null;
  /** Only what the partner has not paid in full. */
  unpaid: boolean;
  from: string | null;
  to: string | null;
  scope: StoreScope;
}

export interface SettlementListRow {
  id: number;
  sortValue: number;
  number: string;
  state: SaleState;
  storeName: string;
  customerId: number;
  customerName: string | null;
  phoneMasked: string | null;
  businessDate: string;
  dueOn: string;
  devices: number;
  amountFen: number;
  commissionFen: number;
  /** What the partner still owes. */
  openFen: number;
  /** Frozen when it was sold; only for readers with the cost right. */
  costFen?: number;
  netFen: number;
  reference: string | null;
  createdByName: string;
}

/** What is open of the receivable that the sale made. */
const OPEN_FEN = sql`COALESCE((SELECT SUM(i.amount_fen - i.settled_fen) FROM posting p JOIN open_item i ON i.posting_id = p.id
  WHERE p.document_type = 'sales.sale' AND p.document_id = r.sale_id AND p.kind = 'post' AND i.direction = 'receivable'), 0)`;

function textCondition(text: string, named: readonly number[]): Sql {
  const plain = text.toUpperCase();
  const parts = [
    sql.contains('r.number', plain),
    ...(named.length > 0 ? [sql`r.customer_id IN (${sql.list(named)})`] : []),
    ...(/^[0-9A-Z]{3,20}$/.test(plain)
      ? [
          sql`r.sale_id IN (SELECT l.sale_id FROM sale_line l JOIN device_identifier i ON i.device_id = l.device_id
            WHERE ${numberEndsWith('i.tail', plain)})`,
        ]
      : []),
  ];
  return sql`(${sql.join(parts, ' OR ')})`;
}

const conditions = ({ text, named, storeId, customerId, unpaid, from, to, scope }: SettlementFilter): Sql =>
  sql.all([
    inScope('r.store_id', scope),
    storeId !== null && sql`r.store_id = ${storeId}`,
    customerId !== null && sql`r.customer_id = ${customerId}`,
    unpaid && sql`r.state = 'posted' AND ${OPEN_FEN} > 0`,
    from !== null && sql`r.business_date >= ${from}`,
    to !== null && sql`r.business_date <= ${to}`,
    text !== '' && textCondition(text, named),
  ]);

type Stored = Omit<SettlementListRow, 'customerName'> & { name: string | null; nameCipher: string | null };

/** One row more than the page, see `keyset`. Cost is not even read without the right. */
export async function settlementList(
  read: Reader,
  query: ListQuery,
  filter: SettlementFilter,
  { keys, withCost }: { keys: KeyRing; withCost: boolean },
): Promise<SettlementListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const { state } = query.filters;
  const cost = withCost ? sql`, v.cost_fen` : sql.empty;
  const rows = await read.all<Stored>(
    sql`SELECT r.id, r.id AS sort_value, r.number, r.state, s.name AS store_name, r.customer_id, c.name, c.name_cipher,
        c.phone_masked, r.business_date, r.due_on, r.devices, r.amount_fen, r.commission_fen, ${OPEN_FEN} AS open_fen,
        v.net_fen, r.reference, r.created_by_name${cost}
      FROM consignment_sale r JOIN store s ON s.id = r.store_id JOIN customer c ON c.id = r.customer_id
        JOIN sale v ON v.id = r.sale_id
      WHERE ${conditions(filter)} AND ${state ? sql`r.state = ${state}` : sql`1 = 1`} AND ${where} ${orderBy} ${limit}`,
  );
  return rows.map((row) => {
    const { name: customerName, ...rest } = openName(keys, row);
    return { ...rest, openFen: Number(rest.openFen), customerName };
  });
}

/** How many there are of each state; the filter of states itself left out. */
export async function settlementCounts(read: Reader, filter: SettlementFilter): Promise<Map<SaleState, number>> {
  const rows = await read.all<{ state: SaleState; n: number }>(
    sql`SELECT r.state, COUNT(*) AS n FROM consignment_sale r WHERE ${conditions(filter)} GROUP BY r.state`,
  );
  return new Map(rows.map(({ state, n }) => [state, Number(n)]));
}

/** For the search box; newest first. */
export const settlementsByNumber = (
  read: Reader,
  actor: Actor,
  code: string,
): Promise<Pick<SettlementListRow, 'id' | 'number' | 'state' | 'devices' | 'businessDate'>[]> =>
  read.all(
    sql`SELECT r.id, r.number, r.state, r.devices, r.business_date FROM consignment_sale r
      WHERE ${sql.startsWith('r.number', code)} AND ${inScope('r.store_id', actor.scope(VIEW_SETTLEMENTS))}
      ORDER BY r.id DESC ${sql.limit(8)}`,
  );

/** What partners owe for settlements that were due before `today`, in the reader's stores or this one of them. */
export async function unpaidSettlements(
  read: Reader,
  actor: Actor,
  storeId: number | null,
  today: string,
): Promise<{ settlements: number; openFen: number; since: string | null }> {
  const row = await read.one<{ settlements: number; openFen: number | string | null; since: string | null }>(
    sql`SELECT COUNT(*) AS settlements, SUM(x.open_fen) AS open_fen, MIN(x.due_on) AS since FROM (
        SELECT r.due_on, ${OPEN_FEN} AS open_fen FROM consignment_sale r
        WHERE r.state = 'posted' AND r.due_on < ${today} AND ${inScope('r.store_id', actor.scope(VIEW_SETTLEMENTS))}
          AND ${storeId === null ? sql`1 = 1` : sql`r.store_id = ${storeId}`}) x WHERE x.open_fen > 0`,
  );
  return {
    settlements: Number(row?.settlements ?? 0),
    openFen: Number(row?.openFen ?? 0),
    since: row?.since ?? null,
  };
}
