import { businessDate, DomainError, fen, type FieldProblem, invalid, stale } from '../../../kernel';
import { activeNumbers, devicesFor, findByNumbers, placeOf, post } from '../../../ledger';
import { sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { skusByIds } from '../../catalog';
import { batchKeyText, ensureBatches } from '../../inventory';
import { valuesOf } from '../domain/device-numbers';
import { lineAmounts } from '../domain/receipt-amounts';
import { deviceRef, type PostedDevice, receiptPosting } from '../domain/receipt-posting';
import { comesBack, numbersToAdd } from '../domain/returning-device';
import { devicesOf, linesOf, lockReceipt, writeDeviceIds, writeTotals } from '../store/receipt.store';
import { type ReceiptDeviceRow, receiptLine, type ReceiptLineRow, type ReceiptRow } from '../store/receipt.table';
import { supplier } from '../store/supplier.table';
import { countReceived } from './count-received';

export interface PostReceipt {
  receiptId: number;
  /** As the page showed it: what is posted is what was seen. */
  version: number;
  /** Where fewer devices were scanned than the delivery note says, post those scanned; lines without any go. */
  asReceived?: boolean | undefined;
}

export interface ReceiptPosted {
  id: number;
  number: string;
  received: number;
}

/** Puts a draft into the books: devices, stock, journal and payable in one transaction, once. */
export function postReceipt(
  uow: UnitOfWork,
  actor: Actor,
  command: PostReceipt,
  options?: RunOptions,
): Promise<ReceiptPosted> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockReceipt(unit, command.receiptId);
      authorise(actor, 'purchasing.receipt.post', row.storeId);
      if (row.state !== 'draft')
        throw new DomainError('purchasing:error.already_posted', { status: 409, details: { number: row.number } });
      if (row.version !== command.version) throw stale();
      return postDraft(unit, row, command.asReceived ?? false);
    },
    options,
  );
}

type KnownDevice = NonNullable<PostedDevice['known']>;

/** The caller has locked the receipt and checked that it may be posted. */
export async function postDraft(unit: Unit, row: ReceiptRow, asReceived = false): Promise<ReceiptPosted> {
  const drafted = await linesOf(unit, row.id);
  const lines = asReceived ? await cutToReceived(unit, row, drafted) : drafted;
  const devices = await devicesOf(unit, row.id);
  const cards = await skusByIds(
    unit,
    lines.map((line) => line.skuId),
  );
  const isSerial = (line: ReceiptLineRow): boolean => cards.get(line.skuId)?.tracking === 'serial';
  checkLines(lines, row, isSerial);
  await countReceived(unit, row, lines);
  const known = await knownDevices(unit, devices);
  const batches = await batchesOf(unit, row, lines, (line) => cards.get(line.skuId)?.tracking === 'batch');
  const party = await unit.get(supplier, row.supplierId);
  const posting = receiptPosting(
    {
      ...row,
      businessDate: businessDate(row.businessDate),
      terms: party ?? { paymentDays: 0 },
      supplierName: party?.name ?? '',
    },
    lines.map((line) => ({
      ...line,
      serial: isSerial(line),
      batchId: batches.get(line.id) ?? null,
      amountFen: fen(line.amountFen),
      taxFen: fen(line.taxFen),
    })),
    devices.map((device) => {
      const before = known.get(device.id);
      return before ? { ...device, known: before } : device;
    }),
  );
  const { deviceIds } = await post(unit, posting);
  await writeDeviceIds(
    unit,
    new Map(devices.map(({ id }) => [id, known.get(id)?.deviceId ?? deviceIds.get(deviceRef(id)) ?? 0] as const)),
  );
  await writeTotals(unit, row, lines, { state: 'posted', postedAt: unit.now, postedBy: unit.actor.userId });
  const received = lines.reduce((sum, line) => sum + line.received, 0);
  await unit.audit({
    action: 'purchasing.receipt.post',
    subjectType: 'purchasing.receipt',
    subjectId: row.id,
    storeId: row.storeId,
    detail: { number: row.number, received, devices: devices.length, supplierId: row.supplierId },
  });
  await unit.publish('purchasing.receipt.posted', { receiptId: row.id, number: row.number, storeId: row.storeId });
  return { id: row.id, number: row.number, received };
}

