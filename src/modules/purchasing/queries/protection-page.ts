import { notFound } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, authorise, can, COST_PERMISSION } from '../../../platform/permissions';
import { skusByIds } from '../../catalog';
import { getStore } from '../../organization';
import type { Coverage, Uncovered } from '../domain/protection-coverage';
import { claimSettlement, type ClaimSettlementRow } from '../store/claim-settlement.table';
import { getProtection, protectionLinesOf } from '../store/protection.store';
import type { ProtectionLineRow, ProtectionRow } from '../store/protection.table';
import { supplier } from '../store/supplier.table';
import { VIEW_PROTECTIONS } from './protection-list';

type Money = 'claimedFen' | 'agreedFen' | 'taxFen' | 'stockFen' | 'settledFen';
type LineMoney = 'oldPriceFen' | 'newPriceFen' | 'unitFen' | 'agreedUnitFen';

export interface ProtectionLineView extends Pick<
  ProtectionLineRow,
  'id' | 'lineNo' | 'skuId' | 'taxRateBp' | 'version'
> {
  skuCode: string;
  skuName: string;
  covered: number;
  /** Absent without the right to see cost. */
  money?: Pick<ProtectionLineRow, LineMoney> & { claimedFen: number; agreedFen: number };
}

export interface ProtectionView extends Omit<ProtectionRow, Money | 'createdBy'> {
  supplierName: string;
  storeName: string;
  covered: number;
  lines: ProtectionLineView[];
  /** Newest first. */
  settlements: (Omit<ClaimSettlementRow, 'claimFen' | 'amountFen'> & {
    money?: { claimFen: number; amountFen: number };
  })[];
  /** Absent without the right to see cost. */
  money?: Pick<ProtectionRow, Money>;
}

/** A claim as this reader may see it. Throws 404, or 403 outside the reader's stores. */
export async function protectionView(read: Reader, actor: Actor, id: number): Promise<ProtectionView> {
  const { claimedFen, agreedFen, taxFen, stockFen, settledFen, createdBy: _by, ...row } = await getProtection(read, id);
  authorise(actor, VIEW_PROTECTIONS, row.storeId);
  const seesCost = can(actor, COST_PERMISSION, row.storeId);
  const lines = await protectionLinesOf(read, id);
  const cards = await skusByIds(
    read,
    lines.map(({ skuId }) => skuId),
  );
  const sums = await sumsByLine(read, id);
  const settlements = await read.rows(
    claimSettlement,
    sql`SELECT * FROM claim_settlement WHERE claim_type = 'purchasing.protection' AND claim_id = ${id} ORDER BY id DESC`,
  );
  const party = await read.get(supplier, row.supplierId);
  return {
    ...row,
    supplierName: party?.name ?? '',
    storeName: (await getStore(read, row.storeId)).name,
    covered: row.heldCount + row.transitCount + row.soldCount,
    lines: lines.map(({ oldPriceFen, newPriceFen, unitFen, agreedUnitFen, claimId: _claim, ...line }) => {
      const sum = sums.get(line.id) ?? { pieces: 0, claimedFen: 0, agreedFen: 0 };
      const money = { oldPriceFen, newPriceFen, unitFen, agreedUnitFen, ...sum };
      return {
        ...line,
        skuCode: cards.get(line.skuId)?.code ?? '',
        skuName: cards.get(line.skuId)?.name ?? '',
        covered: sum.pieces,
        ...(seesCost ? { money } : {}),
      };
    }),
    settlements: settlements.map(({ claimFen, amountFen, ...one }) => ({
      ...one,
      ...(seesCost ? { money: { claimFen, amountFen } } : {}),
    })),
    ...(seesCost ? { money: { claimedFen, agreedFen, taxFen, stockFen, settledFen } } : {}),
  };
}

async function sumsByLine(
  read: Reader,
  claimId: number,
): Promise<Map<number, { pieces: number; claimedFen: number; agreedFen: number }>> {
  const rows = await read.all<Record<'lineId' | 'pieces' | 'claimedFen' | 'agreedFen', number | null>>(
    sql`SELECT line_id, COUNT(*) AS pieces, SUM(claimed_fen) AS claimed_fen, SUM(agreed_fen) AS agreed_fen
      FROM price_protection_device WHERE claim_id = ${claimId} AND coverage <> 'none' GROUP BY line_id`,
  );
  return new Map(
    rows.map((row) => [
      Number(row.lineId),
      { pieces: Number(row.pieces), claimedFen: Number(row.claimedFen ?? 0), agreedFen: Number(row.agreedFen ?? 0) },
    ]),
  );
}

export const COVERAGES: readonly Coverage[] = ['held', 'in_transit', 'sold', 'none'];

export interface ProtectedDeviceView {
  id: number;
  sortValue: number;
  seq: number;
  mainNumber: string;
  deviceId: number | null;
  lineId: number | null;
  coverage: Coverage;
  reason: Uncovered | null;
  skuCode: string | null;
  skuName: string | null;
  storeName: string | null;
  soldOn: string | null;
  saleType: string | null;
  saleId: number | null;
  saleNumber: string | null;
  /** Where it is now, as a state of a device. */
  stateNow: string | null;
  /** Left to the caller to hide without the right to see cost. */
  claimedFen: number;
  agreedFen: number | null;
  stockFen: number | null;
}

/** Devices of one claim, by coverage where `coverage` is given. */
export const protectedDeviceList = (claimId: number): ListSpec => ({
  path: `/purchasing/protections/${claimId}/devices`,
  id: 'd.id',
  sorts: { seq: { expression: 'd.seq', type: 'number', direction: 'ascending' } },
  filters: ['coverage'],
});

/** One row more than the page, see `keyset`. */
export function protectedDevices(read: Reader, claimId: number, query: ListQuery): Promise<ProtectedDeviceView[]> {
  const { where, orderBy, limit } = keyset(query);
  const coverage = query.filters['coverage'];
  return read.all<ProtectedDeviceView>(
    sql`SELECT d.id, d.seq AS sort_value, d.seq, d.main_number, d.device_id, d.line_id, d.coverage, d.reason, k.code AS sku_code,
        k.name AS sku_name, st.name AS store_name, d.sold_on, d.sale_type, d.sale_id, d.sale_number, v.state AS state_now,
        d.claimed_fen, d.agreed_fen, d.stock_fen
      FROM price_protection_device d LEFT JOIN device v ON v.id = d.device_id LEFT JOIN sku k ON k.id = v.sku_id
        LEFT JOIN store st ON st.id = d.store_id
      WHERE ${sql.all([sql`d.claim_id = ${claimId}`, Boolean(coverage) && sql`d.coverage = ${coverage}`])}
        AND ${where} ${orderBy} ${limit}`,
  );
}

/** Document type and id of the claim that a settlement is of; throws 404. */
export async function claimOfSettlement(read: Reader, id: number): Promise<{ type: string; id: number }> {
  const found = await read.get(claimSettlement, id);
  if (!found) throw notFound('purchasing.claim_settlement', id);
  return { type: found.claimType, id: found.claimId };
}
