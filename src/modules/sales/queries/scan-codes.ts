import { type BusinessDate, businessDate, daysBetween, normaliseCode, parseScanLine } from '../../../kernel';
import { type DeviceOnBooks } from '../../../ledger';
import { chunked, type Reader, sql } from '../../../platform/database';
import { searchSkus, type SkuCard, skusByCodes, skusByIds } from '../../catalog';
import { activeFloorRules, floorTermsOf, type Price, priceBasket, pricesOf } from '../../pricing';
import { withAgreedCosts } from '../../inventory';
import { isSellableIn, notExpired, whereItIs } from '../store/sellable-stock';

/** A line that may be put on a draft. No cost in it: cashiers' browsers get it. */
export interface ScannedLine {
  skuId: number;
  deviceId: number | null;
  /** The number that was scanned. */
  imei: string | null;
  code: string;
  name: string;
  tracking: SkuCard['tracking'];
  priceFen: number;
  floorFen: number | null;
  /** There is a floor that tells the cost, which this person may not see. */
  floorHidden: boolean;
  /** The list that the price is from, and what other lists ask; empty name: the piece's own price. */
  priceList: string;
  otherPrices: { name: string; priceFen: number }[];
  taxRateBp: number;
  /** Days in stock; null for goods that are not devices. */
  ageDays: number | null;
  /** Pieces for sale in the store; null for devices and services. */
  available: number | null;
}

export type ScanAnswer =
  | { kind: 'line'; line: ScannedLine }
  | { kind: 'matches'; matches: ScannedLine[] }
  | { kind: 'problem'; code: string; details: Record<string, unknown>; deviceId?: number };

export interface ScanPlace {
  storeId: number;
  today: BusinessDate;
  /** Prices that hold at this instant. */
  now: number;
  /** Null: the store's own sale. */
  channelId: number | null;
  /** Of the customer. */
  levelId: number | null;
  /** Whether floors that tell the cost may be told. */
  seesCost: boolean;
}

type DeviceFound = Pick<
  DeviceOnBooks,
  | 'id'
  | 'skuId'
  | 'state'
  | 'bucket'
  | 'storeId'
  | 'ownership'
  | 'priceFen'
  | 'costFen'
  | 'stockedOn'
  | 'grade'
  | 'batteryHealth'
> & {
  numberValue: string;
};

/** What codes from a scanner or the keyboard mean in a store: devices by number, SKUs by code or barcode, else by name. */
export async function scanCodes(read: Reader, place: ScanPlace, codes: readonly string[]): Promise<ScanAnswer[]> {
  const numbers = codes.map((code) => numbersIn(code));
  const devices = await devicesByNumber(read, numbers.flat());
  const rest = codes.filter((_code, index) => !numbers[index]?.some((number) => devices.has(number)));
  const byCode = rest.length > 0 ? await skusByCodes(read, rest) : new Map<string, SkuCard>();
  const deviceSkus = await skusByIds(
    read,
    [...devices.values()].map((row) => row.skuId),
  );
  const named = new Map<string, SkuCard[]>();
  for (const code of rest)
    if (!byCode.has(code) && !/^\d{8,}$/.test(code)) named.set(code, await searchSkus(read, code, 8));
  const cards = [...deviceSkus.values(), ...byCode.values(), ...[...named.values()].flat()];
  const lineOf = await lineMaker(read, place, cards);

  return Promise.all(
    codes.map(async (code, index): Promise<ScanAnswer> => {
      const row = numbers[index]?.map((number) => devices.get(number)).find(Boolean);
      if (row) return deviceAnswer(read, place, row, deviceSkus.get(row.skuId), lineOf);
      const card = byCode.get(code);
      if (card) return cardAnswer(card, lineOf);
      const matches = (named.get(code) ?? []).map((match) => lineOf(match)).filter((line) => line !== null);
      if (matches.length === 1 && matches[0]) return serialNeedsScan(matches[0]);
      if (matches.length > 1) return { kind: 'matches', matches };
      return { kind: 'problem', code: 'sales:error.not_found', details: { text: code.slice(0, 40) } };
    }),
  );
}

/**
 * The same lines again for another channel or customer, in their order; null for one that has no price there. The device of a
 * line is looked at for its own price alone.
 */
export async function priceAgain(
  read: Reader,
  place: ScanPlace,
  lines: readonly { skuId: number; deviceId: number | null }[],
): Promise<(ScannedLine | null)[]> {
  const cards = await skusByIds(
    read,
    lines.map(({ skuId }) => skuId),
  );
  const devices = new Map<number, DeviceFound>();
  for (const chunk of chunked(lines.flatMap(({ deviceId }) => deviceId ?? [])))
    for (const row of await withAgreedCosts(
      read,
      await read.all<DeviceFound>(
        sql`SELECT d.id, d.sku_id, d.state, d.bucket, d.store_id, d.ownership, d.price_fen, d.cost_fen, d.stocked_on,
          d.grade, d.battery_health
        FROM device d WHERE d.id IN (${sql.list(chunk)}) AND d.store_id = ${place.storeId}`,
      ),
    ))
      devices.set(row.id, row);
  const lineOf = await lineMaker(read, place, [...cards.values()]);
  return lines.map(({ skuId, deviceId }) => {
    const card = cards.get(skuId);
    return card ? lineOf(card, deviceId === null ? undefined : devices.get(deviceId)) : null;
  });
}

/** Suggestions while somebody types a name, its pinyin or initials. */
export async function suggestProducts(read: Reader, place: ScanPlace, text: string): Promise<ScannedLine[]> {
  const cards = await searchSkus(read, text, 8);
  const lineOf = await lineMaker(read, place, cards);
  return cards.map((card) => lineOf(card)).filter((line) => line !== null);
}

