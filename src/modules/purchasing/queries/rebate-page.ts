import { notFound } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, authorise, can, COST_PERMISSION, inScope } from '../../../platform/permissions';
import { brand, category, product } from '../../catalog';
import { getStore } from '../../organization';
import type { RebateRow } from '../domain/rebate';
import { claimSettlement, type ClaimSettlementRow } from '../store/claim-settlement.table';
import { rebate, type RebateDataRow, rebateRun } from '../store/rebate.table';
import { supplier } from '../store/supplier.table';
import { rebateItems } from './rebate-items';
import { VIEW_REBATES } from './rebate-list';

export interface RebateRunView {
  id: number;
  number: string;
  untilOn: string;
  ranAt: number;
  ranByName: string;
  pieces: number;
  tierNo: number;
  amountFen: number;
  earnedFen: number;
  changeFen: number;
}

export interface RebateView extends RebateDataRow {
  supplierName: string;
  storeName: string;
  /** Names of what counts; empty: everything. */
  scope: string[];
  seesCost: boolean;
  openFen: number;
  openSince: string | null;
  /** Newest first. */
  runs: RebateRunView[];
  settlements: ClaimSettlementRow[];
}

/** A rebate as this reader may see it: amounts are left to `seesCost`. Throws 404, or 403 outside the reader's stores. */
export async function rebateView(read: Reader, actor: Actor, id: number): Promise<RebateView> {
  const row = await read.get(rebate, id);
  if (!row) throw notFound('purchasing.rebate', id);
  authorise(actor, VIEW_REBATES, row.storeId);
  const items = await rebateItems(read, id);
  const named = [
    row.brandId === null ? undefined : (await read.get(brand, row.brandId))?.name,
    row.categoryId === null ? undefined : (await read.get(category, row.categoryId))?.name,
    row.productId === null ? undefined : (await read.get(product, row.productId))?.name,
  ];
  return {
    ...row,
    supplierName: (await read.get(supplier, row.supplierId))?.name ?? '',
    storeName: (await getStore(read, row.storeId)).name,
    scope: named.flatMap((name) => name ?? []),
    seesCost: can(actor, COST_PERMISSION, row.storeId),
    openFen: items.reduce((sum, { openFen }) => sum + openFen, 0),
    openSince: items.at(-1)?.openedOn ?? null,
    runs: await read.rows(rebateRun, sql`SELECT * FROM rebate_run WHERE rebate_id = ${id} ORDER BY id DESC`),
    settlements: await read.rows(
      claimSettlement,
      sql`SELECT * FROM claim_settlement WHERE claim_type = 'purchasing.rebate' AND claim_id = ${id} ORDER BY id DESC`,
    ),
  };
}

export type RebateRowView = RebateRow & {
  id: number;
  sortValue: number;
  seq: number;
  skuCode: string;
  skuName: string;
  storeName: string;
  mainNumber: string | null;
};

/** Rows of one run. */
export const rebateRowList = (rebateId: number): ListSpec => ({
  path: `/purchasing/rebates/${rebateId}/rows`,
  id: 'w.id',
  sorts: { seq: { expression: 'w.seq', type: 'number', direction: 'ascending' } },
  filters: [],
});

/** What the last run counted, of the reader's stores; one row more than the page, see `keyset`. */
export function rebateRowsOf(read: Reader, actor: Actor, runId: number, query: ListQuery): Promise<RebateRowView[]> {
  const { where, orderBy, limit } = keyset(query);
  return read.all<RebateRowView>(
    sql`SELECT w.id, w.seq AS sort_value, w.seq, w.document_type, w.document_id, w.document_number, w.business_date,
        w.store_id, w.sku_id, w.device_id, w.pieces, w.amount_fen, k.code AS sku_code, k.name AS sku_name,
        st.name AS store_name,
        (SELECT MIN(n.value) FROM device_identifier n WHERE n.device_id = w.device_id AND n.position = 1
          AND n.active_key IS NOT NULL) AS main_number
      FROM rebate_row w JOIN sku k ON k.id = w.sku_id JOIN store st ON st.id = w.store_id
      WHERE w.run_id = ${runId} AND ${inScope('w.store_id', actor.scope(VIEW_REBATES))} AND ${where} ${orderBy} ${limit}`,
  );
}

/** The rebate of a run; throws 404. */
export async function rebateOfRun(read: Reader, id: number): Promise<number> {
  const found = await read.get(rebateRun, id);
  if (!found) throw notFound(`purchasing.rebate_run`, id);
  return found.rebateId;
}
