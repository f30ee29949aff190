import { notFound } from '../../../kernel';
import { type Reader, type Sql, sql } from '../../../platform/database';
import { type Actor, can, COST_PERMISSION } from '../../../platform/permissions';
import { listBrands, listCategories, skusByIds } from '../../catalog';
import { getLocation, getStore } from '../../organization';
import type { CountAnswer } from '../domain/check-count-scans';
import { isEverything } from '../domain/stocktake-scope';
import type { Verdict } from '../domain/stocktake-verdict';
import { stocktake, type StocktakeRow } from '../store/stocktake.table';

export interface StocktakeView extends StocktakeRow {
  storeName: string;
  locationName: string;
  /** Names of what is counted; empty: everything. */
  scopeNames: string[];
  /** A blind count hides what the books say from those who only count, until the counting is over. */
  seesBooks: boolean;
  seesCost: boolean;
}

const MOST_NAMES = 12;

/** Throws 404 when there is none in the actor's stores. */
export async function stocktakeView(read: Reader, actor: Actor, id: number): Promise<StocktakeView> {
  const row = await read.get(stocktake, id);
  if (!row || !can(actor, 'inventory.stocktake.view', row.storeId)) throw notFound('inventory.stocktake', id);
  const hidden = row.blind && (row.state === 'planned' || row.state === 'counting');
  return {
    ...row,
    storeName: (await getStore(read, row.storeId)).name,
    locationName: (await getLocation(read, row.locationId)).name,
    scopeNames: await scopeNames(read, row),
    seesBooks: !hidden || can(actor, 'inventory.stocktake.post', row.storeId),
    seesCost: can(actor, COST_PERMISSION, row.storeId),
  };
}

async function scopeNames(read: Reader, { scope }: StocktakeRow): Promise<string[]> {
  if (isEverything(scope)) return [];
  const categories = (await listCategories(read)).filter(({ id }) => scope.categoryIds.includes(id));
  const inside = new Set(categories.map(({ id }) => id));
  // What is counted with the category above it needs no name of its own.
  const tops = categories.filter(({ parentId }) => parentId === null || !inside.has(parentId));
  const brands = (await listBrands(read)).filter(({ id }) => scope.brandIds.includes(id));
  const skus = await skusByIds(read, scope.skuIds.slice(0, MOST_NAMES));
  return [...tops.map(({ path }) => path), ...brands.map(({ name }) => name), ...[...skus.values()].map((s) => s.name)];
}

/** The four lists as the books stand now; as they were posted, afterwards. `d` is the device, `c` the counted row. */
export function verdictSql(locationId: number): Sql {
  return sql`CASE WHEN c.verdict IS NOT NULL THEN c.verdict
    WHEN c.scanned_at IS NOT NULL AND (c.expected = ${true} OR c.arrived = ${true}) THEN 'matched'
    WHEN c.scanned_at IS NOT NULL AND d.state = 'in_stock' AND d.location_id = ${locationId} THEN 'moved'
    WHEN c.scanned_at IS NOT NULL THEN 'unexpected'
    WHEN d.last_seq = c.seq_seen THEN 'missing' ELSE 'moved' END`;
}

export interface StocktakeFigures {
  devices: Record<Verdict, number>;
  scanned: number;
  /** Differences that posting will put into the books: neither kept nor beyond a stocktake. */
  toPost: { missing: number; taken: number; goods: number };
  lossFen: number;
  /** `moved`: of those that differ, how many were counted in parts while goods went in or out. */
  goods: { lines: number; counted: number; different: number; moved: number };
  unknownNumbers: number;
}

export async function stocktakeFigures(read: Reader, { id, locationId }: StocktakeRow): Promise<StocktakeFigures> {
  const devices = await read.all<{ verdict: Verdict; n: number; toPost: number; fen: number }>(
    sql`SELECT v.verdict, COUNT(*) AS n, SUM(v.to_post) AS to_post, SUM(v.to_post * v.cost_fen) AS fen FROM (
        SELECT ${verdictSql(locationId)} AS verdict,
          CASE WHEN c.kept = ${false} AND (c.scanned_at IS NULL OR d.state IN ('in_stock', 'missing')) THEN 1 ELSE 0 END AS to_post,
          CASE WHEN d.ownership = 'own' THEN d.cost_fen ELSE 0 END AS cost_fen
        FROM stocktake_device c JOIN device d ON d.id = c.device_id WHERE c.stocktake_id = ${id}) v
      GROUP BY v.verdict`,
  );
  const of = (verdict: Verdict, key: 'n' | 'toPost' | 'fen'): number =>
    Number(devices.find((row) => row.verdict === verdict)?.[key] ?? 0);
  const scanned = await read.one<{ n: number }>(
    sql`SELECT COUNT(*) AS n FROM stocktake_device c WHERE c.stocktake_id = ${id} AND c.scanned_at IS NOT NULL`,
  );
  const goods = await read.one<Record<'lineCount' | 'counted' | 'different' | 'moved' | 'toPost', number | null>>(
    sql`SELECT COUNT(*) AS line_count, COUNT(g.counted) AS counted,
        SUM(CASE WHEN g.counted <> g.book_pieces THEN 1 ELSE 0 END) AS different,
        SUM(CASE WHEN g.counted <> g.book_pieces AND g.moved_pieces > 0 AND g.kept = ${false} THEN 1 ELSE 0 END) AS moved,
        SUM(CASE WHEN g.counted <> g.book_pieces AND g.kept = ${false} THEN 1 ELSE 0 END) AS to_post
      FROM stocktake_goods g WHERE g.stocktake_id = ${id}`,
  );
  const unknown = await read.one<{ n: number }>(
    sql`SELECT COUNT(DISTINCT s.number) AS n FROM stocktake_scan s
      WHERE s.stocktake_id = ${id} AND s.outcome = 'wrong' AND s.device_id IS NULL AND s.number IS NOT NULL`,
  );
  return {
    devices: {
      matched: of('matched', 'n'),
      missing: of('missing', 'n'),
      unexpected: of('unexpected', 'n'),
      moved: of('moved', 'n'),
    },
    scanned: Number(scanned?.n ?? 0),
    toPost: {
      missing: of('missing', 'toPost'),
      taken: of('unexpected', 'toPost'),
      goods: Number(goods?.toPost ?? 0),
    },
    lossFen: of('missing', 'fen'),
    goods: {
      lines: Number(goods?.lineCount ?? 0),
      counted: Number(goods?.counted ?? 0),
      different: Number(goods?.different ?? 0),
      moved: Number(goods?.moved ?? 0),
    },
    unknownNumbers: Number(unknown?.n ?? 0),
  };
}

