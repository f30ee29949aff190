import { balancesFor, devicesFor, placeOf, type StockKey, stockKeyText } from '../../../ledger';
import { chunked, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import { skusByIds } from '../../catalog';
import type { BilledGoods } from '../domain/invoice-posting';
import type { GoodsLot, InvoicedDevice } from '../domain/invoice-spread';
import { devicesOfLines, returnedUninvoiced, salesOfDevices } from '../queries/line-devices';
import type { ReceivedLineRow } from '../queries/received-lines';

/** What the caller knows of a line of goods before the stock is looked at. */
export type MatchedGoods = Omit<BilledGoods, 'pieces' | 'devices' | 'lots'> & {
  quantity: number;
  received: ReceivedLineRow;
};

/**
 * Where the goods of each line are now, locked: the devices of lines whose cost changes, and the balances in which other
 * goods of the receiving store may lie, the location that they came to first.
 */
export async function billedGoods(
  unit: Unit,
  lines: readonly MatchedGoods[],
  supplierId: number,
  landed: boolean,
): Promise<BilledGoods[]> {
  const cards = await skusByIds(
    unit,
    lines.map(({ skuId }) => skuId),
  );
  const changes = lines.filter(({ netFen, valueFen, quantity }) => quantity > 0 && (landed || netFen !== valueFen));
  const serial = (line: MatchedGoods): boolean => cards.get(line.skuId)?.tracking === 'serial';
  const ids = changes.map(({ received }) => received.receiptLineId);
  const gone = await returnedUninvoiced(unit, ids);
  const devices = await devicesOf(unit, changes.filter(serial), supplierId, gone);
  const lots = await lotsOf(
    unit,
    changes.filter((line) => !serial(line)),
  );
  return lines.map(({ quantity: _quantity, received, ...line }) => {
    const moves = ids.includes(received.receiptLineId);
    const pieces = moves ? received.received - (gone.get(received.receiptLineId) ?? 0) : 0;
    const its = moves ? (devices.get(received.receiptLineId) ?? []) : [];
    return {
      ...line,
      pieces,
      devices: cards.get(line.skuId)?.tracking === 'serial' ? its : null,
      lots: lots.get(lotsKey(received)) ?? [],
    };
  });
}

async function devicesOf(
  unit: Unit,
  lines: readonly MatchedGoods[],
  supplierId: number,
  gone: ReadonlyMap<number, number>,
): Promise<Map<number, InvoicedDevice[]>> {
  const lineIds = lines.map(({ received }) => received.receiptLineId);
  const came = await devicesOfLines(unit, lineIds);
  const ids = [...came.values()].flat().map(({ deviceId }) => deviceId);
  const onBooks = await devicesFor(unit, ids);
  const sold = [...onBooks.values()].filter(({ state }) => state === 'sold').map(({ id }) => id);
  const sales = await salesOfDevices(unit, sold);
  return new Map(
    lineIds.map((lineId) => {
      let back = gone.get(lineId) ?? 0;
      const its = (came.get(lineId) ?? []).flatMap(({ deviceId, last }): InvoicedDevice[] => {
        const device = onBooks.get(deviceId);
        if (!device) return [];
        if (back > 0 && last && device.state === 'returned_to_supplier') {
          back -= 1;
          return [];
        }
        const held = last && device.bucket !== null && device.ownership === 'own' && device.supplierId === supplierId;
        const { skuId, costFen } = device;
        const salePostingId = held ? null : (sales.get(deviceId) ?? null);
        return [{ deviceId, skuId, place: placeOf(device), costFen, held, salePostingId }];
      });
      return [lineId, its];
    }),
  );
}

const lotsKey = ({ storeId, locationId, skuId, batchCode }: ReceivedLineRow): string =>
  `${storeId}/${locationId}/${skuId}/${batchCode}`;

interface LotRow extends Omit<StockKey, 'batchId'> {
  storeId: number;
  batchKey: number;
  batchCode: string | null;
}

/** By `lotsKey`. Lots of the same balance are one object, whichever lines look at it. */
async function lotsOf(unit: Unit, lines: readonly MatchedGoods[]): Promise<Map<string, GoodsLot[]>> {
  const rows: LotRow[] = [];
  for (const chunk of chunked([...new Set(lines.map(({ skuId }) => skuId))]))
    rows.push(
      ...(await unit.all<LotRow>(
        sql`SELECT b.store_id, b.location_id, b.sku_id, b.batch_key, b.bucket, t.code AS batch_code
          FROM stock_balance b LEFT JOIN batch t ON t.id = b.batch_key
          WHERE b.sku_id IN (${sql.list(chunk)}) AND b.by_device = 0 AND b.quantity > 0 AND b.bucket <> 'in_transit'
          ORDER BY b.id`,
      )),
    );
  const stores = new Set(lines.map(({ storeId }) => storeId));
  const near = rows.filter(({ storeId }) => stores.has(storeId));
  const keyOf = ({ locationId, skuId, batchKey, bucket }: LotRow): StockKey => ({
    locationId,
    skuId,
    batchId: batchKey === 0 ? null : batchKey,
    bucket,
  });
  const balances = await balancesFor(unit, near.map(keyOf));
  const lots = near.map((row) => {
    const key = keyOf(row);
    const { quantity, valueFen } = balances.get(stockKeyText(key)) ?? { quantity: 0, valueFen: 0 };
    return { row, lot: { key, storeId: row.storeId, freePieces: quantity, valueFen } satisfies GoodsLot };
  });
  const found = new Map<string, GoodsLot[]>();
  for (const { received } of lines) {
    const its = lots.filter(
      ({ row }) =>
        row.skuId === received.skuId &&
        row.storeId === received.storeId &&
        (row.batchKey === 0 || row.batchCode === received.batchCode),
    );
    its.sort(
      (a, b) => Number(b.row.locationId === received.locationId) - Number(a.row.locationId === received.locationId),
    );
    found.set(
      lotsKey(received),
      its.map(({ lot }) => lot),
    );
  }
  return found;
}
