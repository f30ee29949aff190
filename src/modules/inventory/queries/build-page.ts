import { notFound } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import { type Actor, can } from '../../../platform/permissions';
import { type SkuCard, skusByIds } from '../../catalog';
import { getStore, locationsByIds } from '../../organization';
import { buildDevices, buildLines } from '../store/build.store';
import { stockBuild, type StockBuildDeviceRow, type StockBuildLineRow, type StockBuildRow } from '../store/build.table';
import { VIEW_BUILDS } from './build-list';
import { piecesAt } from './build-shelves';
import type { ChangeEventView } from './change-page';

export interface BuildView extends StockBuildRow {
  storeName: string;
  /** "新街口店 前仓" */
  place: string;
  productName: string;
  lines: BuildLineView[];
}

export interface BuildLineView extends StockBuildLineRow {
  card: SkuCard;
  devices: StockBuildDeviceRow[];
  /** Pieces for sale at the location now; of what leaves with a draft. */
  available: number;
}

/** Throws 404 when there is none in the actor's stores. */
export async function buildView(read: Reader, actor: Actor, id: number): Promise<BuildView> {
  const row = await read.get(stockBuild, id);
  if (!row || !can(actor, VIEW_BUILDS, row.storeId)) throw notFound('inventory.build', id);
  const store = await getStore(read, row.storeId);
  const location = (await locationsByIds(read, [row.locationId])).get(row.locationId);
  const lines = await buildLines(read, id);
  const skuIds = lines.map(({ skuId }) => skuId);
  const cards = await skusByIds(read, skuIds);
  const available = row.state === 'draft' ? await piecesAt(read, row.locationId, skuIds) : new Map<number, number>();
  const devices = Map.groupBy(await buildDevices(read, id), ({ lineId }) => lineId);
  return {
    ...row,
    storeName: store.name,
    place: `${store.name} ${location?.name ?? ''}`.trim(),
    productName: cards.get(row.skuId)?.name ?? '',
    lines: lines.flatMap((line) => {
      const card = cards.get(line.skuId);
      const more = { devices: devices.get(line.id) ?? [], available: available.get(line.skuId) ?? 0 };
      return card ? [{ ...line, card, ...more }] : [];
    }),
  };
}

/** Who did what, newest first. */
export async function buildTimeline(read: Reader, buildId: number): Promise<ChangeEventView[]> {
  const audit = await read.all<{ at: number; actorName: string; action: string }>(
    sql`SELECT at, actor_name, action FROM audit_log
      WHERE subject_type = 'inventory.build' AND subject_id = ${buildId} ORDER BY id DESC ${sql.limit(50)}`,
  );
  return audit.map(({ at, actorName, action }) => ({
    who: actorName,
    what: action.split('.').at(-1) ?? action,
    at,
    detail: {},
  }));
}
