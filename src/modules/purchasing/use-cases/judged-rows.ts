import type { Reader } from '../../../platform/database';
import type { Verdict } from '../domain/protection-coverage';
import { judgeDevices } from '../queries/judge-devices';
import { protectionLinesOf } from '../store/protection.store';
import type { ProtectionDeviceRow, ProtectionLineRow, ProtectionRow } from '../store/protection.table';

/** The listed devices judged anew by what the books say now, each with its line and what is claimed for it. */
export async function judgedRows(
  read: Reader,
  claim: ProtectionRow,
  rows: readonly ProtectionDeviceRow[],
): Promise<ProtectionDeviceRow[]> {
  const lines = await protectionLinesOf(read, claim.id);
  const ids = rows.flatMap(({ deviceId }) => deviceId ?? []);
  const verdicts = await judgeDevices(read, claim, lines, ids);
  return rows.map((row) => judgedRow(row, lines, row.deviceId === null ? undefined : verdicts.get(row.deviceId)));
}

function judgedRow(
  row: ProtectionDeviceRow,
  lines: readonly ProtectionLineRow[],
  verdict: Verdict | undefined,
): ProtectionDeviceRow {
  if (!verdict) return { ...row, ...NOTHING, reason: 'unknown', storeId: null };
  const line = lines.find(({ skuId }) => skuId === verdict.skuId);
  if (verdict.coverage === 'none' || !line)
    return { ...row, ...NOTHING, reason: verdict.reason, lineId: line?.id ?? null, storeId: verdict.storeId };
  return {
    ...row,
    coverage: verdict.coverage,
    reason: null,
    lineId: line.id,
    storeId: verdict.storeId,
    soldOn: verdict.sale?.on ?? null,
    saleType: verdict.sale?.type ?? null,
    saleId: verdict.sale?.id ?? null,
    saleNumber: verdict.sale?.number ?? null,
    claimedFen: line.unitFen,
  };
}

const NOTHING = {
  coverage: 'none',
  lineId: null,
  soldOn: null,
  saleType: null,
  saleId: null,
  saleNumber: null,
  claimedFen: 0,
} as const;
