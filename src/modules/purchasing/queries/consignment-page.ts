import { notFound } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import { type Actor, can, COST_PERMISSION } from '../../../platform/permissions';
import { skusByIds } from '../../catalog';
import type { ConsignedState } from '../../inventory';
import { getStore, locationsByIds } from '../../organization';
import { CONSIGNMENT_DOCUMENT } from '../domain/consignment';
import { consignment, type ConsignmentRow } from '../store/consignment.table';
import { supplier } from '../store/supplier.table';
import { VIEW_CONSIGNMENTS } from './consignment-list';

export interface ConsignmentView extends Omit<ConsignmentRow, 'grossFen' | 'taxFen'> {
  supplierName: string;
  storeName: string;
  /** "新街口店 前仓" */
  place: string;
  /** Absent without the right to see cost: what is agreed with a supplier is cost. */
  money?: Pick<ConsignmentRow, 'grossFen' | 'taxFen'>;
}

/** Throws 404 when there is none in the actor's stores. */
export async function consignmentView(read: Reader, actor: Actor, id: number): Promise<ConsignmentView> {
  const row = await read.get(consignment, id);
  if (!row || !can(actor, VIEW_CONSIGNMENTS, row.storeId)) throw notFound(CONSIGNMENT_DOCUMENT, id);
  const { grossFen, taxFen, ...rest } = row;
  const store = await getStore(read, row.storeId);
  const location =
    row.locationId === null ? undefined : (await locationsByIds(read, [row.locationId])).get(row.locationId);
  const party = await read.get(supplier, row.supplierId);
  return {
    ...rest,
    supplierName: party?.name ?? '',
    storeName: store.name,
    place: [store.name, location?.name].filter(Boolean).join(' '),
    ...(can(actor, COST_PERMISSION, row.storeId) ? { money: { grossFen, taxFen } } : {}),
  };
}

export interface ConsignmentDeviceView {
  /** Of `consigned_device`. */
  id: number;
  seq: number;
  deviceId: number | null;
  mainNumber: string;
  skuName: string;
  skuCode: string;
  state: ConsignedState;
  /** The document that sold it, of a settlement; where it went, of a receipt. */
  sourceType: string | null;
  sourceId: number | null;
  sourceNumber: string | null;
  sourceOn: string | null;
  agreedFen: number;
  priceFen: number;
  taxFen: number;
}

/** What the document is about, in its order; prices are for who sees cost. */
export async function consignmentDevices(
  read: Reader,
  { id, kind }: Pick<ConsignmentRow, 'id' | 'kind'>,
): Promise<ConsignmentDeviceView[]> {
  const rows = await read.all<Omit<ConsignmentDeviceView, 'skuName' | 'skuCode'> & { skuId: number }>(
    kind === 'receipt'
      ? sql`SELECT c.id, c.seq, c.device_id, c.main_number, c.sku_id, c.state, c.source_type, c.source_id, c.source_number,
          c.source_on, c.price_fen AS agreed_fen, c.price_fen, c.tax_fen
        FROM consigned_device c WHERE c.receipt_id = ${id} ORDER BY c.seq`
      : sql`SELECT c.id, n.seq, c.device_id, c.main_number, c.sku_id, c.state, c.source_type, c.source_id, c.source_number,
          c.source_on, n.agreed_fen, n.price_fen, n.tax_fen
        FROM consignment_row n JOIN consigned_device c ON c.id = n.consigned_id WHERE n.consignment_id = ${id} ORDER BY n.seq`,
  );
  const cards = await skusByIds(
    read,
    rows.map(({ skuId }) => skuId),
  );
  return rows.map(({ skuId, ...row }) => ({
    ...row,
    agreedFen: Number(row.agreedFen),
    priceFen: Number(row.priceFen),
    taxFen: Number(row.taxFen),
    skuName: cards.get(skuId)?.name ?? '',
    skuCode: cards.get(skuId)?.code ?? '',
  }));
}
