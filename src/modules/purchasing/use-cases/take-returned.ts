import { DomainError, type FieldProblem, invalid } from '../../../kernel';
import { balancesFor, type DeviceOnBooks, devicesFor, stockKeyText, type StockMove } from '../../../ledger';
import { sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import { takeFrom } from '../../inventory';
import { locationsByIds, storesByIds } from '../../organization';
import type { ReturnDeviceRow, ReturnLineRow, ReturnRow } from '../store/return.table';

const MOST_NAMED = 20;

/** The devices as the books have them, locked; refused, each with where it is, when one is not on its shelf any more. */
export async function devicesHere(
  unit: Unit,
  row: ReturnRow,
  scanned: readonly ReturnDeviceRow[],
): Promise<Map<number, DeviceOnBooks>> {
  const onBooks = await devicesFor(
    unit,
    scanned.map(({ deviceId }) => deviceId),
  );
  const gone = scanned.filter(({ deviceId }) => {
    const device = onBooks.get(deviceId);
    return device?.state !== 'in_stock' || device.locationId !== row.locationId || device.ownership !== 'own';
  });
  if (gone.length === 0) return onBooks;
  const named = gone
    .slice(0, MOST_NAMED)
    .map(({ deviceId, mainNumber }) => ({ mainNumber, now: onBooks.get(deviceId) }));
  const present = (values: readonly (number | null | undefined)[]): number[] => values.flatMap((id) => id ?? []);
  const stores = await storesByIds(unit, present(named.map(({ now }) => now?.storeId)));
  const locations = await locationsByIds(unit, present(named.map(({ now }) => now?.locationId)));
  const fields = named.map(({ mainNumber, now }): FieldProblem => ({
    path: `device.${mainNumber}`,
    code: 'purchasing:error.return_device_gone',
    details: {
      number: mainNumber,
      state: now?.state ?? 'void',
      place: [stores.get(now?.storeId ?? 0)?.name, locations.get(now?.locationId ?? 0)?.name].filter(Boolean).join(' '),
    },
  }));
  const details = { count: gone.length, ...fields[0]?.details };
  throw new DomainError('purchasing:error.return_devices_gone', { status: 409, details, fields });
}

export type TakenGoods = StockMove & { lineId: number };

/** Takes the goods of each line from what lies there, what expires first first; locked. Names every line that is short. */
export async function goodsHere(unit: Unit, row: ReturnRow, lines: readonly ReturnLineRow[]): Promise<TakenGoods[]> {
  if (lines.length === 0) {
    await balancesFor(unit, []);
    return [];
  }
  const rows = await unit.all<{
    skuId: number;
    batchKey: number;
    bucket: StockMove['bucket'];
    batchCode: string | null;
  }>(
    sql`SELECT b.sku_id, b.batch_key, b.bucket, t.code AS batch_code
      FROM stock_balance b LEFT JOIN batch t ON t.id = b.batch_key
      WHERE b.location_id = ${row.locationId} AND b.sku_id IN (${sql.list(lines.map(({ skuId }) => skuId))})
        AND b.by_device = 0 AND b.quantity > 0
      ORDER BY COALESCE(t.expires_on, '9999-12-31'), b.batch_key, b.id`,
  );
  const { locationId, storeId } = row;
  const keys = rows.map(({ skuId, batchKey, bucket, batchCode }) => ({
    key: { locationId, skuId, batchId: batchKey === 0 ? null : batchKey, bucket },
    batchCode,
  }));
  const balances = new Map(
    await balancesFor(
      unit,
      keys.map(({ key }) => key),
    ),
  );
  const fields: FieldProblem[] = [];
  const taken = lines.flatMap((line): TakenGoods[] => {
    const lots = keys
      .filter(({ key, batchCode }) => {
        const its = key.skuId === line.skuId && key.bucket === line.bucket;
        return its && (line.batchCode === null || line.batchCode === batchCode);
      })
      .map(({ key }) => ({ key, ...(balances.get(stockKeyText(key)) ?? { quantity: 0, valueFen: 0 }) }));
    const parts = takeFrom(lots, line.quantity);
    if (!parts) {
      const available = lots.reduce((sum, { quantity }) => sum + quantity, 0);
      const details = { line: line.lineNo, available, wanted: line.quantity };
      fields.push({ path: `line.${line.lineNo}.quantity`, code: 'purchasing:error.return_line_short', details });
      return [];
    }
    return parts.map(({ lot, quantity, valueFen }) => {
      // Two lines may take from the same lot.
      const text = stockKeyText(lot.key);
      balances.set(text, { quantity: lot.quantity - quantity, valueFen: lot.valueFen - valueFen });
      return { ...lot.key, storeId, lineId: line.id, quantity: -quantity, valueFen: 0 - valueFen };
    });
  });
  if (fields.length > 0) throw invalid('purchasing:error.return_short', { count: fields.length }, fields);
  return taken;
}
