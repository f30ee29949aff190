import { DomainError, normaliseName, parsePaste, parseScanLine, shorten } from '../../../kernel';
import { chunked, type Reader, sql } from '../../../platform/database';
import type { Actor } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import {
  checkTransferScans,
  type TransferScan,
  type TransferScanCheck,
  type TransferVerdict,
} from '../domain/transfer-scan';
import { knownForTransfer } from '../queries/known-for-transfer';
import { type LoggedScan, verdictOfScan } from '../queries/transfer-scan-row';
import { lockTransfer, transferLines, wrongState, writeTransfer } from '../store/transfer.store';
import { transferDevice, type TransferLineRow, type TransferRow, transferScan } from '../store/transfer.table';
import { authorisePhase, insertTransferLines } from './transfer-lines';

export const MAX_TRANSFER_DEVICES = 10_000;

/** One code as a scanner gives it. */
export const readTransferScan = (key: string, text: string, damaged = false): TransferScan => ({
  key,
  text,
  ...parseScanLine(text),
  damaged,
});

/** The devices of a pasted list, keyed by their lines; headings are left out. Throws errors:imei.too_many_lines. */
export const readTransferPaste = (text: string, damaged = false): (TransferScan & { line: number })[] =>
  parsePaste(text)
    .filter(({ identifiers, problems }) => identifiers.length > 0 || problems.some(({ level }) => level !== 'note'))
    .map(({ line, text: onLine, identifiers, problems }, index) => ({
      key: `${line}-${index}`,
      line,
      text: onLine,
      identifiers,
      problems,
      damaged,
    }));

/**
 * Takes scans one by one, for sending or at arrival as the state of the transfer says. Each comes with the key made where it
 * was scanned; one that comes again gets its first answer and is not counted twice.
 */
export function scanIntoTransfer(
  uow: UnitOfWork,
  actor: Actor,
  { transferId, scans }: { transferId: number; scans: readonly TransferScan[] },
  options?: RunOptions,
): Promise<{ verdicts: TransferVerdict[] }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockTransfer(unit, transferId);
      authorisePhase(actor, row);
      const phase = phaseOf(row);
      const answered = await answeredScans(unit, row.id, scans);
      const firsts = new Map(scans.toReversed().map((scan) => [scan.key, scan]));
      const fresh = scans.filter((scan) => !answered.has(scan.key) && firsts.get(scan.key) === scan);
      const check = await takeScans(unit, row, fresh);
      await logVerdicts(unit, row, phase, check.verdicts);
      const now = new Map(check.verdicts.map((verdict) => [verdict.key, verdict]));
      return { verdicts: scans.flatMap((scan) => answered.get(scan.key) ?? now.get(scan.key) ?? []) };
    },
    options,
  );
}

export interface TransferPasted {
  right: number;
  double: number;
  wrong: number;
}

/** Nothing was written; `verdicts` in the order of the lines. */
export class TransferPasteRefused extends DomainError {
  constructor(readonly verdicts: readonly TransferVerdict[]) {
    const wrong = verdicts.filter(({ outcome }) => outcome === 'wrong').length;
    super('inventory:error.transfer_numbers', { details: { count: verdicts.length, wrong } });
    this.name = 'TransferPasteRefused';
  }
}

/**
 * Takes a whole list after all of it was checked. `keep` all: when a line is wrong nothing is written and
 * TransferPasteRefused tells which; right: what is right is taken, the rest is kept with the transfer.
 */
export function pasteIntoTransfer(
  uow: UnitOfWork,
  actor: Actor,
  { transferId, scans, keep }: { transferId: number; scans: readonly TransferScan[]; keep: 'all' | 'right' },
  options?: RunOptions,
): Promise<TransferPasted> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockTransfer(unit, transferId);
      authorisePhase(actor, row);
      const phase = phaseOf(row);
      const check = await takeScans(unit, row, scans, keep === 'all');
      const of = (outcome: TransferVerdict['outcome']): TransferVerdict[] =>
        check.verdicts.filter((verdict) => verdict.outcome === outcome);
      const series = await unit.one<{ last: number | null }>(
        sql`SELECT MAX(id) AS last FROM transfer_scan WHERE transfer_id = ${row.id}`,
      );
      // Keys of a list are its lines, those of scans the browser's: the last id makes them unique.
      const prefix = `list${Number(series?.last ?? 0)}`;
      const wrong = of('wrong').map((verdict) => ({ ...verdict, key: `${prefix}:${verdict.key}` }));
      await logVerdicts(unit, row, phase, wrong);
      return { right: of('right').length, double: of('double').length, wrong: wrong.length };
    },
    options,
  );
}

