import { addDays, type BusinessDate } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import { type CycleGoods, type CycleTurn, cycleTurns } from '../domain/cycle-count';
import { scopeCondition } from '../store/stocktake.store';
import { stocktake } from '../store/stocktake.table';
import { type InventoryParameters, readParameters } from './parameters';

/** The days whose sales decide the class. */
const SOLD_DAYS = 90;

export interface CycleRow extends CycleTurn {
  skuCode: string;
  skuName: string;
  quantity: number;
  soldFen: number;
  countedOn: BusinessDate | null;
}

/** What lies at a location with its class and its turn to be counted, the most urgent first. */
export async function cycleCount(
  read: Reader,
  locationId: number,
  today: BusinessDate,
): Promise<{ rows: CycleRow[]; parameters: InventoryParameters }> {
  const parameters = await readParameters(read);
  const onHand = await read.all<{ skuId: number; skuCode: string; skuName: string; quantity: number }>(
    sql`SELECT b.sku_id, s.code AS sku_code, s.name AS sku_name, SUM(b.quantity) AS quantity FROM stock_balance b
      JOIN sku s ON s.id = b.sku_id WHERE b.location_id = ${locationId} AND b.quantity > 0 AND b.bucket <> 'in_transit'
      GROUP BY b.sku_id, s.code, s.name ORDER BY b.sku_id`,
  );
  const sold = await soldAt(read, locationId, addDays(today, -SOLD_DAYS));
  const counted = await countedAt(read, locationId);
  const running = await runningAt(read, locationId);
  const facts = new Map(
    onHand.map((row) => [
      row.skuId,
      {
        ...row,
        quantity: Number(row.quantity),
        soldFen: sold.get(row.skuId) ?? 0,
        countedOn: counted.get(row.skuId) ?? null,
        running: running.has(row.skuId),
      },
    ]),
  );
  const { cycleAPercent, cycleBPercent, cycleADays, cycleBDays, cycleCDays } = parameters;
  const rules = {
    aPercent: cycleAPercent,
    bPercent: cycleBPercent,
    days: { A: cycleADays, B: cycleBDays, C: cycleCDays },
  };
  const turns = cycleTurns([...facts.values()] satisfies CycleGoods[], rules, today);
  const rows = turns.flatMap((turn): CycleRow[] => {
    const own = facts.get(turn.skuId);
    return own ? [{ ...own, ...turn }] : [];
  });
  return { rows, parameters };
}

/** Cost of what was sold there since, returns taken off. */
async function soldAt(read: Reader, locationId: number, since: BusinessDate): Promise<Map<number, number>> {
  const rows = await read.all<{ skuId: number; fen: number }>(
    sql`SELECT e.sku_id, SUM(-e.value_fen) AS fen FROM stock_entry e JOIN posting p ON p.id = e.posting_id
      WHERE e.balance_id IN (SELECT b.id FROM stock_balance b WHERE b.location_id = ${locationId})
        AND e.business_date >= ${since} AND p.document_type IN ('sales.sale', 'sales.return') GROUP BY e.sku_id`,
  );
  return new Map(rows.map(({ skuId, fen }) => [skuId, Number(fen)]));
}

/** The day of the last posted count of each; goods that nobody counted then do not stand in it. */
async function countedAt(read: Reader, locationId: number): Promise<Map<number, BusinessDate>> {
  const rows = await read.all<{ skuId: number; day: BusinessDate }>(
    sql`SELECT c.sku_id, MAX(c.business_date) AS day FROM (
        SELECT d.sku_id, s.business_date FROM stocktake_device d JOIN stocktake s ON s.id = d.stocktake_id
          WHERE s.location_id = ${locationId} AND s.state = 'posted'
        UNION ALL
        SELECT g.sku_id, s.business_date FROM stocktake_goods g JOIN stocktake s ON s.id = g.stocktake_id
          WHERE s.location_id = ${locationId} AND s.state = 'posted' AND g.counted IS NOT NULL) c
      GROUP BY c.sku_id`,
  );
  return new Map(rows.map(({ skuId, day }) => [skuId, day]));
}

/** Products of stocktakes under way: they are not proposed once more. */
async function runningAt(read: Reader, locationId: number): Promise<Set<number>> {
  const open = await read.rows(
    stocktake,
    sql`SELECT * FROM stocktake WHERE location_id = ${locationId}
      AND state IN ('planned', 'counting', 'checking', 'submitted', 'approved') ORDER BY id ${sql.limit(50)}`,
  );
  const found = new Set<number>();
  for (const { scope } of open)
    for (const { id } of await read.all<{ id: number }>(
      sql`SELECT s.id FROM sku s WHERE s.id IN (SELECT b.sku_id FROM stock_balance b
          WHERE b.location_id = ${locationId} AND b.quantity > 0) AND ${scopeCondition('s.id', scope)}`,
    ))
      found.add(id);
  return found;
}
