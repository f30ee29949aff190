import { addDays, type BusinessDate, startOfDay } from '../../../kernel';
import { type Reader, type Sql, sql } from '../../../platform/database';
import { inScope, type StoreScope } from '../../../platform/permissions';
import { listBrands } from '../../catalog';
import { ageingOf } from './ageing';

/** Which stores' figures, and until when: "today" ends now, and is compared with the same weekday until the same time. */
export interface DashboardFilter {
  scope: StoreScope;
  storeId: number | null;
  today: BusinessDate;
  /** Epoch milliseconds. */
  now: number;
  timeZone: string;
}

export const MARGIN_DAYS = 14;
export const BRAND_DAYS = 7;
const HOUR_MS = 3_600_000;
const QUARTER_MS = HOUR_MS / 4;
const WEEK_MS = 7 * 24 * HOUR_MS;

/** A part of a whole in basis points; 0 of nothing. */
export const rateBp = (part: number, whole: number): number => (whole > 0 ? Math.round((part * 10_000) / whole) : 0);

/** Of the reader's stores, or of the chosen one. */
export const inStores = (column: string, { scope, storeId }: DashboardFilter): Sql =>
  sql`${inScope(column, scope)} AND ${storeId === null ? sql`1 = 1` : sql`${sql.identifier(column)} = ${storeId}`}`;

export interface DaySums {
  grossFen: number;
  netFen: number;
  costFen: number;
  sales: number;
  devices: number;
  /** Sales with a handset, and those of them with something else beside it. */
  withDevice: number;
  withMore: number;
}

/** Figures of one day until an instant; returns count against it. */
export async function daySums(
  read: Reader,
  filter: DashboardFilter,
  date: BusinessDate,
  until: number,
): Promise<DaySums> {
  const where = sql`s.business_date = ${date} AND s.sold_at <= ${until} AND s.state = 'posted' AND ${inStores('s.store_id', filter)}`;
  const sums = await read.one<Record<'grossFen' | 'netFen' | 'costFen' | 'sales', number | null>>(
    sql`SELECT SUM(s.gross_fen) AS gross_fen, SUM(s.net_fen) AS net_fen, SUM(s.cost_fen) AS cost_fen,
      SUM(CASE WHEN s.kind = 'sale' THEN 1 ELSE 0 END) AS sales FROM sale s WHERE ${where}`,
  );
  const lines = await read.one<Record<'devices' | 'withDevice' | 'withMore', number | null>>(
    sql`SELECT SUM(t.devices) AS devices, SUM(CASE WHEN t.devices > 0 THEN 1 ELSE 0 END) AS with_device,
      SUM(CASE WHEN t.devices > 0 AND t.others > 0 THEN 1 ELSE 0 END) AS with_more
      FROM (SELECT l.sale_id, SUM(CASE WHEN l.device_id IS NULL THEN 0 ELSE l.quantity END) AS devices,
          SUM(CASE WHEN l.device_id IS NULL THEN 1 ELSE 0 END) AS others
        FROM sale s JOIN sale_line l ON l.sale_id = s.id WHERE ${where} GROUP BY l.sale_id) t`,
  );
  const number = (value: number | null | undefined): number => Number(value ?? 0);
  return {
    grossFen: number(sums?.grossFen),
    netFen: number(sums?.netFen),
    costFen: number(sums?.costFen),
    sales: number(sums?.sales),
    devices: number(lines?.devices),
    withDevice: number(lines?.withDevice),
    withMore: number(lines?.withMore),
  };
}

export const weekAgo = (filter: DashboardFilter): { date: BusinessDate; until: number } => ({
  date: addDays(filter.today, -7),
  until: filter.now - WEEK_MS,
});

export interface HourRow {
  /** 0–23 where the company is. */
  hour: number;
  todayFen: number;
  weekAgoFen: number;
  /** Still to come, or just running. */
  state: 'past' | 'now' | 'future';
}

/** Sales by hour of today and of the same weekday last week (the whole day), for the opening hours that had any. */
export async function salesByHour(read: Reader, filter: DashboardFilter): Promise<HourRow[]> {
  const ofDay = async (date: BusinessDate): Promise<Map<number, number>> => {
    const midnight = startOfDay(date, filter.timeZone);
    // By quarters of an hour since 1970: midnight of every time zone falls on one.
    const rows = await read.all<{ quarter: number; fen: number }>(
      sql`SELECT t.quarter, SUM(t.gross_fen) AS fen
        FROM (SELECT ${sql.intDiv('sold_at', QUARTER_MS)} AS quarter, gross_fen FROM sale
          WHERE business_date = ${date} AND state = 'posted' AND ${inStores('store_id', filter)}) t
        GROUP BY t.quarter ORDER BY t.quarter`,
    );
    const byHour = new Map<number, number>();
    for (const { quarter, fen } of rows) {
      const hour = Math.floor((Number(quarter) * QUARTER_MS - midnight) / HOUR_MS);
      byHour.set(hour, (byHour.get(hour) ?? 0) + Number(fen));
    }
    return byHour;
  };
  const today = await ofDay(filter.today);
  const before = await ofDay(addDays(filter.today, -7));
  const nowHour = Math.floor((filter.now - startOfDay(filter.today, filter.timeZone)) / HOUR_MS);
  const seen = [...today.keys(), ...before.keys()];
  const from = Math.min(10, ...seen);
  const to = Math.max(21, ...seen);
  return Array.from({ length: to - from + 1 }, (_, index) => {
    const hour = from + index;
    return {
      hour,
      todayFen: today.get(hour) ?? 0,
      weekAgoFen: before.get(hour) ?? 0,
      state: hour < nowHour ? 'past' : hour === nowHour ? 'now' : 'future',
    };
  });
}

