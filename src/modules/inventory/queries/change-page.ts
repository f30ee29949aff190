import { notFound } from '../../../kernel';
import { type Bucket, shownNumbers } from '../../../ledger';
import { type Reader, sql } from '../../../platform/database';
import { type Actor, can, COST_PERMISSION } from '../../../platform/permissions';
import { getLocation, getStore } from '../../organization';
import { stockChange, type StockChangeRow } from '../store/change.table';
import { rightOf } from './change-reasons';

export interface ChangeView extends StockChangeRow {
  storeName: string;
  locationName: string;
  /** The reader may fill and post it. */
  works: boolean;
  seesCost: boolean;
}

/** Throws 404 when there is none in the actor's stores. */
export async function changeView(read: Reader, actor: Actor, id: number): Promise<ChangeView> {
  const row = await read.get(stockChange, id);
  if (!row || !can(actor, 'inventory.change.view', row.storeId)) throw notFound('inventory.change', id);
  return {
    ...row,
    storeName: (await getStore(read, row.storeId)).name,
    locationName: (await getLocation(read, row.locationId)).name,
    works: can(actor, rightOf(row.effect), row.storeId),
    seesCost: can(actor, COST_PERMISSION, row.storeId),
  };
}

export interface ChangeLineView {
  id: number;
  lineNo: number;
  deviceId: number | null;
  /** Number that the device goes by. */
  imei: string | null;
  skuId: number;
  skuCode: string;
  skuName: string;
  batchCode: string | null;
  bucket: Bucket;
  quantity: number;
  valueFen: number | null;
  addedByName: string;
}

/** The lines of a change, the last ones first; `from`: the highest line number to be shown. */
export async function changeLineViews(
  read: Reader,
  changeId: number,
  most: number,
  from = Number.MAX_SAFE_INTEGER,
): Promise<ChangeLineView[]> {
  const lines = await read.all<Omit<ChangeLineView, 'imei'>>(
    sql`SELECT l.id, l.line_no, l.device_id, l.sku_id, s.code AS sku_code, s.name AS sku_name, t.code AS batch_code, l.bucket,
        l.quantity, l.value_fen, l.added_by_name
      FROM stock_change_line l JOIN sku s ON s.id = l.sku_id LEFT JOIN batch t ON t.id = l.batch_key
      WHERE l.change_id = ${changeId} AND l.line_no <= ${from} ORDER BY l.line_no DESC ${sql.limit(most)}`,
  );
  const numbers = await shownNumbers(
    read,
    lines.flatMap(({ deviceId }) => deviceId ?? []),
  );
  return lines.map((line) => ({ ...line, imei: line.deviceId === null ? null : (numbers.get(line.deviceId) ?? '') }));
}

export interface ChangeEventView {
  who: string;
  /** Last part of the audit action. */
  what: string;
  at: number;
}

/** Who did what, newest first. */
export async function changeTimeline(read: Reader, changeId: number): Promise<ChangeEventView[]> {
  const audit = await read.all<{ at: number; actorName: string; action: string }>(
    sql`SELECT at, actor_name, action FROM audit_log
      WHERE subject_type = 'inventory.change' AND subject_id = ${changeId} ORDER BY id DESC ${sql.limit(50)}`,
  );
  return audit.map(({ at, actorName, action }) => ({ who: actorName, what: action.split('.').at(-1) ?? action, at }));
}
