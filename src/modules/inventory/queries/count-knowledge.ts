import { type DeviceState, findByNumbers } from '../../../ledger';
import { chunked, type Reader, sql } from '../../../platform/database';
import { type SkuCard, skusByCodes } from '../../catalog';
import { locationsByIds, storesByIds } from '../../organization';
import type { CountScan, ScannedDevice, ScannedGoods } from '../domain/check-count-scans';
import type { StocktakeScope } from '../domain/stocktake-scope';
import { scopeCondition } from '../store/stocktake.store';
import { stocktakeGoods, type StocktakeGoodsRow, type StocktakeRow } from '../store/stocktake.table';

/** The devices of the books that these scans name, by number. */
export async function scannedDevices(
  read: Reader,
  { locationId, scope }: StocktakeRow,
  scans: readonly CountScan[],
): Promise<Map<string, ScannedDevice>> {
  const numbers = scans.flatMap(({ identifiers }) => identifiers.map(({ value }) => value));
  const found = (await findByNumbers(read, numbers)).filter(({ active }) => active);
  const ids = [...new Set(found.map(({ deviceId }) => deviceId))];
  const facts = new Map<number, { lastSeq: number; inScope: boolean; skuName: string }>();
  for (const chunk of chunked(ids))
    for (const fact of await read.all<{ id: number; lastSeq: number; inScope: number; skuName: string }>(
      sql`SELECT d.id, d.last_seq, s.name AS sku_name, CASE WHEN ${scopeCondition('d.sku_id', scope)} THEN 1 ELSE 0 END AS in_scope
        FROM device d JOIN sku s ON s.id = d.sku_id WHERE d.id IN (${sql.list(chunk)})`,
    ))
      facts.set(fact.id, { ...fact, inScope: Number(fact.inScope) === 1 });
  const isNumber = (id: number | null): id is number => id !== null;
  const stores = await storesByIds(read, found.map(({ storeId }) => storeId).filter(isNumber));
  const locations = await locationsByIds(read, found.map((one) => one.locationId).filter(isNumber));
  return new Map(
    found.map((one): [string, ScannedDevice] => [
      one.number,
      {
        id: one.deviceId,
        skuId: one.skuId,
        skuName: facts.get(one.deviceId)?.skuName ?? '',
        lastSeq: facts.get(one.deviceId)?.lastSeq ?? 0,
        state: one.state satisfies DeviceState,
        here: one.state === 'in_stock' && one.locationId === locationId,
        inScope: facts.get(one.deviceId)?.inScope ?? false,
        place: [stores.get(one.storeId ?? 0)?.name, locations.get(one.locationId ?? 0)?.name].filter(Boolean).join(' '),
      },
    ]),
  );
}

export type GoodsCard = SkuCard & { inScope: boolean };

/** By text of the scan. What names a device is no product, even where an SN looks like a code. */
export async function goodsCards(
  read: Reader,
  scope: StocktakeScope,
  scans: readonly CountScan[],
  devices: ReadonlyMap<string, ScannedDevice>,
): Promise<Map<string, GoodsCard>> {
  const candidates = scans.filter(
    ({ identifiers, text }) =>
      text.length <= 60 && identifiers.every(({ kind, value }) => kind === 'sn' && !devices.has(value)),
  );
  if (candidates.length === 0) return new Map();
  const found = await skusByCodes(
    read,
    candidates.map(({ text }) => text),
  );
  const inScope = new Set<number>();
  for (const chunk of chunked([...found.values()].map(({ id }) => id)))
    for (const { id } of await read.all<{ id: number }>(
      sql`SELECT s.id FROM sku s WHERE s.id IN (${sql.list(chunk)}) AND ${scopeCondition('s.id', scope)}`,
    ))
      inScope.add(id);
  return new Map([...found].map(([text, card]) => [text, { ...card, inScope: inScope.has(card.id) }]));
}

export async function goodsOf(
  read: Reader,
  stocktakeId: number,
  skuIds: readonly number[],
): Promise<StocktakeGoodsRow[]> {
  const found: StocktakeGoodsRow[] = [];
  for (const chunk of chunked([...new Set(skuIds)]))
    found.push(
      ...(await read.rows(
        stocktakeGoods,
        sql`SELECT * FROM stocktake_goods
          WHERE stocktake_id = ${stocktakeId} AND bucket = 'sellable' AND sku_id IN (${sql.list(chunk)}) ORDER BY id`,
      )),
    );
  return found;
}

export function goodsKnown(
  cards: ReadonlyMap<string, GoodsCard>,
  rows: readonly StocktakeGoodsRow[],
): Map<string, ScannedGoods> {
  const way = (card: GoodsCard, own: readonly StocktakeGoodsRow[]): ScannedGoods['way'] => {
    if (card.tracking === 'serial' || card.tracking === 'service') return card.tracking;
    if (own.length > 1 || (own.length === 0 && card.tracking === 'batch')) return 'choose';
    return card.inScope ? 'count' : 'out_of_scope';
  };
  return new Map(
    [...cards].map(([text, card]) => {
      const own = rows.filter(({ skuId }) => skuId === card.id);
      return [text, { skuId: card.id, name: card.name, way: way(card, own), counted: own[0]?.counted ?? 0 }];
    }),
  );
}

/** What the books have of these goods now. */
export async function bookedPieces(
  read: Reader,
  locationId: number,
  skuId: number,
  batchKey: number,
  bucket: string,
): Promise<number> {
  const row = await read.one<{ quantity: number }>(
    sql`SELECT quantity FROM stock_balance
      WHERE location_id = ${locationId} AND sku_id = ${skuId} AND batch_key = ${batchKey} AND bucket = ${bucket}`,
  );
  return Number(row?.quantity ?? 0);
}