export function phaseOf(row: TransferRow): 'pick' | 'arrive' {
  if (row.state === 'sent') return 'arrive';
  if (row.state === 'draft' || row.state === 'approved') return 'pick';
  throw wrongState(row);
}

async function takeScans(
  unit: Unit,
  row: TransferRow,
  scans: readonly TransferScan[],
  allOrNothing = false,
): Promise<TransferScanCheck> {
  const lines = await transferLines(unit, row.id);
  const phase = phaseOf(row);
  const known = await knownForTransfer(unit, row, lines, scans);
  const check = checkTransferScans(phase, scans, known);
  if (allOrNothing && check.verdicts.some(({ outcome }) => outcome === 'wrong'))
    throw new TransferPasteRefused(check.verdicts);
  if (phase === 'pick') await writePicked(unit, row, lines, check);
  else await writeArrived(unit, row, lines, check);
  return check;
}

async function writePicked(
  unit: Unit,
  row: TransferRow,
  before: readonly TransferLineRow[],
  { devices, counted }: TransferScanCheck,
): Promise<void> {
  const more = new Map(counted);
  for (const { device } of devices) more.set(device.skuId, (more.get(device.skuId) ?? 0) + 1);
  if (more.size === 0) return;
  const grown = before.map((line) => {
    const picked = line.picked + (more.get(line.skuId) ?? 0);
    return { ...line, picked, quantity: Math.max(line.quantity, picked) };
  });
  const fresh = [...more].filter(([skuId]) => !before.some((line) => line.skuId === skuId));
  const added = await insertTransferLines(
    unit,
    row,
    before,
    fresh.map(([skuId, pieces]) => ({ skuId, quantity: pieces, picked: pieces })),
  );
  const lines = [...grown, ...added];
  if ((devices.at(-1)?.seq ?? 0) > MAX_TRANSFER_DEVICES)
    throw new DomainError('inventory:error.transfer_devices', { details: { max: MAX_TRANSFER_DEVICES } });
  await writeTransfer(unit, row, before, lines);
  if (devices.length === 0) return;
  const lineOf = new Map(lines.map((line) => [line.skuId, line.id]));
  const firstId = unit.takeIds(transferDevice, devices.length);
  await unit.insert(
    transferDevice,
    devices.map(({ device, seq }, index) => ({
      id: firstId + index,
      transferId: row.id,
      lineId: lineOf.get(device.skuId) ?? 0,
      seq,
      deviceId: device.deviceId,
      mainNumber: device.mainNumber,
      state: 'picked' as const,
      bucket: device.bucket ?? 'sellable',
      arrivedAt: null,
      damaged: false,
      pickedAt: unit.now,
      pickedBy: unit.actor.userId,
      pickedByName: unit.actor.name,
      arrivedByName: null,
      sendStepId: null,
      endStepId: null,
    })),
  );
}

async function writeArrived(
  unit: Unit,
  row: TransferRow,
  before: readonly TransferLineRow[],
  { devices, counted }: TransferScanCheck,
): Promise<void> {
  if (devices.length === 0 && counted.size === 0) return;
  const after = before.map((line) => ({ ...line, counted: line.counted + (counted.get(line.skuId) ?? 0) }));
  await writeTransfer(unit, row, before, after);
  for (const damaged of [false, true]) {
    const ids = devices.filter((one) => one.damaged === damaged).map(({ device }) => device.deviceId);
    for (const chunk of chunked(ids))
      await unit.execute(
        sql`UPDATE transfer_device SET arrived_at = ${unit.now}, arrived_by_name = ${unit.actor.name}, damaged = ${damaged ? 1 : 0}
          WHERE transfer_id = ${row.id} AND device_id IN (${sql.list(chunk)})`,
      );
  }
}