/** Every reason why the lines cannot be posted, each at its line. */
function checkLines(
  lines: readonly ReceiptLineRow[],
  { businessDate: receivedOn }: ReceiptRow,
  isSerial: (line: ReceiptLineRow) => boolean,
): void {
  if (lines.length === 0) throw invalid('purchasing:error.no_lines');
  const fields: FieldProblem[] = [];
  for (const line of lines) {
    const at = (field: string, code: string): void => {
      const details = { line: line.lineNo, quantity: line.quantity, received: line.received };
      fields.push({ path: `line.${line.lineNo}.${field}`, code, details });
    };
    if (isSerial(line) && line.received !== line.quantity) at('quantity', 'purchasing:error.line_not_scanned');
    if (line.received === 0 && line.received === line.quantity) at('quantity', 'purchasing:error.line_empty');
    if (line.expiresOn !== null && line.expiresOn < receivedOn) at('expiresOn', 'purchasing:error.line_expired');
    if (line.unitPriceFen === null) at('unitPrice', 'purchasing:error.line_without_price');
  }
  if (fields.length > 0) throw invalid('purchasing:error.cannot_post', {}, fields);
}

/**
 * The devices of the receipt that the books know already and that may come again, by row of the receipt; locked. Somebody
 * may have taken a number into the books since it was scanned: all such numbers are named.
 */
async function knownDevices(unit: Unit, devices: readonly ReceiptDeviceRow[]): Promise<Map<number, KnownDevice>> {
  const held = (await findByNumbers(unit, devices.flatMap(valuesOf))).filter(({ active }) => active);
  if (held.length === 0) return new Map();
  const ids = held.map(({ deviceId }) => deviceId);
  const rows = await devicesFor(unit, ids);
  const numbers = await activeNumbers(unit, ids);
  const holders = new Map(held.map(({ number, deviceId }) => [number, deviceId]));
  const found = new Map<number, KnownDevice>();
  const inTheWay: { number: string; deviceId: number }[] = [];
  for (const device of devices) {
    const values = valuesOf(device).filter((value) => holders.has(value));
    const deviceId = holders.get(values[0] ?? '');
    const row = rows.get(deviceId ?? 0);
    if (!deviceId || !row) continue;
    const way = comesBack(row.state);
    const add = numbersToAdd(numbers.get(deviceId) ?? [], device);
    const its = values.every((value) => holders.get(value) === deviceId);
    if (its && add && (way === 'freely' || (way === 'checked' && device.checkOverride)))
      found.set(device.id, { deviceId, place: placeOf(row), costFen: row.costFen, add });
    else inTheWay.push(...values.map((number) => ({ number, deviceId: holders.get(number) ?? deviceId })));
  }
  if (inTheWay.length === 0) return found;
  const fields = inTheWay.slice(0, 20).map(({ number, deviceId }) => ({
    path: `device.${number}`,
    code: 'purchasing:error.number_in_books',
    details: { number, deviceId },
  }));
  const details = { count: inTheWay.length, number: inTheWay[0]?.number };
  throw invalid('purchasing:error.numbers_in_books', details, fields);
}

/** What was not scanned was not received; lines of which nothing came go. */
async function cutToReceived(unit: Unit, row: ReceiptRow, lines: readonly ReceiptLineRow[]): Promise<ReceiptLineRow[]> {
  const kept: ReceiptLineRow[] = [];
  for (const line of lines) {
    if (line.received === 0) {
      await unit.execute(sql`DELETE FROM receipt_line WHERE id = ${line.id}`);
    } else if (line.received === line.quantity) kept.push(line);
    else {
      const changes = { quantity: line.received, ...lineAmounts(line) };
      await unit.update(receiptLine, line.id, changes);
      kept.push({ ...line, ...changes });
    }
  }
  if (kept.length < lines.length || kept.some((line, index) => line !== lines[index]))
    await unit.audit({
      action: 'purchasing.receipt.cut',
      subjectType: 'purchasing.receipt',
      subjectId: row.id,
      storeId: row.storeId,
      detail: { quantity: row.quantity, received: row.received },
    });
  return kept;
}

/** The batch of each line of goods kept by batch; what carries no number is the batch of this receipt. */
async function batchesOf(
  unit: Unit,
  row: ReceiptRow,
  lines: readonly ReceiptLineRow[],
  byBatch: (line: ReceiptLineRow) => boolean,
): Promise<Map<number, number>> {
  const wanted = lines.filter(byBatch).map(({ id, skuId, batchCode, expiresOn }) => ({
    lineId: id,
    batch: { skuId, code: batchCode ?? row.number, expiresOn, receivedOn: row.businessDate },
  }));
  if (wanted.length === 0) return new Map();
  const ids = await ensureBatches(
    unit,
    wanted.map(({ batch }) => batch),
  );
  return new Map(wanted.map(({ lineId, batch }) => [lineId, ids.get(batchKeyText(batch)) ?? 0]));
}
