import { type Reader, sql } from '../../../platform/database';
import { type Actor, authorise, can, COST_PERMISSION } from '../../../platform/permissions';
import { skusByIds, type Tracking } from '../../catalog';
import { getLocation, getStore } from '../../organization';
import type { ReceiptState } from '../domain/receipt-state';
import type { Verdict } from '../domain/scan-check';
import { getReceipt, linesOf } from '../store/receipt.store';
import { supplier } from '../store/supplier.table';
import { type DocumentEvent, documentTimeline } from './document-timeline';
import { OVERRIDE_PERMISSION } from './known-numbers';
import { ordersOfLines } from './open-order-lines';
import { returnsOfLines } from './replacements';
import { verdictOfRow } from './scan-log';

export interface ReceiptLineView {
  id: number;
  lineNo: number;
  skuId: number;
  skuCode: string;
  skuName: string;
  tracking: Tracking;
  quantity: number;
  countsScans: boolean;
  received: number;
  batchCode: string | null;
  expiresOn: string | null;
  /** Received against it; absent for others. */
  order?: { orderId: number; number: string };
  /** Sent by the supplier in place of goods of this return; absent for others. */
  replaces?: { returnId: number; number: string };
  version: number;
  priced: boolean;
  /** Tax-inclusive; absent without the right to see cost. */
  unitPriceFen?: number | null;
  amountFen?: number;
}

export interface OpenScan extends Verdict {
  id: number;
  scannedAt: number;
}

export interface ReceiptView {
  id: number;
  number: string;
  state: ReceiptState;
  version: number;
  storeId: number;
  storeName: string;
  locationId: number;
  locationName: string;
  supplierId: number;
  supplierName: string;
  supplierCode: string;
  paymentDays: number;
  businessDate: string;
  deliveryNote: string | null;
  withInvoice: boolean;
  note: string | null;
  blind: boolean;
  /** Nothing of it waits for an invoice any more. */
  cleared: boolean;
  quantity: number;
  received: number;
  createdAt: number;
  postedAt: number | null;
  reversedAt: number | null;
  reversalNumber: string | null;
  reversalReason: string | null;
  /** Absent without the right to see cost. */
  money?: { netFen: number; taxFen: number; grossFen: number };
  lines: ReceiptLineView[];
}

/** A receipt with its lines as this reader may see it. Throws 404, or 403 outside the reader's stores. */
export async function receiptView(read: Reader, actor: Actor, id: number): Promise<ReceiptView> {
  const row = await getReceipt(read, id);
  authorise(actor, 'purchasing.receipt.view', row.storeId);
  const seesCost = can(actor, COST_PERMISSION, row.storeId);
  const lines = await linesOf(read, id);
  const cards = await skusByIds(
    read,
    lines.map((line) => line.skuId),
  );
  const ordered = lines.some(({ orderLineId }) => orderLineId !== null);
  const orders = ordered ? await ordersOfLines(read, id) : new Map<number, { orderId: number; number: string }>();
  const returns = await returnsOfLines(
    read,
    lines.map(({ returnLineId }) => returnLineId),
  );
  const party = await read.get(supplier, row.supplierId);
  const { netFen, taxFen, grossFen } = row;
  return {
    id: row.id,
    number: row.number,
    state: row.state,
    version: row.version,
    storeId: row.storeId,
    storeName: (await getStore(read, row.storeId)).name,
    locationId: row.locationId,
    locationName: (await getLocation(read, row.locationId)).name,
    supplierId: row.supplierId,
    supplierName: party?.name ?? '',
    supplierCode: party?.code ?? '',
    paymentDays: party?.paymentDays ?? 0,
    businessDate: row.businessDate,
    deliveryNote: row.deliveryNote,
    withInvoice: row.withInvoice,
    note: row.note,
    blind: row.blind === true,
    cleared: lines.every(
      ({ received, clearedPieces, clearedFen, amountFen, taxFen: lineTaxFen }) =>
        (clearedPieces ?? 0) >= received && (clearedFen ?? 0) >= amountFen - lineTaxFen,
    ),
    quantity: row.quantity,
    received: row.received,
    createdAt: row.createdAt,
    postedAt: row.postedAt,
    reversedAt: row.reversedAt,
    reversalNumber: row.reversalNumber,
    reversalReason: row.reversalReason,
    ...(seesCost ? { money: { netFen, taxFen, grossFen } } : {}),
    lines: lines.map(({ orderLineId, returnLineId, unitPriceFen, amountFen, ...stored }) => {
      const {
        taxFen: _tax,
        taxRateBp: _rate,
        receiptId: _receipt,
        clearedPieces: _pieces,
        clearedFen: _fen,
        ...line
      } = stored;
      const replaces = returns.get(returnLineId ?? 0);
      const card = cards.get(line.skuId);
      const order = orders.get(orderLineId ?? 0);
      return {
        ...line,
        ...(order ? { order } : {}),
        ...(replaces ? { replaces } : {}),
        skuCode: card?.code ?? '',
        skuName: card?.name ?? '',
        tracking: card?.tracking ?? 'plain',
        priced: unitPriceFen !== null,
        ...(seesCost ? { unitPriceFen, amountFen } : {}),
      };
    }),
  };
}