async function answeredScans(
  read: Reader,
  transferId: number,
  scans: readonly TransferScan[],
): Promise<Map<string, TransferVerdict>> {
  const answered = new Map<string, TransferVerdict>();
  for (const chunk of chunked(scans.map(({ key }) => key))) {
    const rows = await read.all<LoggedScan>(
      sql`SELECT scan_key, text, outcome, device_id, reason, details FROM transfer_scan
        WHERE transfer_id = ${transferId} AND scan_key IN (${sql.list(chunk)})`,
    );
    for (const row of rows) answered.set(row.scanKey, verdictOfScan(row));
  }
  return answered;
}

async function logVerdicts(
  unit: Unit,
  row: TransferRow,
  phase: 'pick' | 'arrive',
  verdicts: readonly TransferVerdict[],
): Promise<void> {
  if (verdicts.length === 0) return;
  const firstId = unit.takeIds(transferScan, verdicts.length);
  await unit.insert(
    transferScan,
    verdicts.map(({ key, text, outcome, number, deviceId, reason, link }, index) => ({
      id: firstId + index,
      transferId: row.id,
      phase,
      scanKey: key,
      text: shorten(normaliseName(text), 200) || '-',
      outcome,
      deviceId,
      reason: reason.code,
      details: { ...reason.details, number, ...(link ? { link } : {}) },
      scannedAt: unit.now,
      actorId: unit.actor.userId,
      settledAt: null,
    })),
  );
}

/** Puts wrong scans aside: they were looked at and need nothing. */
export function dropTransferScans(
  uow: UnitOfWork,
  actor: Actor,
  { transferId, scanIds }: { transferId: number; scanIds: readonly number[] | 'all' },
  options?: RunOptions,
): Promise<{ dropped: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockTransfer(unit, transferId);
      authorisePhase(actor, row);
      return { dropped: await settleScans(unit, row.id, scanIds) };
    },
    options,
  );
}

export async function settleScans(unit: Unit, transferId: number, scanIds: readonly number[] | 'all'): Promise<number> {
  const open = sql`UPDATE transfer_scan SET settled_at = ${unit.now}
    WHERE transfer_id = ${transferId} AND outcome = 'wrong' AND settled_at IS NULL`;
  if (scanIds === 'all') return unit.execute(open);
  let settled = 0;
  for (const chunk of chunked(scanIds)) settled += await unit.execute(sql`${open} AND id IN (${sql.list(chunk)})`);
  return settled;
}

/** Takes devices off: picked ones out of the transfer, arrived ones back to what is still on the way. */
export function takeOffTransfer(
  uow: UnitOfWork,
  actor: Actor,
  { transferId, rowIds }: { transferId: number; rowIds: readonly number[] },
  options?: RunOptions,
): Promise<{ devices: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockTransfer(unit, transferId);
      authorisePhase(actor, row);
      const picking = phaseOf(row) === 'pick';
      const before = await transferLines(unit, row.id);
      const fewer = new Map<number, number>();
      let devices = 0;
      for (const chunk of chunked(rowIds)) {
        const these = sql`transfer_id = ${row.id} AND id IN (${sql.list(chunk)})`;
        if (!picking) {
          devices += await unit.execute(
            sql`UPDATE transfer_device SET arrived_at = NULL, arrived_by_name = NULL, damaged = ${0}
              WHERE ${these} AND state = 'sent' AND arrived_at IS NOT NULL`,
          );
          continue;
        }
        const found = await unit.all<{ lineId: number; devices: number }>(
          sql`SELECT line_id, COUNT(*) AS devices FROM transfer_device WHERE ${these} AND state = 'picked' GROUP BY line_id`,
        );
        for (const one of found) fewer.set(one.lineId, (fewer.get(one.lineId) ?? 0) + Number(one.devices));
        devices += await unit.execute(sql`DELETE FROM transfer_device WHERE ${these} AND state = 'picked'`);
      }
      if (devices === 0) return { devices };
      const after = before.map((line) => ({ ...line, picked: line.picked - (fewer.get(line.id) ?? 0) }));
      await writeTransfer(unit, row, before, after);
      return { devices };
    },
    options,
  );
}
