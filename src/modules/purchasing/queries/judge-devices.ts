import type { BusinessDate } from '../../../kernel';
import { device } from '../../../ledger';
import { chunked, type Reader, sql } from '../../../platform/database';
import { inScope, type StoreScope } from '../../../platform/permissions';
import { type Cut, judge, type LifeStep, type Verdict } from '../domain/protection-coverage';
import type { ProtectionLineRow, ProtectionRow } from '../store/protection.table';
import { deviceLives } from './device-lives';

export type Claim = Pick<ProtectionRow, 'id' | 'supplierId' | 'effectiveAt' | 'effectiveOn' | 'windowDays'>;

export const cutOf = (claim: Claim, lines: readonly Pick<ProtectionLineRow, 'skuId'>[]): Cut => ({
  ...claim,
  effectiveOn: claim.effectiveOn as BusinessDate,
  skuIds: new Set(lines.map(({ skuId }) => skuId)),
});

/** The verdict on each device of a claim, in a handful of set queries whatever their number. */
export async function judgeDevices(
  read: Reader,
  claim: Claim,
  lines: readonly Pick<ProtectionLineRow, 'skuId'>[],
  deviceIds: readonly number[],
): Promise<Map<number, Verdict & { life: readonly LifeStep[] }>> {
  const cut = cutOf(claim, lines);
  const lives = await deviceLives(read, deviceIds);
  const claimed = await claimedElsewhere(read, claim, deviceIds);
  const verdicts = new Map<number, Verdict & { life: readonly LifeStep[] }>();
  for (const chunk of chunked([...new Set(deviceIds)]))
    for (const { id, skuId, supplierId, state } of await read.rows(
      device,
      sql`SELECT * FROM device WHERE id IN (${sql.list(chunk)})`,
    )) {
      const life = lives.get(id) ?? [];
      verdicts.set(id, { ...judge({ skuId, supplierId, state, life, claimed: claimed.has(id) }, cut), life });
    }
  return verdicts;
}

/**
 * Devices that another claim of the supplier makes good for a cut of the same day: an agreed one, or of those that wait the
 * one that was begun first.
 */
async function claimedElsewhere(read: Reader, claim: Claim, deviceIds: readonly number[]): Promise<Set<number>> {
  const found = new Set<number>();
  for (const chunk of chunked([...new Set(deviceIds)])) {
    const rows = await read.all<{ deviceId: number }>(
      sql`SELECT d.device_id FROM price_protection_device d JOIN price_protection o ON o.id = d.claim_id
        WHERE d.device_id IN (${sql.list(chunk)}) AND d.coverage <> 'none' AND o.id <> ${claim.id}
          AND o.supplier_id = ${claim.supplierId} AND o.effective_on = ${claim.effectiveOn}
          AND ((o.state IN ('agreed', 'credited') AND d.agreed_fen > 0)
            OR (o.state IN ('draft', 'submitted') AND o.id < ${claim.id}))`,
    );
    for (const { deviceId } of rows) found.add(deviceId);
  }
  return found;
}

/**
 * Devices of these products that stood in the reader's stores at the effective hour, or had been sold within the window before
 * it; at most `most` and one more.
 */
export async function devicesAt(
  read: Reader,
  claim: Claim,
  skuIds: readonly number[],
  windowFrom: string | null,
  scope: StoreScope,
  most: number,
): Promise<number[]> {
  const { effectiveAt, effectiveOn } = claim;
  const ids: number[] = [];
  for (const chunk of chunked(skuIds)) {
    const sold =
      windowFrom === null
        ? sql`1 = 0`
        : sql`(e.to_state = 'sold' AND EXISTS (SELECT s.id FROM device_event s
            WHERE s.device_id = e.device_id AND s.seq <= e.seq AND s.event = 'sold' AND s.business_date >= ${windowFrom}))`;
    const rows = await read.all<{ deviceId: number }>(
      sql`SELECT e.device_id FROM device d JOIN device_event e ON e.device_id = d.id
        WHERE d.sku_id IN (${sql.list(chunk)}) AND d.state <> 'void' AND d.state <> 'returned_to_supplier'
          AND (e.at <= ${effectiveAt} OR e.business_date < ${effectiveOn})
          AND NOT EXISTS (SELECT n.id FROM device_event n WHERE n.device_id = e.device_id AND n.seq = e.seq + 1
            AND (n.at <= ${effectiveAt} OR n.business_date < ${effectiveOn}))
          AND ((e.to_bucket IS NOT NULL AND e.to_ownership = 'own') OR ${sold})
          AND ${inScope('e.to_store_id', scope)}
        ORDER BY e.device_id ${sql.limit(most + 1)}`,
    );
    ids.push(...rows.map(({ deviceId }) => deviceId));
  }
  return ids;
}
