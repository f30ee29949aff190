import { notFound } from '../../../kernel';
import type { KeyRing } from '../../../platform/crypto';
import { type Reader, sql } from '../../../platform/database';
import { type Actor, can, COST_PERMISSION } from '../../../platform/permissions';
import { skusByIds } from '../../catalog';
import { customersByIds } from '../../crm';
import { getStore, locationsByIds } from '../../organization';
import { CONSIGNMENT_DOCUMENT, CONSIGNMENT_RETURN_DOCUMENT } from '../domain/consignment';
import {
  consignment,
  consignmentDevice,
  type ConsignmentDeviceRow,
  consignmentReturn,
  type ConsignmentRow,
} from '../store/consignment.table';
import { VIEW_CONSIGNMENTS } from './consignment-list';

export interface ConsignmentView extends ConsignmentRow {
  /** The partner: "华强北通讯 138****5678". */
  partner: string;
  partnerCode: string;
  storeName: string;
  /** "新街口店 前仓" */
  place: string;
  /** What lies with the partner has cost; only for readers with the cost right. */
  openCostFen?: number;
}

/** Throws 404 when there is none in the actor's stores. */
export async function consignmentView(read: Reader, actor: Actor, keys: KeyRing, id: number): Promise<ConsignmentView> {
  const row = await read.get(consignment, id);
  if (!row || !can(actor, VIEW_CONSIGNMENTS, row.storeId)) throw notFound(CONSIGNMENT_DOCUMENT, id);
  const store = await getStore(read, row.storeId);
  const location = (await locationsByIds(read, [row.locationId])).get(row.locationId);
  const customer = (await customersByIds(read, keys, [row.customerId])).get(row.customerId);
  const seesCost = can(actor, COST_PERMISSION, row.storeId);
  return {
    ...row,
    partner: partnerText(customer),
    partnerCode: customer?.code ?? '',
    storeName: store.name,
    place: `${store.name} ${location?.name ?? ''}`.trim(),
    ...(seesCost ? { openCostFen: await costWithPartner(read, id) } : {}),
  };
}

/** How a partner is named on pages and sheets. */
export const partnerText = (
  customer: { code: string; name: string | null; phoneMasked: string | null } | undefined,
): string => [customer?.name ?? customer?.code, customer?.phoneMasked].filter(Boolean).join(' ');

async function costWithPartner(read: Reader, consignmentId: number): Promise<number> {
  const row = await read.one<{ costFen: number | string | null }>(
    sql`SELECT SUM(d.cost_fen) AS cost_fen FROM consignment_out_device n JOIN device d ON d.id = n.device_id
      WHERE n.out_id = ${consignmentId} AND d.state = 'at_partner' AND n.return_id IS NULL AND n.settlement_id IS NULL`,
  );
  return Number(row?.costFen ?? 0);
}

export interface ConsignmentDeviceView extends ConsignmentDeviceRow {
  skuName: string;
  skuCode: string;
  /** The day on which it came back. */
  returnedOn: string | null;
}

export async function consignmentDevices(read: Reader, consignmentId: number): Promise<ConsignmentDeviceView[]> {
  const rows = await read.find(consignmentDevice, { outId: consignmentId });
  const cards = await skusByIds(
    read,
    rows.map(({ skuId }) => skuId),
  );
  const returns = new Map(
    (await read.find(consignmentReturn, { documentId: consignmentId })).map((one) => [one.id, one]),
  );
  return rows
    .map((row) => ({
      ...row,
      skuName: cards.get(row.skuId)?.name ?? '',
      skuCode: cards.get(row.skuId)?.code ?? '',
      returnedOn: row.returnId === null ? null : (returns.get(row.returnId)?.businessDate ?? null),
    }))
    .sort((a, b) => a.seq - b.seq);
}

export interface ConsignmentEvent {
  who: string;
  what: string;
  at: number;
  detail: Record<string, unknown>;
}

/** Who did what with a document, newest first. */
export async function documentTimeline(read: Reader, type: string, id: number): Promise<ConsignmentEvent[]> {
  const audit = await read.all<{ at: number; actorName: string; action: string; detail: string | null }>(
    sql`SELECT at, actor_name, action, detail FROM audit_log
      WHERE subject_type = ${type} AND subject_id = ${id} ORDER BY id DESC ${sql.limit(50)}`,
  );
  return audit.map(({ at, actorName, action, detail }) => ({
    who: actorName,
    what: action.split('.').at(-1) ?? action,
    at,
    detail: detail === null ? {} : (JSON.parse(detail) as Record<string, unknown>),
  }));
}

/** The consignment of a return: who may not see it learns nothing from its page. Throws 404. */
export async function consignmentOfReturn(read: Reader, returnId: number): Promise<number> {
  const row = await read.get(consignmentReturn, returnId);
  if (!row) throw notFound(CONSIGNMENT_RETURN_DOCUMENT, returnId);
  return row.documentId;
}
