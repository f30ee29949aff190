import { notFound } from '../../../kernel';
import { shownNumbers } from '../../../ledger';
import type { KeyRing } from '../../../platform/crypto';
import { type Reader, sql } from '../../../platform/database';
import { type Actor, can, COST_PERMISSION } from '../../../platform/permissions';
import { customersByIds } from '../../crm';
import { getStore } from '../../organization';
import { SETTLEMENT_DOCUMENT } from '../domain/settlement-posting';
import { sale } from '../store/sale.table';
import { type PartnerSettlementRow, settlementOfPartner } from '../store/settlement.table';
import { partnerText } from './consignment-page';
import { VIEW_SETTLEMENTS } from './settlement-list';

export interface SettlementView extends PartnerSettlementRow {
  partner: string;
  storeName: string;
  netFen: number;
  taxFen: number;
  /** What the partner still owes. */
  openFen: number;
  /** Something of it came back: it can no longer be reversed. */
  returned: boolean;
  /** Only for readers with the cost right. */
  costFen?: number;
}

/** Throws 404 when there is none in the actor's stores. */
export async function settlementView(read: Reader, actor: Actor, keys: KeyRing, id: number): Promise<SettlementView> {
  const row = await read.get(settlementOfPartner, id);
  if (!row || !can(actor, VIEW_SETTLEMENTS, row.storeId)) throw notFound(SETTLEMENT_DOCUMENT, id);
  const sold = await read.get(sale, row.saleId);
  const customer = (await customersByIds(read, keys, [row.customerId])).get(row.customerId);
  const open = await read.one<{ openFen: number | string | null }>(
    sql`SELECT SUM(i.amount_fen - i.settled_fen) AS open_fen FROM posting p JOIN open_item i ON i.posting_id = p.id
      WHERE p.document_type = 'sales.sale' AND p.document_id = ${row.saleId} AND p.kind = 'post' AND i.direction = 'receivable'`,
  );
  const returned = await read.one<{ pieces: number | null }>(
    sql`SELECT SUM(returned_quantity) AS pieces FROM sale_line WHERE sale_id = ${row.saleId}`,
  );
  return {
    ...row,
    partner: partnerText(customer),
    storeName: (await getStore(read, row.storeId)).name,
    netFen: sold?.netFen ?? 0,
    taxFen: sold?.taxFen ?? 0,
    openFen: Number(open?.openFen ?? 0),
    returned: Number(returned?.pieces ?? 0) > 0,
    ...(sold && can(actor, COST_PERMISSION, row.storeId) ? { costFen: sold.costFen } : {}),
  };
}

export interface SettledDevice {
  id: number;
  deviceId: number;
  skuCode: string;
  skuName: string;
  mainNumber: string;
  consignmentId: number | null;
  consignmentNumber: string | null;
  agreedFen: number | null;
  soldFen: number;
  netFen: number;
  returned: number;
  /** Only for readers with the cost right. */
  costFen?: number;
}

/** Lines of the sale, each with the consignment it came from; of a reversed one those are out again. */
export async function settledDevices(
  read: Reader,
  { saleId, storeId }: Pick<PartnerSettlementRow, 'saleId' | 'storeId'>,
  actor: Actor,
): Promise<SettledDevice[]> {
  const cost = can(actor, COST_PERMISSION, storeId) ? sql`, l.cost_fen` : sql.empty;
  const rows = await read.all<Omit<SettledDevice, 'mainNumber'>>(
    sql`SELECT l.id, l.device_id, k.code AS sku_code, k.name AS sku_name, r.id AS consignment_id,
        r.number AS consignment_number, n.price_fen AS agreed_fen, l.amount_fen AS sold_fen, l.net_fen,
        l.returned_quantity AS returned${cost}
      FROM sale_line l JOIN sku k ON k.id = l.sku_id JOIN consignment_sale t ON t.sale_id = l.sale_id
        LEFT JOIN consignment_out_device n ON n.device_id = l.device_id AND n.settlement_id = t.id
        LEFT JOIN consignment_out r ON r.id = n.out_id
      WHERE l.sale_id = ${saleId} ORDER BY l.line_no`,
  );
  const numbers = await shownNumbers(
    read,
    rows.map(({ deviceId }) => deviceId),
  );
  return rows.map((row) => ({ ...row, mainNumber: numbers.get(row.deviceId) ?? '' }));
}
