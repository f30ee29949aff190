import { DomainError } from '../../../kernel';
import { devicesFor, placeOf } from '../../../ledger';
import { chunked, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import { skusByIds } from '../../catalog';
import { owedDevices } from '../../inventory';
import type { LineToReturn } from '../domain/return-posting';
import { RETURN_DOCUMENT, SALE_DOCUMENT } from '../domain/sale';
import type { SaleLineRow, SaleRow } from '../store/sale.table';

/** A line of the sale with what comes back of it now. */
export type Taken = SaleLineRow & { returning: number; share: Amounts };
export interface Amounts {
  listFen: number;
  discountFen: number;
  amountFen: number;
  netFen: number;
  taxFen: number;
  costFen: number;
}

/** What comes back, as the books see it: locks the devices. */
export async function linesToPost(unit: Unit, original: SaleRow, taken: readonly Taken[]): Promise<LineToReturn[]> {
  const devices = await devicesFor(
    unit,
    taken.flatMap((line) => line.deviceId ?? []),
  );
  const left = await leftCustomer(unit, original, [...devices.keys()]);
  const owed = devices.size > 0 ? await owedDevices(unit, { type: SALE_DOCUMENT, ids: [original.id] }) : NONE_OWED;
  const skus = await skusByIds(
    unit,
    taken.map((line) => line.skuId),
  );
  const batches = await batchesOf(unit, original);
  return taken.map(({ skuId, deviceId, returning, share }) => {
    const row = deviceId === null ? undefined : devices.get(deviceId);
    if (deviceId !== null && (row?.state !== 'sold' || left.has(deviceId)))
      throw new DomainError('sales:error.device_moved_on', { status: 409, details: { number: original.saleNumber } });
    const tracking = skus.get(skuId)?.tracking;
    return {
      skuId,
      quantity: returning,
      netFen: share.netFen,
      taxFen: share.taxFen,
      costFen: share.costFen,
      stocked: tracking === 'plain' || tracking === 'batch',
      batches: backToBatches(batches.get(skuId) ?? [], returning),
      ...(row ? { device: { id: row.id, place: placeOf(row), costFen: row.costFen, owed: owed.get(row.id) } } : {}),
    };
  });
}

const NONE_OWED: Awaited<ReturnType<typeof owedDevices>> = new Map();

/** Devices that came out of the customer's hands since this sale (bought back, then sold again): another sale's by now. */
async function leftCustomer(unit: Unit, original: SaleRow, deviceIds: readonly number[]): Promise<Set<number>> {
  const left = new Set<number>();
  for (const chunk of chunked(deviceIds)) {
    const rows = await unit.all<{ deviceId: number }>(
      sql`SELECT n.device_id FROM posting p JOIN device_event e ON e.posting_id = p.id
        JOIN device_event n ON n.device_id = e.device_id AND n.seq > e.seq JOIN posting q ON q.id = n.posting_id
        WHERE p.document_type = ${SALE_DOCUMENT} AND p.document_id = ${original.id} AND p.kind = 'post'
          AND e.device_id IN (${sql.list(chunk)}) AND n.from_state = 'sold' AND n.to_state <> 'sold' AND q.kind = 'post'
          AND NOT EXISTS (SELECT r.id FROM posting r WHERE r.reverses_id = q.id)`,
    );
    for (const { deviceId } of rows) left.add(deviceId);
  }
  return left;
}

/**
 * What each SKU of the sale took from which batch and did not bring back yet, the youngest batch first. Taking pieces back
 * lowers it, so that two lines of one SKU do not both fill the same batch.
 */
async function batchesOf(unit: Unit, original: SaleRow): Promise<Map<number, BatchLeft[]>> {
  const rows = await unit.all<{ skuId: number; batchKey: number; pieces: number }>(
    sql`SELECT e.sku_id, e.batch_key, SUM(e.quantity) AS pieces FROM posting p JOIN stock_entry e ON e.posting_id = p.id
      WHERE e.batch_key <> 0 AND ((p.document_type = ${SALE_DOCUMENT} AND p.document_id = ${original.id})
        OR (p.document_type = ${RETURN_DOCUMENT} AND p.document_id IN (
          SELECT r.id FROM sale r WHERE r.original_sale_id = ${original.id})))
      GROUP BY e.sku_id, e.batch_key ORDER BY e.batch_key DESC`,
  );
  const left = new Map<number, BatchLeft[]>();
  for (const { skuId, batchKey, pieces } of rows)
    if (Number(pieces) < 0)
      left.set(skuId, [...(left.get(skuId) ?? []), { batchId: batchKey, quantity: 0 - Number(pieces) }]);
  return left;
}

interface BatchLeft {
  batchId: number;
  quantity: number;
}

function backToBatches(left: BatchLeft[], quantity: number): LineToReturn['batches'] {
  const parts: { batchId: number | null; quantity: number }[] = [];
  let missing = quantity;
  for (const one of left) {
    const part = Math.min(one.quantity, missing);
    if (part === 0) continue;
    parts.push({ batchId: one.batchId, quantity: part });
    one.quantity -= part;
    missing -= part;
  }
  // Goods without batches, then and now.
  return missing === 0 ? parts : [...parts, { batchId: null, quantity: missing }];
}
