import { addDays, type BusinessDate, daysBetween } from '../../../kernel';
import { type DeviceState, numberEndsWith } from '../../../ledger';
import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, inScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import type { ConsignedState } from '../../inventory';
import { typedId, VIEW_CONSIGNMENTS } from './consignment-list';

export const CONSIGNED_LIST: ListSpec = {
  path: '/purchasing/consignments/devices',
  id: 'c.id',
  filters: ['q', 'state', 'supplier', 'store', 'days'],
  sorts: { newest: { expression: 'c.id', type: 'number', direction: 'descending' } },
};

/** As this list tells them; drafts and what was received by mistake are not among them. */
export const LISTED_STATES = ['here', 'sold', 'settled', 'returned'] as const satisfies readonly ConsignedState[];
export type ListedState = (typeof LISTED_STATES)[number];

export interface ConsignedListRow {
  id: number;
  sortValue: number;
  deviceId: number;
  mainNumber: string;
  skuName: string;
  skuCode: string;
  supplierName: string;
  storeName: string;
  state: ListedState;
  /** Of the device now: what is here may be missing, demo, on the way. */
  deviceState: DeviceState;
  receiptId: number;
  receiptNumber: string;
  receivedOn: string;
  /** Since it came; of what is here. */
  days: number;
  priceFen: number;
  sourceType: string | null;
  sourceId: number | null;
  sourceNumber: string | null;
  sourceOn: string | null;
}

/** While it is the supplier's it counts where it stands, afterwards in the store that sold it. */
const STORE = sql`(CASE WHEN c.state = 'here' THEN d.store_id ELSE c.store_id END)`;

const FROM = sql`FROM consigned_device c JOIN device d ON d.id = c.device_id JOIN supplier s ON s.id = c.supplier_id
  JOIN sku k ON k.id = c.sku_id JOIN consignment r ON r.id = c.receipt_id
  LEFT JOIN store st ON st.id = ${STORE}`;

function textCondition(term: string): Sql {
  const plain = term.toUpperCase();
  const words = sql`(${sql.contains('s.search_key', term)} OR ${sql.contains('k.search_key', term)} OR ${sql.contains('r.number', plain)})`;
  if (!/^[0-9A-Z]{4,20}$/.test(plain)) return words;
  return sql`(${words} OR c.device_id IN (SELECT i.device_id FROM device_identifier i WHERE ${numberEndsWith('i.tail', plain)}))`;
}

function condition(
  actor: Actor,
  { filters }: ListQuery,
  { storeId, today }: { storeId: number | null; today: BusinessDate },
): Sql {
  const { q, supplier, days } = filters;
  const store = typedId(filters['store']) ?? storeId;
  const scope = actor.scope(VIEW_CONSIGNMENTS);
  const states = sql.list([...LISTED_STATES]);
  return sql.all([
    sql`c.state IN (${states})`,
    scope !== 'all' &&
      sql`((c.state = 'here' AND ${inScope('d.store_id', scope)}) OR (c.state <> 'here' AND ${inScope('c.store_id', scope)}))`,
    store !== null && sql`${STORE} = ${store}`,
    Boolean(supplier) && sql`c.supplier_id = ${typedId(supplier) ?? 0}`,
    typedId(days) !== null &&
      sql`c.state = 'here' AND c.received_on <= ${addDays(today, -Math.min(typedId(days) ?? 0, 3650))}`,
    ...searchTerms(q ?? '').map(textCondition),
  ]);
}

interface Place {
  storeId: number | null;
  today: BusinessDate;
}

/** One row more than the page, see `keyset`. */
export async function consignedRows(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  place: Place,
): Promise<ConsignedListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const { state } = query.filters;
  const rows = await read.all<Omit<ConsignedListRow, 'days'>>(
    sql`SELECT c.id, c.id AS sort_value, c.device_id, c.main_number, k.name AS sku_name, k.code AS sku_code,
        s.name AS supplier_name, st.name AS store_name, c.state, d.state AS device_state, c.receipt_id,
        r.number AS receipt_number, c.received_on, c.price_fen, c.source_type, c.source_id, c.source_number, c.source_on
      ${FROM} WHERE ${condition(actor, query, place)} AND ${state ? sql`c.state = ${state}` : sql`1 = 1`}
        AND ${where} ${orderBy} ${limit}`,
  );
  return rows.map((row) => ({ ...row, days: daysBetween(row.receivedOn as BusinessDate, place.today) }));
}

export interface ConsignedTotal {
  devices: number;
  grossFen: number;
}

/** Devices and their agreed prices by state; the filter of states itself left out. */
export async function consignedTotals(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  place: Place,
): Promise<Map<ListedState, ConsignedTotal>> {
  const rows = await read.all<{ state: ListedState; devices: number; grossFen: number }>(
    sql`SELECT c.state, COUNT(*) AS devices, SUM(c.price_fen) AS gross_fen ${FROM}
      WHERE ${condition(actor, query, place)} GROUP BY c.state`,
  );
  return new Map(
    rows.map(({ state, devices, grossFen }) => [state, { devices: Number(devices), grossFen: Number(grossFen) }]),
  );
}
