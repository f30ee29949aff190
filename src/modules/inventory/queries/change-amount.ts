import type { Ownership } from '../../../ledger';
import { type Reader, sql } from '../../../platform/database';
import { changeValue } from '../domain/change-value';
import type { StockChangeRow } from '../store/change.table';
import { averageCosts } from './average-costs';

interface ValuedLine {
  deviceId: number | null;
  skuId: number;
  quantity: number;
  unitCostFen: number | null;
  costFen: number | null;
  ownership: Ownership | null;
  onHand: number | null;
  onHandFen: number | null;
}

/** What the lines are worth as the books stand now, regardless of sign: decides who has to approve. Takes no locks. */
export async function changeAmount(
  read: Reader,
  { id, effect, locationId }: Pick<StockChangeRow, 'id' | 'effect' | 'locationId'>,
): Promise<number> {
  const lines = await read.all<ValuedLine>(
    sql`SELECT l.device_id, l.sku_id, l.quantity, l.unit_cost_fen, d.cost_fen, d.ownership, b.quantity AS on_hand, b.value_fen AS on_hand_fen
      FROM stock_change_line l LEFT JOIN device d ON d.id = l.device_id
      LEFT JOIN stock_balance b ON b.location_id = ${locationId} AND b.sku_id = l.sku_id AND b.batch_key = l.batch_key
        AND b.bucket = l.bucket AND b.by_device = 0 AND l.device_id IS NULL
      WHERE l.change_id = ${id}`,
  );
  const unknown = lines.filter(({ deviceId, onHand }) => deviceId === null && !onHand);
  const averages = await averageCosts(
    read,
    unknown.map(({ skuId }) => skuId),
  );
  return lines.reduce((sum, { deviceId, skuId, quantity, unitCostFen, ...now }) => {
    const books =
      deviceId === null
        ? {
            pieces: quantity,
            balance: { quantity: Number(now.onHand ?? 0), valueFen: Number(now.onHandFen ?? 0) },
            averageFen: averages.get(skuId) ?? 0,
          }
        : { costFen: Number(now.costFen ?? 0), ownership: now.ownership ?? 'own' };
    return sum + Math.abs(changeValue(effect, unitCostFen, books));
  }, 0);
}
