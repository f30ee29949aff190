import { addDays } from '../../../kernel';
import {
  createReturn,
  pasteIntoReceipt,
  postReceipt,
  postReturn,
  purchaseReturn,
  readPaste,
  readReturnScan,
  receipt,
  receiptLine,
  receiveExchange,
  recordCreditNote,
  scanIntoReturn,
} from '../../../modules/purchasing';
import { type Reader, sql } from '../../../platform/database';
import type { UnitOfWork } from '../../../platform/unit-of-work';
import type { DemoStore } from '../company';
import type { Market, Story } from '../shelf';
import { numbersOf } from './devices';

const RETURNED_EVERY = 10;
/** Days until others come in their place, and until the supplier's credit note. */
const REPLACED_AFTER = 4;
const CREDITED_AFTER = 6;
/** What is sent back with so many days left, or less, waits for its replacement. */
const OPEN_FROM = 12;

interface Sent {
  returnId: number;
  store: DemoStore;
  exchange: boolean;
  day: number;
}

/** Broken phones go back to the supplier they came from: for others, or for a credit note. The last ones are open. */
export function supplierReturns(): Story {
  const sent: Sent[] = [];
  return async ({ market, uow, date, day, daysLeft }) => {
    for (const one of sent) {
      if (one.exchange && one.day + REPLACED_AFTER === day) await replace(market, uow, one);
      if (!one.exchange && one.day + CREDITED_AFTER === day) {
        const { returnId } = one;
        await recordCreditNote(uow, market.company.accountant, {
          returnId,
          version: await versionOf(uow, returnId),
          creditNoteNumber: `25322${String(returnId).padStart(7, '0').slice(-7)}`,
          creditNoteOn: addDays(date, -1),
        });
      }
    }
    if (daysLeft % RETURNED_EVERY === 1) {
      const exchange = Math.floor(daysLeft / RETURNED_EVERY) % 2 === 1;
      const made = await sendBack(market, uow, { exchange, post: daysLeft > 1 });
      if (made && daysLeft > OPEN_FROM) sent.push({ ...made, exchange, day });
    }
  };
}

const versionOf = async ({ database }: UnitOfWork, id: number): Promise<number> =>
  (await database.read.get(purchaseReturn, id))?.version ?? 0;

/** All broken devices that one store has of one supplier. */
async function sendBack(
  { company }: Market,
  uow: UnitOfWork,
  { exchange, post }: { exchange: boolean; post: boolean },
): Promise<{ returnId: number; store: DemoStore } | null> {
  const broken = await brokenDevices(uow.database.read);
  const [first] = broken;
  const store = company.stores.find(({ id }) => id === first?.storeId);
  if (!first || !store) return null;
  const { id: returnId } = await createReturn(uow, company.buyer, {
    supplierId: first.supplierId,
    storeId: store.id,
    locationId: store.locationId,
    reason: exchange ? '开箱不良，换新' : '质量问题，退货',
    exchange,
    note: null,
  });
  const theirs = broken.filter(({ storeId, supplierId }) => storeId === store.id && supplierId === first.supplierId);
  const numbers = await numbersOf(uow.database.read, theirs);
  await scanIntoReturn(uow, company.buyer, {
    returnId,
    scans: numbers.map((text, n) => readReturnScan(`${returnId}-${n}`, text)),
  });
  if (post) await postReturn(uow, company.buyer, { returnId, version: await versionOf(uow, returnId) });
  return { returnId, store };
}

/** Of receipts whose invoice has come: the others are billed as they stand. */
const brokenDevices = (read: Reader) =>
  read.all<{ id: number; storeId: number; supplierId: number }>(
    sql`SELECT d.id, d.store_id, d.supplier_id FROM device d JOIN receipt_device x ON x.device_id = d.id
        JOIN receipt_line l ON l.id = x.line_id JOIN receipt r ON r.id = l.receipt_id
      WHERE d.state = 'in_stock' AND d.bucket = 'defective' AND r.state = 'posted'
        AND (r.with_invoice = ${true} OR l.cleared_pieces = l.received)
      ORDER BY d.id`,
  );

async function replace({ company, newNumbers }: Market, uow: UnitOfWork, { returnId }: Sent): Promise<void> {
  const { read } = uow.database;
  const { id: receiptId } = await receiveExchange(uow, company.buyer, { returnId });
  for (const line of await read.find(receiptLine, { receiptId })) {
    const model = company.phones.find(({ skuId }) => skuId === line.skuId)?.model;
    if (!model) continue;
    const codes = Array.from({ length: line.quantity ?? 0 }, () => newNumbers(model.tac)).join('\n');
    const scans = readPaste(codes, { lineId: line.id, imeisPerDevice: 2, overrides: new Set() });
    await pasteIntoReceipt(uow, company.buyer, { receiptId, scans, keep: 'all' });
  }
  const version = (await read.get(receipt, receiptId))?.version ?? 0;
  await postReceipt(uow, company.buyer, { receiptId, version, asReceived: true });
}
