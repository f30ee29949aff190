import { expect } from 'chai';
import { devicesFor, findByNumbers, openItem, post, verifyLedger } from '../../../src/ledger';
import {
  addReceiptLines,
  createReceipt,
  pasteIntoReceipt,
  PasteRefused,
  postReceipt,
  readPaste,
  readScan,
  receipt,
  receiptDevice,
  receiveGoods,
  reverseReceipt,
  scanIntoReceipt,
} from '../../../src/modules/purchasing';
import { supplierBalance } from '../../../src/modules/purchasing/queries/suppliers';
import { changeReceiptLines } from '../../../src/modules/purchasing/use-cases/change-receipt-lines';
import { correctScans } from '../../../src/modules/purchasing/use-cases/correct-scans';
import { removeReceiptDevices } from '../../../src/modules/purchasing/use-cases/remove-from-receipt';
import { type Database, sql } from '../../../src/platform/database';
import { COST_PERMISSION, systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { actorWith } from '../../support/actors';
import { forEachDatabase } from '../../support/databases';
import { draftReceipt, imeiOf, imeisOf, samplePurchasing, type SamplePurchasing } from '../../support/purchasing';
import { document, sale } from '../../support/ledger-documents';
import { refusal } from '../../support/refusal';

const system = systemActor('test');
const clock = () => Date.parse('2026-11-22T04:00:00Z');

const listOf = (codes: string[], lineId: number | null = null) =>
  readPaste(codes.join('\n'), { lineId, imeisPerDevice: 2, overrides: new Set() });

/** A draft with two handsets scanned and ten chargers. */
async function filledDraft(uow: UnitOfWork, sample: SamplePurchasing, codes = imeisOf(2), withInvoice = false) {
  const { id } = await draftReceipt(uow, sample, { withInvoice });
  const { lineIds } = await addReceiptLines(uow, system, {
    receiptId: id,
    lines: [
      { skuId: sample.phoneSkuIds[0], quantity: codes.length, unitPriceFen: 392_000 },
      { skuId: sample.chargerSkuId, quantity: 10, unitPriceFen: 5_650 },
    ],
  });
  await pasteIntoReceipt(uow, system, { receiptId: id, scans: listOf(codes, lineIds[0]), keep: 'all' });
  return { id, lineIds: lineIds as [number, number] };
}

async function versionOf(database: Database, id: number): Promise<number> {
  return (await database.read.get(receipt, id))?.version ?? 0;
}

const count = async (database: Database, table: string): Promise<number> =>
  Number((await database.read.one<{ n: number }>(sql`SELECT COUNT(*) AS n FROM ${sql.identifier(table)}`))?.n);

async function expectBooksRight(database: Database): Promise<void> {
  const { ok, checks } = await verifyLedger(database.read, []);
  expect(checks.filter((check) => !check.ok)).to.eql([]);
  expect(ok).to.equal(true);
}

describe('a purchase receipt', function () {
  this.timeout(60_000);
  forEachDatabase((context) => {
    it('puts devices, stock, journal and payable into the books, and takes them out again', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const { id } = await filledDraft(uow, sample, imeisOf(2), true);
      const posted = await postReceipt(uow, system, { receiptId: id, version: await versionOf(database, id) });
      expect(posted.received).to.equal(12);
      const row = await database.read.get(receipt, id);
      expect(row).to.include({ state: 'posted', received: 12, grossFen: 840_500, netFen: 743_805, taxFen: 96_695 });
      const found = await findByNumbers(database.read, imeisOf(2));
      expect(found.map(({ state, storeId, active }) => [state, storeId, active])).to.eql([
        ['in_stock', sample.storeId, true],
        ['in_stock', sample.storeId, true],
      ]);
      const devices = await database.read.find(receiptDevice, { receiptId: id });
      expect(devices.map(({ deviceId }) => deviceId)).to.have.members(found.map(({ deviceId }) => deviceId));
      const stock = await database.read.all<{ quantity: number; valueFen: number }>(
        sql`SELECT quantity, value_fen FROM stock_balance WHERE sku_id = ${sample.chargerSkuId}`,
      );
      expect(stock).to.eql([{ quantity: 10, valueFen: 50_000 }]);
      const items = await database.read.all<{ amountFen: number; dueOn: string; partyId: number }>(
        sql`SELECT amount_fen, due_on, party_id FROM open_item`,
      );
      expect(items).to.eql([{ amountFen: 840_500, dueOn: '2026-12-20', partyId: sample.supplierId }]);
      const events = await database.read.all(
        sql`SELECT name FROM outbox_event WHERE name = 'purchasing.receipt.posted'`,
      );
      expect(events).to.have.length(1);
      await expectBooksRight(database);

      const version = await versionOf(database, id);
      await reverseReceipt(uow, system, { receiptId: id, version, reason: '送错了货' });
      expect(await database.read.get(receipt, id)).to.include({ state: 'reversed', reversalReason: '送错了货' });
      expect((await findByNumbers(database.read, imeisOf(2))).filter(({ active }) => active)).to.eql([]);
      await expectBooksRight(database);

      // The numbers are free again.
      const again = await filledDraft(uow, sample);
      await postReceipt(uow, system, { receiptId: again.id, version: await versionOf(database, again.id) });
      await expectBooksRight(database);
    });

    it('accrues goods that came without their invoice', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const { id } = await filledDraft(uow, sample);
      await postReceipt(uow, system, { receiptId: id, version: await versionOf(database, id) });
      const lines = await database.read.all<{ code: string; debitFen: number; creditFen: number }>(
        sql`SELECT a.code, SUM(j.debit_fen) AS debit_fen, SUM(j.credit_fen) AS credit_fen
          FROM journal_line j JOIN account a ON a.id = j.account_id GROUP BY a.code ORDER BY a.code`,
      );
      expect(lines.map(({ code, debitFen, creditFen }) => [code, Number(debitFen), Number(creditFen)])).to.eql([
        ['1405', 743_805, 0],
        ['2202.02', 0, 743_805],
      ]);
      const [item] = await database.read.find(openItem, { partyType: 'supplier', partyId: sample.supplierId });
      expect(item).to.include({ direction: 'accrued', amountFen: 743_805, settledFen: 0, dueOn: null });
      const balance = await supplierBalance(database.read, system, sample.supplierId, '2026-11-22');
      expect(balance).to.include({ accruedFen: 743_805, openFen: 0, items: 0 });
      await expectBooksRight(database);

      const version = await versionOf(database, id);
      await reverseReceipt(uow, system, { receiptId: id, version, reason: '送错了货' });
      const after = await supplierBalance(database.read, system, sample.supplierId, '2026-11-22');
      expect(after.accruedFen).to.equal(0);
      await expectBooksRight(database);
    });

    it('is posted once, however often the same operation comes', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const { id } = await filledDraft(uow, sample);
      const command = { receiptId: id, version: await versionOf(database, id) };
      const results = await Promise.all(
        [1, 2, 3].map(() => postReceipt(uow, system, command, { operationKey: 'post-receipt-1' })),
      );
      expect(new Set(results.map(({ number }) => number)).size).to.equal(1);
      expect(await count(database, 'posting')).to.equal(1);
      expect(await count(database, 'device')).to.equal(2);
    });

    it('is posted by one of two people; the other sees that it was', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const { id } = await filledDraft(uow, sample);
      const command = { receiptId: id, version: await versionOf(database, id) };
      const results = await Promise.allSettled([
        postReceipt(uow, system, command, { operationKey: 'clerk-one-1' }),
        postReceipt(uow, system, command, { operationKey: 'clerk-two-1' }),
      ]);
      expect(results.map(({ status }) => status).sort()).to.eql(['fulfilled', 'rejected']);
      const lost = results.find((result) => result.status === 'rejected');
      expect(lost?.status === 'rejected' && lost.reason).to.include({
        code: 'purchasing:error.already_posted',
        status: 409,
      });
      expect(await count(database, 'posting')).to.equal(1);
      await expectBooksRight(database);
    });

    it('is not posted from a page that is out of date', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const { id, lineIds } = await filledDraft(uow, sample);
      const seen = await versionOf(database, id);
      await changeReceiptLines(uow, system, {
        receiptId: id,
        lines: [{ id: lineIds[1], version: 1, quantity: 12, unitPriceFen: 5_650 }],
      });
      expect((await refusal(postReceipt(uow, system, { receiptId: id, version: seen }))).code).to.equal('errors:stale');
    });

    it('is posted complete, or as it came when somebody says so', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const { id } = await draftReceipt(uow, sample);
      const { lineIds } = await addReceiptLines(uow, system, {
        receiptId: id,
        lines: [
          { skuId: sample.phoneSkuIds[0], quantity: 3, unitPriceFen: 392_000 },
          { skuId: sample.phoneSkuIds[1], quantity: 2, unitPriceFen: 400_000 },
        ],
      });
      await pasteIntoReceipt(uow, system, { receiptId: id, scans: listOf(imeisOf(2), lineIds[0]), keep: 'all' });
      const version = await versionOf(database, id);
      const refused = await refusal(postReceipt(uow, system, { receiptId: id, version }));
      expect(refused.fields.map(({ path, code }) => [path, code])).to.eql([
        ['line.1.quantity', 'purchasing:error.line_not_scanned'],
        ['line.2.quantity', 'purchasing:error.line_not_scanned'],
      ]);
      await postReceipt(uow, system, { receiptId: id, version, asReceived: true });
      expect(await database.read.get(receipt, id)).to.include({
        received: 2,
        quantity: 2,
        lineCount: 1,
        grossFen: 784_000,
      });
      await expectBooksRight(database);
    });

    it('checks a whole list before it writes any of it', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const first = await filledDraft(uow, sample, imeisOf(2));
      await postReceipt(uow, system, { receiptId: first.id, version: await versionOf(database, first.id) });
      const other = await filledDraft(uow, sample, [imeiOf(50)]);
      const { id } = await draftReceipt(uow, sample);
      const { lineIds } = await addReceiptLines(uow, system, {
        receiptId: id,
        lines: [{ skuId: sample.phoneSkuIds[0], quantity: null, unitPriceFen: 100 }],
      });
      const codes = [imeiOf(10), imeiOf(1), imeiOf(50), '8.6742E+14', imeiOf(10), imeiOf(11)];
      const scans = listOf(codes, lineIds[0]);
      const refused = await refusal(pasteIntoReceipt(uow, system, { receiptId: id, scans, keep: 'all' }));
      expect(refused).to.be.instanceOf(PasteRefused);
      expect((refused as PasteRefused).verdicts.map(({ outcome, reason }) => [outcome, reason?.code])).to.eql([
        ['right', 'purchasing:scan.right'],
        ['wrong', 'purchasing:scan.held.in_stock'],
        ['wrong', 'purchasing:scan.in_draft'],
        ['wrong', 'errors:imei.excel_number'],
        ['double', 'purchasing:scan.double'],
        ['right', 'purchasing:scan.right'],
      ]);
      expect(await database.read.find(receiptDevice, { receiptId: id })).to.eql([]);
      const done = await pasteIntoReceipt(uow, system, { receiptId: id, scans, keep: 'right' });
      expect(done).to.eql({ added: 2, doubles: 1, wrong: 3 });
      expect(await database.read.get(receipt, id)).to.include({ received: 2, quantity: 2 });

      // The wrong ones wait; one is corrected, one stays wrong with its new text.
      const open = await database.read.all<{ id: number; text: string }>(
        sql`SELECT id, text FROM receipt_scan WHERE receipt_id = ${id} AND settled_at IS NULL ORDER BY id`,
      );
      expect(open.map(({ text }) => text)).to.eql([imeiOf(1), imeiOf(50), '8.6742E+14']);
      const corrected = await correctScans(uow, system, {
        receiptId: id,
        corrections: [
          { scanId: open[2]?.id ?? 0, text: imeiOf(12), lineId: lineIds[0] ?? 0, override: false },
          { scanId: open[0]?.id ?? 0, text: imeiOf(2), lineId: lineIds[0] ?? 0, override: false },
        ],
      });
      expect(corrected).to.eql({ added: 1, wrong: 1 });
      expect(other.id).to.be.greaterThan(0);
    });

    it('answers a scan that is sent again as it did the first time', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const { id } = await draftReceipt(uow, sample);
      await addReceiptLines(uow, system, {
        receiptId: id,
        lines: [{ skuId: sample.phoneSkuIds[0], quantity: 5, unitPriceFen: 100 }],
      });
      const batch = [readScan('a', imeiOf(1), null), readScan('b', imeiOf(1), null), readScan('c', 'nonsense', null)];
      const [one, two] = [
        await scanIntoReceipt(uow, system, { receiptId: id, scans: batch }),
        await scanIntoReceipt(uow, system, { receiptId: id, scans: [...batch, readScan('d', imeiOf(2), null)] }),
      ];
      expect(one.verdicts.map(({ outcome }) => outcome)).to.eql(['right', 'double', 'wrong']);
      expect(two.verdicts.map(({ outcome }) => outcome)).to.eql(['right', 'double', 'wrong', 'right']);
      expect(await database.read.find(receiptDevice, { receiptId: id })).to.have.length(2);
    });

    it('takes scans of two people at once without losing or doubling one', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const { id } = await draftReceipt(uow, sample);
      await addReceiptLines(uow, system, {
        receiptId: id,
        lines: [{ skuId: sample.phoneSkuIds[0], quantity: null, unitPriceFen: 100 }],
      });
      const person = (name: string, from: number) =>
        Promise.all(
          [0, 1, 2, 3].map((batch) =>
            scanIntoReceipt(uow, actorWith({ 'purchasing.receipt.edit': 'all' }, name), {
              receiptId: id,
              scans: imeisOf(10, from + batch * 10).map((code, place) =>
                readScan(`${name}${batch}-${place}`, code, null),
              ),
            }),
          ),
        );
      await Promise.all([person('a', 1), person('b', 21)]);
      const rows = await database.read.find(receiptDevice, { receiptId: id });
      expect(new Set(rows.map(({ mainNumber }) => mainNumber)).size).to.equal(60);
      expect(rows).to.have.length(60);
      expect(new Set(rows.map(({ seq }) => seq)).size).to.equal(60);
      expect(await database.read.get(receipt, id)).to.include({ received: 60, quantity: 60 });
    });

    it('chooses lines and counts goods by product barcodes', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const { id } = await draftReceipt(uow, sample);
      const { verdicts } = await scanIntoReceipt(uow, system, {
        receiptId: id,
        scans: ['6934177700019', '6934177700019', 'MI17-02', imeiOf(1)].map((code, index) =>
          readScan(`k${index}`, code, null),
        ),
      });
      expect(verdicts.map(({ outcome }) => outcome)).to.eql(['right', 'right', 'right', 'right']);
      const lines = await database.read.all<{ skuId: number; quantity: number; received: number }>(
        sql`SELECT sku_id, quantity, received FROM receipt_line WHERE receipt_id = ${id} ORDER BY line_no`,
      );
      expect(lines).to.eql([
        { skuId: sample.chargerSkuId, quantity: 2, received: 2 },
        { skuId: sample.phoneSkuIds[1], quantity: 1, received: 1 },
      ]);
    });

    it('gives devices back when they are taken off', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const { id } = await filledDraft(uow, sample, imeisOf(3));
      const [row] = await database.read.find(receiptDevice, { receiptId: id });
      await removeReceiptDevices(uow, system, { receiptId: id, deviceIds: [row?.id ?? 0] });
      expect(await database.read.get(receipt, id)).to.include({ received: 12, quantity: 13, grossFen: 840_500 });
    });

    it('takes last prices for who does not see cost', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const { id } = await filledDraft(uow, sample);
      await postReceipt(uow, system, { receiptId: id, version: await versionOf(database, id) });
      const next = await draftReceipt(uow, sample);
      const keeper = actorWith({ 'purchasing.receipt.edit': [sample.storeId] });
      await addReceiptLines(uow, keeper, {
        receiptId: next.id,
        lines: [{ skuId: sample.phoneSkuIds[0], quantity: 1, unitPriceFen: 1 }],
      });
      const lines = await database.read.all<{ unitPriceFen: number }>(
        sql`SELECT unit_price_fen FROM receipt_line WHERE receipt_id = ${next.id}`,
      );
      expect(lines).to.eql([{ unitPriceFen: 392_000 }]);
      const buyer = actorWith({ 'purchasing.receipt.edit': [sample.storeId], [COST_PERMISSION]: 'all' });
      const elsewhere = actorWith({ 'purchasing.receipt.edit': [sample.otherStoreId] });
      const lineOf = { receiptId: next.id, lines: [{ skuId: sample.phoneSkuIds[1], quantity: 1, unitPriceFen: 5 }] };
      expect((await refusal(addReceiptLines(uow, elsewhere, lineOf))).status).to.equal(403);
      await addReceiptLines(uow, buyer, lineOf);
    });

    it('of a thousand devices posts in a few dozens of statements', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const { id } = await filledDraft(uow, sample, imeisOf(1000));
      const version = await versionOf(database, id);
      let statements = 0;
      const counting: UnitOfWork = {
        database,
        run: (actor, work, options) =>
          uow.run(
            actor,
            (unit) => {
              statements = 0;
              const counted = Object.assign(Object.create(unit) as typeof unit, {
                all: (query: Parameters<typeof unit.all>[0]) => ((statements += 1), unit.all(query)),
                execute: (query: Parameters<typeof unit.execute>[0]) => ((statements += 1), unit.execute(query)),
                insert: (table: Parameters<typeof unit.insert>[0], rows: Parameters<typeof unit.insert>[1]) => {
                  statements += Math.ceil(rows.length / Math.max(1, Math.floor(2000 / table.specs.length)));
                  return unit.insert(table, rows);
                },
              });
              return work(counted);
            },
            options,
          ),
      };
      const posted = await postReceipt(counting, system, { receiptId: id, version });
      expect(posted.received).to.equal(1010);
      expect(statements).to.be.lessThan(100);
      expect(await count(database, 'device')).to.equal(1000);
      await expectBooksRight(database);
    });

    it('is not reversed once a device is sold: the refusal names the device and the sale', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const { id } = await filledDraft(uow, sample);
      await postReceipt(uow, system, { receiptId: id, version: await versionOf(database, id) });
      const [sold] = await findByNumbers(database.read, [imeiOf(1)]);
      const shop = { storeId: sample.storeId, locationId: sample.locationId };
      const doc = document('sales.sale', shop);
      await uow.run(system, async (unit) => {
        const devices = await devicesFor(unit, [sold?.deviceId ?? 0]);
        await post(unit, sale([...devices.values()], 449_900, undefined, shop, doc));
      });
      const version = await versionOf(database, id);
      const refused = await refusal(reverseReceipt(uow, system, { receiptId: id, version, reason: '送错了' }));
      expect(refused).to.include({ code: 'purchasing:error.cannot_reverse', status: 409 });
      expect(refused.fields).to.eql([
        {
          path: `device.${imeiOf(1)}`,
          code: 'purchasing:error.device_gone',
          details: { device: imeiOf(1), document: doc.number },
        },
      ]);
      expect(await database.read.get(receipt, id)).to.include({ state: 'posted', version });
      await expectBooksRight(database);
    });

    it('is received in one step by programs, or not at all', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const command = {
        supplierId: sample.supplierId,
        storeId: sample.storeId,
        locationId: sample.locationId,
        businessDate: '2026-11-21',
        deliveryNote: null,
        withInvoice: false,
        note: null,
        lines: [{ skuId: sample.phoneSkuIds[0], quantity: 2, unitPriceFen: 300_000, devices: imeisOf(2) }],
      };
      await receiveGoods(uow, system, command);
      expect(await refusal(receiveGoods(uow, system, command))).to.be.instanceOf(PasteRefused);
      expect(await count(database, 'receipt')).to.equal(1);
      await expectBooksRight(database);
    });

    it('says at each field what is wrong with its head', async () => {
      const { uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const wrong = await refusal(
        createReceipt(uow, system, {
          supplierId: 999_999,
          storeId: sample.storeId,
          locationId: sample.otherLocationId,
          businessDate: '2026-11-30',
          deliveryNote: 'x'.repeat(61),
          withInvoice: false,
          note: null,
        }),
      );
      expect(wrong.fields.map(({ path }) => path)).to.eql(['supplierId', 'locationId', 'businessDate', 'deliveryNote']);
    });
  });
});
