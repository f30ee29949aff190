import { invalid } from '../../../kernel';
import { chunked, decodeRow, duplicateKey, type Reader, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import { batch, type BatchRow } from '../store/batch.table';

export interface WantedBatch {
  skuId: number;
  code: string;
  /** Null: not said; what is known of the batch stays. */
  expiresOn: string | null;
  receivedOn: string;
}

export const batchKeyText = ({ skuId, code }: Pick<WantedBatch, 'skuId' | 'code'>): string => `${skuId}/${code}`;

/**
 * The ids of batches by `batchKeyText`; those not known yet are made. A batch has one expiry date: another one is refused
 * with inventory:error.batch_expiry at `batch.<skuId>/<code>`.
 */
export async function ensureBatches(unit: Unit, wanted: readonly WantedBatch[]): Promise<Map<string, number>> {
  const distinct = distinctBatches(wanted);
  const known = await readBatches(unit, distinct);
  for (const one of distinct) {
    const row = known.get(batchKeyText(one));
    if (!row || one.expiresOn === null) continue;
    if (row.expiresOn !== null && row.expiresOn !== one.expiresOn) throw otherExpiry(one, row.expiresOn);
    if (row.expiresOn === null) await unit.update(batch, row.id, { expiresOn: one.expiresOn }, row.version);
  }
  const fresh = distinct.filter((one) => !known.has(batchKeyText(one)));
  for (const [key, row] of await insertBatches(unit, fresh)) known.set(key, row);
  return new Map([...known].map(([key, { id }]) => [key, id]));
}

/** Two lines of one document may bring the same batch; they must agree on its expiry. */
function distinctBatches(wanted: readonly WantedBatch[]): WantedBatch[] {
  const distinct = new Map<string, WantedBatch>();
  for (const one of wanted) {
    const key = batchKeyText(one);
    const earlier = distinct.get(key);
    if (earlier?.expiresOn && one.expiresOn && earlier.expiresOn !== one.expiresOn)
      throw otherExpiry(one, earlier.expiresOn);
    distinct.set(key, { ...one, expiresOn: earlier?.expiresOn ?? one.expiresOn });
  }
  return [...distinct.values()];
}

function otherExpiry(one: WantedBatch, known: string) {
  const details = { code: one.code, known, expiresOn: one.expiresOn };
  const path = `batch.${batchKeyText(one)}`;
  return invalid('inventory:error.batch_expiry', details, [{ path, code: 'inventory:error.batch_expiry', details }]);
}

async function readBatches(read: Reader, wanted: readonly WantedBatch[]): Promise<Map<string, BatchRow>> {
  const known = new Map<string, BatchRow>();
  for (const chunk of chunked(wanted, 200)) {
    const each = chunk.map(({ skuId, code }) => sql`(sku_id = ${skuId} AND code = ${code})`);
    const rows = await read.all<Record<string, unknown>>(
      sql`SELECT * FROM batch WHERE ${sql.join(each, ' OR ')} ORDER BY id`,
    );
    for (const raw of rows) {
      const row = decodeRow(batch, raw);
      known.set(batchKeyText(row), row);
    }
  }
  return known;
}

async function insertBatches(unit: Unit, fresh: readonly WantedBatch[]): Promise<Map<string, BatchRow>> {
  if (fresh.length === 0) return new Map();
  const firstId = unit.takeIds(batch, fresh.length);
  const rows = fresh.map((one, index): BatchRow => ({ ...one, id: firstId + index, createdAt: unit.now, version: 1 }));
  try {
    await unit.insert(batch, rows);
    return new Map(rows.map((row) => [batchKeyText(row), row]));
  } catch (error) {
    if (!duplicateKey(error)) throw error;
    // Another document brought one of them a moment ago.
    const found = await readBatches(unit, fresh);
    const missing = fresh.filter((one) => !found.has(batchKeyText(one)));
    if (missing.length === fresh.length) throw error;
    return new Map([...found, ...(await insertBatches(unit, missing))]);
  }
}
