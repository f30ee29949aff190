import { notFound } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import type { Actor } from '../../../platform/permissions';
import { skusByIds, type Tracking } from '../../catalog';
import { locationsByIds, storesByIds } from '../../organization';
import type { TransferVerdict } from '../domain/transfer-scan';
import { getTransfer, openOf, transferLines, transferSteps } from '../store/transfer.store';
import { type TransferLineRow, type TransferRow, transferStep, type TransferStepRow } from '../store/transfer.table';
import { authoriseEither, seesTransferCost } from './transfer-rights';
import { verdictOfScan } from './transfer-scan-row';

export interface TransferLineView extends TransferLineRow {
  skuCode: string;
  skuName: string;
  tracking: Tracking;
  /** Sent, and neither received, returned nor written off. */
  open: number;
  /** Scanned or counted at arrival and not posted. */
  arrived: number;
}

export interface TransferView extends Omit<TransferRow, 'sentFen'> {
  fromStoreName: string;
  fromPlace: string;
  toStoreName: string;
  toPlace: string;
  open: number;
  /** Pieces that would be received now, and of these the damaged ones. */
  arrived: number;
  damaged: number;
  picked: number;
  lines: TransferLineView[];
  steps: (Omit<TransferStepRow, 'valueFen' | 'markupFen'> & { valueFen?: number; markupFen?: number | null })[];
  /** Absent without the right to see cost in both stores. */
  sentFen?: number;
}

/** A transfer with its lines and postings as this reader may see it. Throws 404, or 403 outside both stores. */
export async function transferView(read: Reader, actor: Actor, id: number): Promise<TransferView> {
  const row = await getTransfer(read, id);
  authoriseEither(actor, 'inventory.transfer.view', row);
  const seesCost = seesTransferCost(actor, row);
  const lines = await transferLines(read, id);
  const cards = await skusByIds(
    read,
    lines.map(({ skuId }) => skuId),
  );
  const stores = await storesByIds(read, [row.fromStoreId, row.toStoreId]);
  const locations = await locationsByIds(read, [row.fromLocationId, row.toLocationId]);
  const arrivals = await read.all<{ lineId: number; devices: number; damaged: number }>(
    sql`SELECT line_id, COUNT(*) AS devices, SUM(damaged) AS damaged FROM transfer_device
      WHERE transfer_id = ${id} AND state = 'sent' AND arrived_at IS NOT NULL GROUP BY line_id`,
  );
  const devicesOf = new Map(arrivals.map(({ lineId, devices }) => [lineId, Number(devices)]));
  const steps = await transferSteps(read, id);
  const name = (storeId: number): string => stores.get(storeId)?.name ?? '';
  const place = (storeId: number, locationId: number): string =>
    `${name(storeId)} ${locations.get(locationId)?.name ?? ''}`.trim();
  const { sentFen, ...rest } = row;
  const views = lines.map((line): TransferLineView => {
    const card = cards.get(line.skuId);
    return {
      ...line,
      skuCode: card?.code ?? '',
      skuName: card?.name ?? '',
      tracking: card?.tracking ?? 'plain',
      open: openOf(line),
      arrived: line.counted + (devicesOf.get(line.id) ?? 0),
    };
  });
  const sum = (of: (line: TransferLineView) => number): number => views.reduce((total, line) => total + of(line), 0);
  return {
    ...rest,
    fromStoreName: name(row.fromStoreId),
    fromPlace: place(row.fromStoreId, row.fromLocationId),
    toStoreName: name(row.toStoreId),
    toPlace: place(row.toStoreId, row.toLocationId),
    open: openOf(row),
    arrived: sum(({ arrived }) => arrived),
    damaged: arrivals.reduce((total, { damaged }) => total + Number(damaged), 0) + sum(({ damaged }) => damaged),
    picked: sum(({ picked }) => picked),
    lines: views,
    steps: steps.map(({ valueFen, markupFen, ...step }) => ({ ...step, ...(seesCost ? { valueFen, markupFen } : {}) })),
    ...(seesCost ? { sentFen } : {}),
  };
}

export interface TransferScanState {
  tally: { right: number; double: number; wrong: number };
  /** The last scans, newest first. */
  log: (TransferVerdict & { scannedAt: number })[];
  /** Wrong ones not dealt with, oldest first; at most 100. */
  open: (TransferVerdict & { id: number; scannedAt: number; atSender: boolean })[];
}

const LOG_LINES = 6;
const MOST_OPEN = 100;

