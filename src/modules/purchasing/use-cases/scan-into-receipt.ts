import { invalid, normaliseName, shorten } from '../../../kernel';
import { chunked, type Reader, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { skusByCodes } from '../../catalog';
import { MAX_DEVICES } from '../domain/receipt-lines';
import { checkScans, type Scan, type ScanCheck, type Verdict } from '../domain/scan-check';
import { knownNumbers } from '../queries/known-numbers';
import { detailsOf, type LoggedScan, verdictOfRow } from '../queries/scan-log';
import { assertDraft, linesOf, lockReceipt, writeReceived, writeTotals } from '../store/receipt.store';
import { receiptDevice, type ReceiptLineRow, type ReceiptRow, receiptScan } from '../store/receipt.table';
import { insertLines } from './add-receipt-lines';

export interface ScanCommand {
  receiptId: number;
  scans: readonly Scan[];
}

export interface ScanAnswer {
  verdicts: Verdict[];
  /** Devices and pieces taken now. */
  added: number;
}

/**
 * Takes scans into a draft one by one: right ones are kept, doubles counted, wrong ones kept for correction. Each comes with
 * the key made where it was scanned; one that comes again gets its first answer and is not counted twice.
 */
export function scanIntoReceipt(
  uow: UnitOfWork,
  actor: Actor,
  command: ScanCommand,
  options?: RunOptions,
): Promise<ScanAnswer> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockReceipt(unit, command.receiptId);
      authorise(actor, 'purchasing.receipt.edit', row.storeId);
      assertDraft(row);
      const answered = await answeredScans(unit, row.id, command.scans);
      const firsts = new Map(command.scans.toReversed().map((scan) => [scan.key, scan]));
      const fresh = command.scans.filter((scan) => !answered.has(scan.key) && firsts.get(scan.key) === scan);
      const { check, added } = await takeScans(unit, row, fresh);
      await logVerdicts(unit, row, check.verdicts);
      const now = new Map(check.verdicts.map((verdict) => [verdict.key, verdict]));
      const verdicts = command.scans.flatMap((scan) => answered.get(scan.key) ?? now.get(scan.key) ?? []);
      return { verdicts, added };
    },
    options,
  );
}

/** Checks scans and writes what is right; the caller decides what becomes of the rest. */
export async function takeScans(
  unit: Unit,
  row: ReceiptRow,
  scans: readonly Scan[],
): Promise<{ check: ScanCheck; added: number }> {
  const present = await linesOf(unit, row.id);
  const { lines, scans: resolved } = await withProducts(unit, row, present, scans);
  const known = await knownNumbers(unit, unit.actor, row, lines, resolved, (await lastSeq(unit, row.id)) + 1);
  const check = checkScans(resolved, known);
  const added = await writeChecked(unit, row, lines, check, lines.length > present.length);
  return { check, added };
}

/** Writes accepted devices and counted pieces with the counts and amounts that follow from them. */
export async function writeChecked(
  unit: Unit,
  row: ReceiptRow,
  lines: readonly ReceiptLineRow[],
  check: ScanCheck,
  linesAdded = false,
): Promise<number> {
  const { devices, counted } = check;
  const inReceipt = lines.reduce((sum, line) => sum + line.received, 0);
  if (inReceipt + devices.length > MAX_DEVICES && devices.length > 0)
    throw invalid('purchasing:error.too_many_devices', { max: MAX_DEVICES });
  if (devices.length > 0) {
    const firstId = unit.takeIds(receiptDevice, devices.length);
    await unit.insert(
      receiptDevice,
      devices.map((device, index) => ({
        id: firstId + index,
        receiptId: row.id,
        ...device,
        addedAt: unit.now,
        addedBy: unit.actor.userId,
        addedByName: unit.actor.name,
      })),
    );
  }
  const more = new Map(counted);
  for (const { lineId } of devices) more.set(lineId, (more.get(lineId) ?? 0) + 1);
  if (more.size === 0 && !linesAdded) return 0;
  const received = new Map(lines.map((line) => [line.id, line.received + (more.get(line.id) ?? 0)]));
  // Pieces counted by their barcode are their quantity.
  const grown = lines.map((line) =>
    counted.has(line.id) ? { ...line, quantity: line.quantity + (counted.get(line.id) ?? 0) } : line,
  );
  await writeTotals(unit, row, await writeReceived(unit, grown, received));
  return [...more.values()].reduce((sum, count) => sum + count, 0);
}