export interface CountScans {
  tally: Record<CountAnswer['outcome'], number>;
  /** The last scans, newest first. */
  log: (CountAnswer & { at: number; who: string })[];
}

const LOG_LINES = 8;

/** What the scan panel shows: of everybody who counts. */
export async function countScans(read: Reader, stocktakeId: number): Promise<CountScans> {
  const counts = await read.all<{ outcome: CountAnswer['outcome']; n: number }>(
    sql`SELECT outcome, COUNT(*) AS n FROM stocktake_scan WHERE stocktake_id = ${stocktakeId} GROUP BY outcome`,
  );
  const newest = await read.all<LoggedScan>(
    sql`SELECT scan_key, text, number, outcome, reason, details, device_id, scanned_at, scanned_by_name FROM stocktake_scan
      WHERE stocktake_id = ${stocktakeId} ORDER BY id DESC ${sql.limit(LOG_LINES)}`,
  );
  const of = (outcome: string): number => Number(counts.find((row) => row.outcome === outcome)?.n ?? 0);
  return {
    tally: { right: of('right'), double: of('double'), wrong: of('wrong') },
    log: newest.map(({ scanKey, reason, details, scannedAt, scannedByName, ...rest }) => ({
      ...rest,
      key: scanKey,
      reason: { code: reason, details: JSON.parse(details) as Record<string, unknown> },
      at: scannedAt,
      who: scannedByName,
    })),
  };
}

interface LoggedScan {
  scanKey: string;
  text: string;
  number: string | null;
  outcome: CountAnswer['outcome'];
  reason: string;
  details: string;
  deviceId: number | null;
  scannedAt: number;
  scannedByName: string;
}

export interface UnknownNumber {
  number: string;
  /** Last scan of it. */
  at: number;
}

export const UNKNOWN_SHOWN = 100;

/** Scanned numbers that no device of the books has. */
export async function unknownNumbers(read: Reader, stocktakeId: number): Promise<UnknownNumber[]> {
  return read.all<UnknownNumber>(
    sql`SELECT s.number, MAX(s.scanned_at) AS at FROM stocktake_scan s
      WHERE s.stocktake_id = ${stocktakeId} AND s.outcome = 'wrong' AND s.device_id IS NULL AND s.number IS NOT NULL
      GROUP BY s.number ORDER BY s.number ${sql.limit(UNKNOWN_SHOWN)}`,
  );
}

export interface StocktakeEvent {
  who: string;
  /** Last part of the audit action, or `scan`. */
  what: string;
  at: number;
  count: number;
  detail: Record<string, unknown>;
}

/** Who did what, newest first. */
export async function stocktakeEvents(read: Reader, stocktakeId: number): Promise<StocktakeEvent[]> {
  const audit = await read.all<{ at: number; actorName: string; action: string; detail: string | null }>(
    sql`SELECT at, actor_name, action, detail FROM audit_log
      WHERE subject_type = 'inventory.stocktake' AND subject_id = ${stocktakeId} ORDER BY id DESC ${sql.limit(50)}`,
  );
  const scans = await read.all<{ who: string; n: number; last: number }>(
    sql`SELECT scanned_by_name AS who, COUNT(*) AS n, MAX(scanned_at) AS last FROM stocktake_scan
      WHERE stocktake_id = ${stocktakeId} GROUP BY scanned_by_name`,
  );
  return [
    ...audit.map(({ at, actorName, action, detail }) => ({
      who: actorName,
      what: action.split('.').at(-1) ?? action,
      at,
      count: 0,
      detail: detail === null ? {} : (JSON.parse(detail) as Record<string, unknown>),
    })),
    ...scans.map(({ who, n, last }) => ({ who, what: 'scan', at: Number(last), count: Number(n), detail: {} })),
  ].sort((a, b) => b.at - a.at);
}
