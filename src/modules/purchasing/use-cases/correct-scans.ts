import { chunked, decodeRow, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { readScan } from '../domain/read-scans';
import type { Verdict } from '../domain/scan-check';
import { detailsOf } from '../queries/scan-log';
import { assertDraft, lockReceipt } from '../store/receipt.store';
import { receiptScan, type ReceiptScanRow } from '../store/receipt.table';
import { storedText, takeScans } from './scan-into-receipt';

export interface Correction {
  scanId: number;
  text: string;
  /** Line of the receipt; null: by model. */
  lineId: number | null;
  override: boolean;
}

/** Checks corrected scans again: right and double ones are settled, the others keep the new text and reason. */
export function correctScans(
  uow: UnitOfWork,
  actor: Actor,
  command: { receiptId: number; corrections: readonly Correction[] },
  options?: RunOptions,
): Promise<{ added: number; wrong: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockReceipt(unit, command.receiptId);
      authorise(actor, 'purchasing.receipt.edit', row.storeId);
      assertDraft(row);
      const open = new Map((await openScans(unit, row.id, command.corrections)).map((scan) => [scan.id, scan]));
      const corrections = command.corrections.filter(({ scanId }) => open.has(scanId));
      const scans = corrections.map(({ scanId, text, lineId, override }) =>
        readScan(String(scanId), text, lineId, override),
      );
      const { check, added } = await takeScans(unit, row, scans);
      for (const verdict of check.verdicts) {
        if (verdict.outcome === 'wrong') await keepWrong(unit, Number(verdict.key), verdict);
      }
      const settled = check.verdicts.filter(({ outcome }) => outcome !== 'wrong').map(({ key }) => Number(key));
      await settle(unit, row.id, settled);
      return { added, wrong: check.verdicts.length - settled.length };
    },
    options,
  );
}

/** Puts wrong scans aside: they are no longer asked about. */
export function dropScans(
  uow: UnitOfWork,
  actor: Actor,
  command: { receiptId: number; scanIds: readonly number[] },
  options?: RunOptions,
): Promise<{ dropped: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockReceipt(unit, command.receiptId);
      authorise(actor, 'purchasing.receipt.edit', row.storeId);
      assertDraft(row);
      return { dropped: await settle(unit, row.id, command.scanIds) };
    },
    options,
  );
}

async function openScans(unit: Unit, receiptId: number, corrections: readonly Correction[]): Promise<ReceiptScanRow[]> {
  const rows: ReceiptScanRow[] = [];
  for (const chunk of chunked(corrections.map(({ scanId }) => scanId))) {
    const found = await unit.all<Record<string, unknown>>(
      sql`SELECT * FROM receipt_scan WHERE receipt_id = ${receiptId} AND id IN (${sql.list(chunk)})
        AND outcome = 'wrong' AND settled_at IS NULL`,
    );
    rows.push(...found.map((raw) => decodeRow(receiptScan, raw)));
  }
  return rows;
}

async function keepWrong(unit: Unit, scanId: number, verdict: Verdict): Promise<void> {
  await unit.update(receiptScan, scanId, {
    text: storedText(verdict.text),
    reason: verdict.reason?.code ?? null,
    details: detailsOf(verdict),
    lineId: verdict.lineId,
  });
}

async function settle(unit: Unit, receiptId: number, scanIds: readonly number[]): Promise<number> {
  let settled = 0;
  for (const chunk of chunked(scanIds))
    settled += await unit.execute(
      sql`UPDATE receipt_scan SET settled_at = ${unit.now}
        WHERE receipt_id = ${receiptId} AND outcome = 'wrong' AND settled_at IS NULL AND id IN (${sql.list(chunk)})`,
    );
  return settled;
}