/** What the scan panel shows while goods are sent, or received. */
export async function transferScanState(
  read: Reader,
  row: Pick<TransferView, 'id' | 'fromLocationId' | 'state'>,
): Promise<TransferScanState> {
  const phase = row.state === 'sent' ? 'arrive' : 'pick';
  const scans = sql`transfer_id = ${row.id} AND phase = ${phase}`;
  const right = await read.one<{ n: number }>(
    phase === 'pick'
      ? sql`SELECT COUNT(*) AS n FROM transfer_device WHERE transfer_id = ${row.id} AND state = 'picked'`
      : sql`SELECT COUNT(*) AS n FROM transfer_device
          WHERE transfer_id = ${row.id} AND state = 'sent' AND arrived_at IS NOT NULL`,
  );
  const counts = await read.all<{ outcome: string; scans: number }>(
    sql`SELECT outcome, COUNT(*) AS scans FROM transfer_scan
      WHERE ${scans} AND settled_at IS NULL AND outcome <> 'right' GROUP BY outcome`,
  );
  const of = (outcome: string): number => Number(counts.find((one) => one.outcome === outcome)?.scans ?? 0);
  const columns = sql`s.id, s.scan_key, s.text, s.outcome, s.device_id, s.reason, s.details, s.scanned_at`;
  const newest = await read.all<ScanRow>(
    sql`SELECT ${columns} FROM transfer_scan s WHERE s.transfer_id = ${row.id} AND s.phase = ${phase}
      ORDER BY s.id DESC ${sql.limit(LOG_LINES)}`,
  );
  const open = await read.all<ScanRow & { locationId: number | null; deviceState: string | null }>(
    sql`SELECT ${columns}, d.location_id, d.state AS device_state
      FROM transfer_scan s LEFT JOIN device d ON d.id = s.device_id
      WHERE s.transfer_id = ${row.id} AND s.phase = ${phase} AND s.outcome = 'wrong' AND s.settled_at IS NULL
      ORDER BY s.id ${sql.limit(MOST_OPEN)}`,
  );
  return {
    tally: { right: Number(right?.n ?? 0), double: of('double'), wrong: of('wrong') },
    log: newest.map((scan) => ({ ...verdictOfScan(scan), scannedAt: scan.scannedAt })),
    open: open.map((scan) => ({
      ...verdictOfScan(scan),
      id: scan.id,
      scannedAt: scan.scannedAt,
      atSender: scan.deviceState === 'in_stock' && scan.locationId === row.fromLocationId,
    })),
  };
}

type ScanRow = Parameters<typeof verdictOfScan>[0] & { id: number; scannedAt: number };

export interface TransferEvent {
  who: string;
  /** Last part of the audit action, or `pick`, `arrive`. */
  what: string;
  at: number;
  detail: Record<string, unknown>;
}

/** Who did what, newest first: the audit log, and who scanned how many. */
export async function transferTimeline(read: Reader, transferId: number): Promise<TransferEvent[]> {
  const audit = await read.all<{ at: number; actorName: string; action: string; detail: string | null }>(
    sql`SELECT at, actor_name, action, detail FROM audit_log
      WHERE subject_type = 'inventory.transfer' AND subject_id = ${transferId} ORDER BY id DESC ${sql.limit(50)}`,
  );
  const scans = await read.all<{ who: string; what: string; devices: number; last: number }>(
    sql`SELECT picked_by_name AS who, 'pick' AS what, COUNT(*) AS devices, MAX(picked_at) AS last FROM transfer_device
        WHERE transfer_id = ${transferId} GROUP BY picked_by_name
      UNION ALL
      SELECT arrived_by_name AS who, 'arrive' AS what, COUNT(*) AS devices, MAX(arrived_at) AS last FROM transfer_device
        WHERE transfer_id = ${transferId} AND arrived_at IS NOT NULL GROUP BY arrived_by_name`,
  );
  return [
    ...audit.map(({ at, actorName, action, detail }) => ({
      who: actorName,
      what: action.split('.').at(-1) ?? action,
      at,
      detail: detail === null ? {} : (JSON.parse(detail) as Record<string, unknown>),
    })),
    ...scans.map(({ who, what, devices, last }) => ({
      who,
      what,
      at: Number(last),
      detail: { devices: Number(devices) },
    })),
  ].sort((a, b) => b.at - a.at);
}

/** Devices on the way that nobody scanned at arrival, in the order of scanning; at most `most`. */
export const unresolvedDevices = (
  read: Reader,
  transferId: number,
  most: number,
): Promise<{ id: number; mainNumber: string; skuName: string }[]> =>
  read.all(
    sql`SELECT d.id, d.main_number, k.name AS sku_name FROM transfer_device d JOIN transfer_line l ON l.id = d.line_id
        JOIN sku k ON k.id = l.sku_id
      WHERE d.transfer_id = ${transferId} AND d.state = 'sent' AND d.arrived_at IS NULL ORDER BY d.seq ${sql.limit(most)}`,
  );

/** The transfer that a posting belongs to; who may not see it learns nothing from its page. Throws 404. */
export async function transferOfStep(read: Reader, stepId: number): Promise<number> {
  const step = await read.get(transferStep, stepId);
  if (!step) throw notFound('inventory.transfer_step', stepId);
  return step.transferId;
}