export interface ScanState {
  tally: { right: number; double: number; wrong: number };
  /** The last scans, newest first. */
  log: (Verdict & { scannedAt: number })[];
  /** Wrong ones not corrected yet, oldest first; at most 100. */
  open: OpenScan[];
  mayOverride: boolean;
}

const LOG_LINES = 6;
const MOST_OPEN = 100;

/** What the scan panel of a draft shows. */
export async function scanState(read: Reader, actor: Actor, receiptId: number, storeId: number): Promise<ScanState> {
  const devices = await read.one<{ devices: number }>(
    sql`SELECT COUNT(*) AS devices FROM receipt_device WHERE receipt_id = ${receiptId}`,
  );
  const counts = await read.all<{ outcome: string; scans: number }>(
    sql`SELECT outcome, COUNT(*) AS scans FROM receipt_scan
      WHERE receipt_id = ${receiptId} AND settled_at IS NULL AND outcome <> 'right' GROUP BY outcome`,
  );
  const of = (outcome: string): number => Number(counts.find((row) => row.outcome === outcome)?.scans ?? 0);
  const newest = await read.all<LoggedRow>(
    sql`SELECT id, scan_key, text, outcome, line_id, reason, details, scanned_at FROM receipt_scan
      WHERE receipt_id = ${receiptId} ORDER BY id DESC ${sql.limit(LOG_LINES)}`,
  );
  const open = await read.all<LoggedRow>(
    sql`SELECT id, scan_key, text, outcome, line_id, reason, details, scanned_at FROM receipt_scan
      WHERE receipt_id = ${receiptId} AND outcome = 'wrong' AND settled_at IS NULL ORDER BY id ${sql.limit(MOST_OPEN)}`,
  );
  const view = (row: LoggedRow) => ({ ...verdictOfRow(row), id: row.id, scannedAt: row.scannedAt });
  return {
    tally: { right: Number(devices?.devices ?? 0), double: of('double'), wrong: of('wrong') },
    log: newest.map(view),
    open: open.map(view),
    mayOverride: can(actor, OVERRIDE_PERMISSION, storeId),
  };
}

type LoggedRow = Parameters<typeof verdictOfRow>[0] & { id: number; scannedAt: number };

/** `what`: also `scan`. */
export interface TimelineEntry extends DocumentEvent {
  count?: number;
}

/** Who did what, newest first: the audit log, and who scanned how many. */
export async function receiptTimeline(read: Reader, receiptId: number): Promise<TimelineEntry[]> {
  const audit = await documentTimeline(read, 'purchasing.receipt', receiptId);
  const scans = await read.all<{ addedByName: string; devices: number; last: number }>(
    sql`SELECT added_by_name, COUNT(*) AS devices, MAX(added_at) AS last FROM receipt_device
      WHERE receipt_id = ${receiptId} GROUP BY added_by_name`,
  );
  const entries = [
    ...audit,
    ...scans.map(({ addedByName, devices, last }) => ({
      who: addedByName,
      what: 'scan',
      at: Number(last),
      count: Number(devices),
      detail: {},
    })),
  ];
  return entries.sort((a, b) => b.at - a.at);
}
