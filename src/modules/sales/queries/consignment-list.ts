import { numberEndsWith } from '../../../ledger';
import type { KeyRing } from '../../../platform/crypto';
import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, inScope, type StoreScope } from '../../../platform/permissions';
import { openName, searchCustomers } from '../../crm';
import type { ConsignmentState } from '../domain/consignment';

export const VIEW_CONSIGNMENTS = 'sales.consignment.view';

export const CONSIGNMENT_LIST: ListSpec = {
  path: '/sales/consignments',
  id: 'r.id',
  filters: ['q', 'state', 'store', 'customer', 'late', 'from', 'to'],
  sorts: {
    newest: { expression: 'r.id', type: 'number', direction: 'descending' },
    due: { expression: 'r.due_on', type: 'text', direction: 'ascending' },
  },
};

export interface ConsignmentFilter {
  /** Number of a consignment, a part of the partner's name, or the end of a number of one of its devices. */
  text: string;
  /** Customers whose name the text may mean. */
  named: readonly number[];
  storeId: number | null;
  customerId: number | null;
  /** Something is still out after this day; null: all. */
  lateOn: string | null;
  from: string | null;
  to: string | null;
  scope: StoreScope;
}

export interface ConsignmentListRow {
  id: number;
  sortValue: number | string;
  number: string;
  state: ConsignmentState;
  storeName: string;
  customerId: number;
  /** The partner. */
  customerName: string | null;
  phoneMasked: string | null;
  businessDate: string;
  dueOn: string;
  devices: number;
  settled: number;
  stillOut: number;
  amountFen: number;
  openFen: number;
  note: string | null;
  createdByName: string;
}

/** Who is meant by a text in the filter of lists that name a partner. */
export const partnersNamed = async (read: Reader, keys: KeyRing, text: string): Promise<number[]> =>
  text === '' ? [] : (await searchCustomers(read, keys, text, 50)).map(({ id }) => id);

function textCondition(text: string, named: readonly number[]): Sql {
  const plain = text.toUpperCase();
  const parts = [
    sql.contains('r.number', plain),
    ...(named.length > 0 ? [sql`r.customer_id IN (${sql.list(named)})`] : []),
    ...(/^[0-9A-Z]{3,20}$/.test(plain)
      ? [
          sql`r.id IN (SELECT n.out_id FROM consignment_out_device n
            JOIN device_identifier i ON i.device_id = n.device_id WHERE ${numberEndsWith('i.tail', plain)})`,
        ]
      : []),
  ];
  return sql`(${sql.join(parts, ' OR ')})`;
}

const conditions = ({ text, named, storeId, customerId, lateOn, from, to, scope }: ConsignmentFilter): Sql =>
  sql.all([
    inScope('r.store_id', scope),
    storeId !== null && sql`r.store_id = ${storeId}`,
    customerId !== null && sql`r.customer_id = ${customerId}`,
    lateOn !== null && sql`r.state = 'out' AND r.due_on < ${lateOn}`,
    from !== null && sql`r.business_date >= ${from}`,
    to !== null && sql`r.business_date <= ${to}`,
    text !== '' && textCondition(text, named),
  ]);

type Stored = Omit<ConsignmentListRow, 'customerName'> & { name: string | null; nameCipher: string | null };

/** One row more than the page, see `keyset`. */
export async function consignmentList(
  read: Reader,
  keys: KeyRing,
  query: ListQuery,
  filter: ConsignmentFilter,
): Promise<ConsignmentListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const { state } = query.filters;
  const rows = await read.all<Stored>(
    sql`SELECT r.id, ${sql.identifier(query.sort === 'due' ? 'r.due_on' : 'r.id')} AS sort_value, r.number, r.state,
        s.name AS store_name, r.customer_id, c.name, c.name_cipher, c.phone_masked, r.business_date, r.due_on, r.devices,
        r.settled, r.still_out, r.amount_fen, r.open_fen, r.note, r.created_by_name
      FROM consignment_out r JOIN store s ON s.id = r.store_id JOIN customer c ON c.id = r.customer_id
      WHERE ${conditions(filter)} AND ${state ? sql`r.state = ${state}` : sql`1 = 1`} AND ${where} ${orderBy} ${limit}`,
  );
  return rows.map((row) => {
    const { name: customerName, ...rest } = openName(keys, row);
    return { ...rest, customerName };
  });
}

/** How many there are of each state; the filter of states itself left out. */
export async function consignmentCounts(
  read: Reader,
  filter: ConsignmentFilter,
): Promise<Map<ConsignmentState, number>> {
  const rows = await read.all<{ state: ConsignmentState; n: number }>(
    sql`SELECT r.state, COUNT(*) AS n FROM consignment_out r WHERE ${conditions(filter)} GROUP BY r.state`,
  );
  return new Map(rows.map(({ state, n }) => [state, Number(n)]));
}

export interface OpenConsignments {
  consignments: number;
  devices: number;
  amountFen: number;
  /** The earliest day on which one of them should have been settled or back. */
  since: string | null;
}

/** What should have been settled or back before `today`, in the reader's stores or this one of them. */
export async function lateConsignments(
  read: Reader,
  actor: Actor,
  storeId: number | null,
  today: string,
): Promise<OpenConsignments> {
  const row = await read.one<{ [K in keyof OpenConsignments]: OpenConsignments[K] | null }>(
    sql`SELECT COUNT(*) AS consignments, SUM(r.still_out) AS devices, SUM(r.open_fen) AS amount_fen, MIN(r.due_on) AS since
      FROM consignment_out r
      WHERE r.state = 'out' AND r.due_on < ${today} AND ${inScope('r.store_id', actor.scope(VIEW_CONSIGNMENTS))}
        AND ${storeId === null ? sql`1 = 1` : sql`r.store_id = ${storeId}`}`,
  );
  return {
    consignments: Number(row?.consignments ?? 0),
    devices: Number(row?.devices ?? 0),
    amountFen: Number(row?.amountFen ?? 0),
    since: row?.since ?? null,
  };
}

/** For the search box; newest first. */
export const consignmentsByNumber = (
  read: Reader,
  actor: Actor,
  code: string,
): Promise<Pick<ConsignmentListRow, 'id' | 'number' | 'state' | 'stillOut' | 'devices' | 'dueOn'>[]> =>
  read.all(
    sql`SELECT r.id, r.number, r.state, r.still_out, r.devices, r.due_on FROM consignment_out r
      WHERE ${sql.startsWith('r.number', code)} AND ${inScope('r.store_id', actor.scope(VIEW_CONSIGNMENTS))}
      ORDER BY r.id DESC ${sql.limit(8)}`,
  );