export interface BrandRow {
  brand: string;
  /** null: everything that is not a handset. */
  brandId: number | null;
  grossFen: number;
  netFen: number;
  costFen: number;
  beforeFen: number;
}

/** Handsets by brand, accessories and services together: the last 7 days against the 7 before. */
export async function salesByBrand(read: Reader, filter: DashboardFilter): Promise<BrandRow[]> {
  const from = addDays(filter.today, 1 - 2 * BRAND_DAYS);
  const middle = addDays(filter.today, 1 - BRAND_DAYS);
  const rows = await read.all<{
    brandId: number;
    brand: string;
    device: number;
    recent: number;
    grossFen: number;
    netFen: number;
    costFen: number;
  }>(
    sql`SELECT t.brand_id, t.brand, t.device, t.recent, SUM(t.amount_fen) AS gross_fen, SUM(t.net_fen) AS net_fen, SUM(t.cost_fen) AS cost_fen
      FROM (SELECT p.brand_id, b.name AS brand, CASE WHEN l.device_id IS NULL THEN 0 ELSE 1 END AS device,
          CASE WHEN s.business_date >= ${middle} THEN 1 ELSE 0 END AS recent, l.amount_fen, l.net_fen, l.cost_fen
        FROM sale s JOIN sale_line l ON l.sale_id = s.id JOIN sku k ON k.id = l.sku_id JOIN product p ON p.id = k.product_id
          JOIN brand b ON b.id = p.brand_id
        WHERE s.business_date >= ${from} AND s.business_date <= ${filter.today} AND s.state = 'posted' AND ${inStores('s.store_id', filter)}) t
      GROUP BY t.brand_id, t.brand, t.device, t.recent ORDER BY t.brand_id`,
  );
  const found = new Map<string, BrandRow>();
  for (const row of rows) {
    const isDevice = Number(row.device) === 1;
    const key = isDevice ? String(row.brandId) : '';
    const known = found.get(key) ?? {
      brand: isDevice ? row.brand : '',
      brandId: isDevice ? row.brandId : null,
      grossFen: 0,
      netFen: 0,
      costFen: 0,
      beforeFen: 0,
    };
    if (Number(row.recent) === 1) {
      known.grossFen += Number(row.grossFen);
      known.netFen += Number(row.netFen);
      known.costFen += Number(row.costFen);
    } else known.beforeFen += Number(row.grossFen);
    found.set(key, known);
  }
  return [...found.values()].sort(
    (a, b) => Number(a.brandId === null) - Number(b.brandId === null) || b.grossFen - a.grossFen,
  );
}

export interface MarginRow {
  date: BusinessDate;
  grossFen: number;
  netFen: number;
  costFen: number;
}

/** Net revenue and cost of each of the last 14 days; days without sales are there with zeros. */
export async function marginByDay(read: Reader, filter: DashboardFilter): Promise<MarginRow[]> {
  const from = addDays(filter.today, 1 - MARGIN_DAYS);
  const rows = await read.all<MarginRow>(
    sql`SELECT business_date AS date, SUM(gross_fen) AS gross_fen, SUM(net_fen) AS net_fen, SUM(cost_fen) AS cost_fen FROM sale
      WHERE business_date >= ${from} AND business_date <= ${filter.today} AND state = 'posted' AND ${inStores('store_id', filter)}
      GROUP BY business_date ORDER BY business_date`,
  );
  const byDate = new Map(rows.map((row) => [row.date, row]));
  return Array.from({ length: MARGIN_DAYS }, (_, index) => {
    const date = addDays(from, index);
    const row = byDate.get(date);
    return {
      date,
      grossFen: Number(row?.grossFen ?? 0),
      netFen: Number(row?.netFen ?? 0),
      costFen: Number(row?.costFen ?? 0),
    };
  });
}

export interface AgeingRow {
  brand: string;
  brandId: number;
  /** Devices 0–30, 31–60, 61–90 and more days in stock. */
  bands: readonly number[];
}

/** Handsets in stock by brand and age. */
export async function ageingByBrand(read: Reader, { scope, storeId, today }: DashboardFilter): Promise<AgeingRow[]> {
  const all = { scope, storeId, text: '', brandId: null, categoryIds: null, on: null };
  const rows = await ageingOf(read, all, today, 'brand');
  const names = new Map((await listBrands(read)).map(({ id, name }) => [id, name]));
  return rows
    .map(({ groupId, counts }) => ({ brand: names.get(groupId) ?? '', brandId: groupId, bands: counts }))
    .sort((a, b) => total(b) - total(a));
}

const total = ({ bands }: AgeingRow): number => bands.reduce((sum, count) => sum + count, 0);