/** Scans that are a product's barcode or code; a product not on the receipt gets a line. */
async function withProducts(
  unit: Unit,
  row: ReceiptRow,
  present: readonly ReceiptLineRow[],
  scans: readonly Scan[],
): Promise<{ lines: ReceiptLineRow[]; scans: Scan[] }> {
  const products = await productsOf(unit, scans);
  const missing = [...new Set([...products.values()].filter((id) => !present.some((line) => line.skuId === id)))];
  const added = await insertLines(
    unit,
    row,
    present,
    missing.map((skuId) => ({ skuId, quantity: null })),
    { countPieces: true },
  );
  const resolved = scans.map((scan) => {
    const skuId = products.get(scan.key);
    return skuId === undefined ? scan : { ...scan, skuId };
  });
  return { lines: [...present, ...added], scans: resolved };
}

async function productsOf(read: Reader, scans: readonly Scan[]): Promise<Map<string, number>> {
  // An IMEI is never a product's code; looking it up would cost a query per scan.
  const candidates = scans.filter(
    ({ identifiers, text }) => identifiers.every(({ kind }) => kind === 'sn') && text.length <= 60,
  );
  const products = new Map<string, number>();
  if (candidates.length === 0) return products;
  const cards = await skusByCodes(
    read,
    candidates.map((scan) => scan.text),
  );
  for (const { key, text } of candidates) {
    const card = cards.get(text);
    if (card?.active && card.tracking !== 'service') products.set(key, card.id);
  }
  return products;
}

export async function lastSeq(read: Reader, receiptId: number): Promise<number> {
  const row = await read.one<{ seq: number | null }>(
    sql`SELECT MAX(seq) AS seq FROM receipt_device WHERE receipt_id = ${receiptId}`,
  );
  return Number(row?.seq ?? 0);
}

async function answeredScans(read: Reader, receiptId: number, scans: readonly Scan[]): Promise<Map<string, Verdict>> {
  const answered = new Map<string, Verdict>();
  for (const chunk of chunked(scans.map((scan) => scan.key))) {
    const rows = await read.all<LoggedScan>(
      sql`SELECT scan_key, text, outcome, line_id, reason, details FROM receipt_scan
        WHERE receipt_id = ${receiptId} AND scan_key IN (${sql.list(chunk)})`,
    );
    for (const row of rows) answered.set(row.scanKey, verdictOfRow(row));
  }
  return answered;
}

const MOST_TEXT = 200;

/** Keeps the answers: the right ones for scans that come again, the wrong ones for correction. */
export async function logVerdicts(unit: Unit, row: ReceiptRow, verdicts: readonly Verdict[]): Promise<void> {
  if (verdicts.length === 0) return;
  const firstId = unit.takeIds(receiptScan, verdicts.length);
  await unit.insert(
    receiptScan,
    verdicts.map((verdict, index) => ({
      id: firstId + index,
      receiptId: row.id,
      scanKey: verdict.key,
      text: storedText(verdict.text),
      outcome: verdict.outcome,
      lineId: verdict.lineId,
      reason: verdict.reason?.code ?? null,
      details: detailsOf(verdict),
      scannedAt: unit.now,
      actorId: unit.actor.userId,
    })),
  );
}

export const storedText = (text: string): string => shorten(normaliseName(text), MOST_TEXT) || '-';
