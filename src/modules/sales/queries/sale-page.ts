import { notFound } from '../../../kernel';
import { shownNumbers } from '../../../ledger';
import type { KeyRing } from '../../../platform/crypto';
import { type Reader, sql } from '../../../platform/database';
import { type Actor, can, COST_PERMISSION, inScope } from '../../../platform/permissions';
import { type SkuCard, skusByIds } from '../../catalog';
import { type CustomerCard, customersByIds } from '../../crm';
import { listPriceLists } from '../../pricing';
import { getStore, listChannels, staffByIds, type StoreRow } from '../../organization';
import { PRICE_VIEW, RETURN_ELSEWHERE } from '../domain/sale';
import { register, shift } from '../store/register.table';
import {
  sale,
  saleApproval,
  type SaleApprovalRow,
  saleLine,
  type SaleLineRow,
  type SaleRow,
  saleTender,
  type SaleTenderRow,
} from '../store/sale.table';
import { settlementOfPartner } from '../store/settlement.table';

export type SaleLineView = Omit<SaleLineRow, 'costFen'> & {
  sku: SkuCard | undefined;
  number: string | null;
  /** The price list by name; null: the price is from elsewhere. Who may not see price lists is not told where it is from. */
  priceListName: string | null;
  costFen?: number;
};

export interface RelatedSale {
  id: number;
  saleNumber: string;
  kind: SaleRow['kind'];
  state: SaleRow['state'];
  soldAt: number;
  cashierName: string;
  grossFen: number;
}

export interface SaleView {
  sale: Omit<SaleRow, 'costFen'> & { costFen?: number };
  store: StoreRow;
  registerName: string | null;
  shift: { id: number; shiftNumber: string; open: boolean } | null;
  salespersonName: string | null;
  /** Null: the store's own sale. */
  channelName: string | null;
  customer: CustomerCard | null;
  lines: SaleLineView[];
  tenders: SaleTenderRow[];
  approvals: SaleApprovalRow[];
  /** Of a sale by a partner (代销结算单). */
  settlement: { id: number; number: string } | null;
  original: RelatedSale | null;
  returns: RelatedSale[];
}

/** Everything about a sale; without the cost right there is no cost in the answer. 404 outside the reader's stores. */
export async function saleView(read: Reader, actor: Actor, keys: KeyRing, id: number): Promise<SaleView> {
  const row = await read.get(sale, id);
  if (!row || !can(actor, 'sales.sale.view', row.storeId)) throw notFound('sales.sale', id);
  return viewOf(read, actor, keys, row);
}

/** A sale of which goods may be taken back: of the reader's stores, or of any with the right to returns of other stores. */
export async function saleToReturn(read: Reader, actor: Actor, keys: KeyRing, id: number): Promise<SaleView> {
  const row = await read.get(sale, id);
  if (!row || !(can(actor, 'sales.sale.return', row.storeId) || can(actor, RETURN_ELSEWHERE)))
    throw notFound('sales.sale', id);
  return viewOf(read, actor, keys, row);
}

async function viewOf(read: Reader, actor: Actor, keys: KeyRing, row: SaleRow): Promise<SaleView> {
  const { id } = row;
  const withCost = can(actor, COST_PERMISSION, row.storeId);
  const lines = await read.find(saleLine, { saleId: id });
  const skus = await skusByIds(
    read,
    lines.map((line) => line.skuId),
  );
  const numbers = await shownNumbers(
    read,
    lines.flatMap((line) => line.deviceId ?? []),
  );
  const withSource = can(actor, PRICE_VIEW);
  const lists = withSource ? await listPriceLists(read) : [];
  const { costFen, ...rest } = row;
  const shiftRow = row.shiftId === null ? undefined : await read.get(shift, row.shiftId);
  return {
    sale: withCost ? { ...rest, costFen } : rest,
    store: await getStore(read, row.storeId),
    registerName: row.registerId === null ? null : ((await read.get(register, row.registerId))?.name ?? null),
    shift: shiftRow ? { id: shiftRow.id, shiftNumber: shiftRow.shiftNumber, open: shiftRow.state === 'open' } : null,
    salespersonName:
      row.salespersonId === null
        ? null
        : ((await staffByIds(read, [row.salespersonId])).get(row.salespersonId)?.name ?? null),
    channelName: (await listChannels(read)).find(({ id: channelId }) => channelId === row.channelId)?.name ?? null,
    customer:
      row.customerId === null
        ? null
        : ((await customersByIds(read, keys, [row.customerId])).get(row.customerId) ?? null),
    lines: lines
      .sort((a, b) => a.lineNo - b.lineNo)
      .map(({ costFen: lineCostFen, ...line }) => ({
        ...line,
        sku: skus.get(line.skuId),
        ...(withSource ? {} : { priceFrom: null, priceListId: null }),
        priceListName: lists.find((list) => list.id === line.priceListId)?.name ?? null,
        number: line.deviceId === null ? null : (numbers.get(line.deviceId) ?? null),
        ...(withCost ? { costFen: lineCostFen } : {}),
      })),
    tenders: (await read.find(saleTender, { saleId: id })).sort((a, b) => a.lineNo - b.lineNo),
    approvals: await read.find(saleApproval, { saleId: id }),
    settlement: (await read.find(settlementOfPartner, { saleId: id }))[0] ?? null,
    original: row.originalSaleId === null ? null : ((await related(read, 'id', row.originalSaleId))[0] ?? null),
    returns: row.kind === 'sale' ? await related(read, 'original_sale_id', id) : [],
  };
}

function related(read: Reader, column: 'id' | 'original_sale_id', id: number): Promise<RelatedSale[]> {
  return read.all<RelatedSale>(
    sql`SELECT id, sale_number, kind, state, sold_at, cashier_name, gross_fen FROM sale
      WHERE ${sql.identifier(column)} = ${id} ORDER BY id`,
  );
}

/** The newest sale of a number, or of a device by one of its numbers, for returns at the till. */
export async function findSale(read: Reader, actor: Actor, text: string): Promise<number | null> {
  const elsewhere = can(actor, RETURN_ELSEWHERE);
  const scope = inScope('s.store_id', elsewhere ? 'all' : actor.scope('sales.sale.return'));
  const typed = text.trim().toUpperCase().replace(/\s/g, '');
  if (typed === '') return null;
  const row = await read.one<{ id: number }>(
    sql`SELECT s.id FROM sale s WHERE s.sale_number = ${typed} AND ${scope} ORDER BY s.id DESC ${sql.limit(1)}`,
  );
  if (row) return row.id;
  const device = await read.one<{ id: number }>(
    sql`SELECT s.id FROM device_identifier i JOIN sale_line l ON l.device_id = i.device_id JOIN sale s ON s.id = l.sale_id
      WHERE i.value = ${typed} AND s.kind = 'sale' AND s.state = 'posted' AND ${scope} ORDER BY s.sold_at DESC, s.id DESC ${sql.limit(1)}`,
  );
  return device?.id ?? null;
}