/** Numbers that the text may be: its parts, and the whole of it as a serial number. */
function numbersIn(code: string): string[] {
  const parsed = parseScanLine(code).identifiers.map((identifier) => identifier.value);
  return [...new Set([...parsed, normaliseCode(code).replace(/\s/g, '')])].filter(
    (value) => value.length >= 3 && value.length <= 40,
  );
}

async function devicesByNumber(read: Reader, numbers: readonly string[]): Promise<Map<string, DeviceFound>> {
  const found = new Map<string, DeviceFound>();
  for (const chunk of chunked([...new Set(numbers)])) {
    const rows = await read.all<DeviceFound>(
      sql`SELECT i.value AS number_value, d.id, d.sku_id, d.state, d.bucket, d.store_id, d.ownership, d.price_fen, d.cost_fen,
          d.stocked_on, d.grade, d.battery_health
        FROM device_identifier i JOIN device d ON d.id = i.device_id WHERE i.active_key IN (${sql.list(chunk)})`,
    );
    for (const row of await withAgreedCosts(read, rows)) found.set(row.numberValue, row);
  }
  return found;
}

type LineOf = (card: SkuCard, row?: DeviceFound) => ScannedLine | null;

/** Prices and stock of all cards in two statements; a card without a price gives no line. */
async function lineMaker(read: Reader, place: ScanPlace, cards: readonly SkuCard[]): Promise<LineOf> {
  const ids = [...new Set(cards.map((card) => card.id))];
  const { storeId, channelId, levelId, now: at, today: on } = place;
  const prices =
    ids.length > 0 ? await pricesOf(read, ids, { storeId, channelId, levelId, at, on }) : new Map<number, Price>();
  const withoutFloor = new Map(
    cards.filter(({ id }) => (prices.get(id)?.floorFen ?? null) === null).map((card) => [card.id, card]),
  );
  const rules = withoutFloor.size > 0 ? await activeFloorRules(read) : [];
  const floors = await floorTermsOf(read, rules, withoutFloor, channelId);
  const stocked = cards.filter((card) => card.tracking === 'plain' || card.tracking === 'batch').map((card) => card.id);
  const available = await availableIn(read, place, stocked);
  return (card, row) => {
    const price = prices.get(card.id);
    const unitPriceFen = row?.priceFen ?? null;
    if (unitPriceFen === null && !price) return null;
    const [priced] = priceBasket(
      [{ key: 'one', skuId: card.id, quantity: 1, unitPriceFen, unitCostFen: row?.costFen }],
      prices,
      null,
      floors,
    ).lines;
    if (!priced) return null;
    const hidden = priced.floorFromCost && !place.seesCost;
    return {
      skuId: card.id,
      deviceId: row?.id ?? null,
      imei: row?.numberValue ?? null,
      code: card.code,
      name: nameOf(card, row),
      tracking: card.tracking,
      priceFen: priced.unitPriceFen,
      floorFen: hidden ? null : priced.floorFen,
      floorHidden: hidden,
      priceList: unitPriceFen === null ? (price?.list.name ?? '') : '',
      otherPrices: unitPriceFen === null ? (price?.passed ?? []) : [],
      taxRateBp: card.taxRateBp,
      ageDays: row?.stockedOn ? daysBetween(businessDate(row.stockedOn), place.today) : null,
      available: stocked.includes(card.id) ? (available.get(card.id) ?? 0) : null,
    };
  };
}

/** A used device says its grade and battery beside its name. */
const nameOf = ({ name }: SkuCard, row: DeviceFound | undefined): string =>
  [name, row?.grade, row?.batteryHealth ? `${row.batteryHealth}%` : null].filter(Boolean).join(' · ');

async function availableIn(
  read: Reader,
  { storeId, today }: ScanPlace,
  skuIds: readonly number[],
): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  for (const chunk of chunked([...new Set(skuIds)])) {
    const rows = await read.all<{ skuId: number; pieces: number }>(
      sql`SELECT b.sku_id, SUM(b.quantity) AS pieces FROM stock_balance b LEFT JOIN batch bt ON bt.id = b.batch_key
        WHERE b.store_id = ${storeId} AND b.bucket = 'sellable' AND b.sku_id IN (${sql.list(chunk)})
          AND ${notExpired(today)} GROUP BY b.sku_id`,
    );
    for (const row of rows) found.set(row.skuId, Number(row.pieces));
  }
  return found;
}

async function deviceAnswer(
  read: Reader,
  place: ScanPlace,
  row: DeviceFound,
  card: SkuCard | undefined,
  lineOf: LineOf,
): Promise<ScanAnswer> {
  if (!isSellableIn(row, place.storeId)) return { kind: 'problem', ...(await whereItIs(read, row)), deviceId: row.id };
  const line = card ? lineOf(card, row) : null;
  return line
    ? { kind: 'line', line }
    : { kind: 'problem', code: 'sales:error.no_price', details: { name: card?.name ?? row.numberValue } };
}

function cardAnswer(card: SkuCard, lineOf: LineOf): ScanAnswer {
  if (!card.active) return { kind: 'problem', code: 'sales:error.sku_unknown', details: { name: card.name } };
  const line = lineOf(card);
  if (!line) return { kind: 'problem', code: 'sales:error.no_price', details: { name: card.name } };
  return serialNeedsScan(line);
}

function serialNeedsScan(line: ScannedLine): ScanAnswer {
  if (line.tracking === 'serial')
    return { kind: 'problem', code: 'sales:error.scan_device', details: { name: line.name } };
  if (line.available === 0)
    return { kind: 'problem', code: 'sales:error.not_enough', details: { name: line.name, available: 0 } };
  return { kind: 'line', line };
}
