import { notFound } from '../../../kernel';
import { type Bucket, shownNumbers } from '../../../ledger';
import { type ApprovalRefusal, levelsFor } from '../../../platform/approval';
import { type Reader, sql } from '../../../platform/database';
import { type Actor, can, COST_PERMISSION } from '../../../platform/permissions';
import { getLocation, getStore } from '../../organization';
import { isAdjustment } from '../domain/change-effect';
import { approvalsOf } from '../store/approval.store';
import type { StockApprovalRow } from '../store/approval.table';
import { APPROVE_STOCK, stockApprovalLevels, stockRefusalOf } from './approval-levels';
import { changeAmount } from './change-amount';
import { stockChange, type StockChangeRow } from '../store/change.table';
import { rightOf } from './change-reasons';

export interface ChangeView extends StockChangeRow {
  storeName: string;
  locationName: string;
  /** The reader may fill and post it. */
  works: boolean;
  seesCost: boolean;
  /** Levels of the running submission, the lowest first. */
  approvals: StockApprovalRow[];
  /** What it is worth as the books stand now, regardless of sign; of a draft. */
  nowFen: number;
  /** The level that a draft of this amount has to pass first; null: it is posted at once. */
  firstLevel: string | null;
  mayApprove: boolean;
  /** Why the reader cannot approve what waits; null: can, or nothing waits. */
  refusal: ApprovalRefusal | null;
}

/** Throws 404 when there is none in the actor's stores. */
export async function changeView(read: Reader, actor: Actor, id: number, now: number): Promise<ChangeView> {
  const row = await read.get(stockChange, id);
  if (!row || !can(actor, 'inventory.change.view', row.storeId)) throw notFound('inventory.change', id);
  return {
    ...row,
    storeName: (await getStore(read, row.storeId)).name,
    locationName: (await getLocation(read, row.locationId)).name,
    works: can(actor, rightOf(row.effect), row.storeId),
    seesCost: can(actor, COST_PERMISSION, row.storeId),
    ...(await approvalOf(read, actor, row, now)),
  };
}

async function approvalOf(
  read: Reader,
  actor: Actor,
  row: StockChangeRow,
  now: number,
): Promise<Pick<ChangeView, 'approvals' | 'nowFen' | 'firstLevel' | 'mayApprove' | 'refusal'>> {
  const document = { ...row, type: 'inventory.change' as const };
  const nowFen = row.state === 'draft' && isAdjustment(row.effect) ? await changeAmount(read, row) : 0;
  const levels = row.state === 'draft' && row.approval ? levelsFor(await stockApprovalLevels(read), nowFen) : [];
  return {
    approvals: row.state === 'draft' ? [] : await approvalsOf(read, document),
    nowFen,
    firstLevel: levels[0]?.name ?? null,
    mayApprove: can(actor, APPROVE_STOCK, row.storeId),
    refusal: row.state === 'submitted' ? await stockRefusalOf(read, actor, document, now) : null,
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
  unitCostFen: number | null;
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
        l.quantity, l.value_fen, l.unit_cost_fen, l.added_by_name
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
  detail: Record<string, unknown>;
}

/** Who did what, newest first. */
export async function changeTimeline(read: Reader, changeId: number): Promise<ChangeEventView[]> {
  const audit = await read.all<{ at: number; actorName: string; action: string; detail: string | null }>(
    sql`SELECT at, actor_name, action, detail FROM audit_log
      WHERE subject_type = 'inventory.change' AND subject_id = ${changeId} ORDER BY id DESC ${sql.limit(50)}`,
  );
  return audit.map(({ at, actorName, action, detail }) => ({
    who: actorName,
    what: action.split('.').at(-1) ?? action,
    at,
    detail: detail === null ? {} : (JSON.parse(detail) as Record<string, unknown>),
  }));
}

export interface ChangeProduct {
  skuId: number;
  skuName: string;
  lines: number;
}

/** Products of the handsets on a document, and how many: a cost is corrected for all of one at once. */
export async function changeProducts(read: Reader, changeId: number): Promise<ChangeProduct[]> {
  const rows = await read.all<ChangeProduct>(
    sql`SELECT l.sku_id, s.name AS sku_name, COUNT(*) AS lines FROM stock_change_line l JOIN sku s ON s.id = l.sku_id
      WHERE l.change_id = ${changeId} GROUP BY l.sku_id, s.name ORDER BY s.name`,
  );
  return rows.map((row) => ({ ...row, lines: Number(row.lines) }));
}
