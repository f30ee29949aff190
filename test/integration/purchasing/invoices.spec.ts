import { expect } from 'chai';
import { device, deviceLife, devicesFor, findByNumbers, openItem, post, verifyLedger } from '../../../src/ledger';
import {
  addOtherLine,
  addReturnLine,
  approveInvoice,
  changeInvoiceLines,
  createInvoice,
  receiptLine,
  receiveGoods,
  reverseInvoice,
  reverseReceipt,
  submitInvoice,
  takeReceived,
} from '../../../src/modules/purchasing';
import {
  supplierInvoice,
  supplierInvoiceLine,
  supplierInvoiceShare,
} from '../../../src/modules/purchasing/store/invoice.table';
import { receipt } from '../../../src/modules/purchasing/store/receipt.table';
import { deleteInvoice } from '../../../src/modules/purchasing/use-cases/save-invoice';
import { type Database, sql } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import { actorWith } from '../../support/actors';
import { forEachDatabase } from '../../support/databases';
import { draftInvoice, invoiceVersion, linesOfReceipt, postInvoiceNow } from '../../support/invoices';
import { document, sale } from '../../support/ledger-documents';
import { imeiOf, imeisOf, samplePurchasing, type SamplePurchasing } from '../../support/purchasing';
import { refusal } from '../../support/refusal';
import { draftReturn, postReturnNow, receiveSample } from '../../support/returns';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';

const system = systemActor('test');
const clock = () => Date.parse('2026-11-22T04:00:00Z');
/** Of the sample: a handset 3,920.00, ten chargers 565.00. */
const PHONE = 392_000;
const PHONE_NET = 346_903;

async function expectBooksRight(database: Database): Promise<void> {
  const { checks } = await verifyLedger(database.read, []);
  expect(checks.filter(({ ok }) => !ok)).to.eql([]);
}

/** What is open with suppliers, by direction. */
async function openFen(database: Database): Promise<Record<string, number>> {
  const rows = await database.read.all<{ direction: string; leftFen: number }>(
    sql`SELECT direction, SUM(amount_fen - settled_fen) AS left_fen FROM open_item GROUP BY direction`,
  );
  return Object.fromEntries(rows.map(({ direction, leftFen }) => [direction, Number(leftFen)]));
}

async function accountFen(database: Database, role: string): Promise<number> {
  const row = await database.read.one<{ net: number | null }>(
    sql`SELECT SUM(l.debit_fen - l.credit_fen) AS net FROM journal_line l
      JOIN account_role r ON r.account_id = l.account_id WHERE r.role = ${role}`,
  );
  return Number(row?.net ?? 0);
}

const sell = (uow: UnitOfWork, sample: SamplePurchasing, number: string) =>
  uow.run(system, async (unit) => {
    const [found] = await findByNumbers(unit, [number]);
    const rows = await devicesFor(unit, [found!.deviceId]);
    const shop = { storeId: sample.storeId, locationId: sample.locationId };
    await post(unit, sale([...rows.values()], 400_000, undefined, shop, document('sales.sale', shop)));
  });

const costs = async (database: Database): Promise<number[]> =>
  (await database.read.find(device, {})).toSorted((a, b) => a.id - b.id).map(({ costFen }) => costFen);

describe('a supplier invoice', function () {
  this.timeout(60_000);
  forEachDatabase((context) => {
    const begin = async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      return { database, uow, sample };
    };

    it('turns what was accrued into a payable with its due date and input tax, once, and back', async () => {
      const { database, uow, sample } = await begin();
      const { id: receiptId } = await receiveSample(uow, sample, imeisOf(2));
      const totalFen = 2 * PHONE + 56_500;
      const lineIds = await linesOfReceipt(database, receiptId);
      const { id } = await draftInvoice(uow, sample, lineIds, { totalFen });
      expect(await database.read.get(supplierInvoice, id)).to.include({
        dueOn: '2026-12-21',
        grossFen: totalFen,
        taxFen: totalFen - 2 * PHONE_NET - 50_000 + (2 * PHONE_NET - 693_805),
        quantity: 12,
        beyondLines: 0,
      });
      const both = await Promise.allSettled([postInvoiceNow(database, uow, id), postInvoiceNow(database, uow, id)]);
      expect(both.map(({ status }) => status).sort()).to.eql(['fulfilled', 'rejected']);
      expect(await openFen(database)).to.eql({ accrued: 0, payable: totalFen });
      expect(await accountFen(database, 'goods_received')).to.equal(0);
      expect(await accountFen(database, 'input_tax')).to.equal(totalFen - 743_805);
      expect(await accountFen(database, 'cost_adjustment')).to.equal(0);
      const [payable] = await database.read.find(openItem, { direction: 'payable' });
      expect(payable).to.include({ dueOn: '2026-12-21', partyType: 'supplier', partyId: sample.supplierId });
      const posted = await refusal(takeReceived(uow, system, { invoiceId: id, receiptLineIds: lineIds }));
      expect(posted).to.include({ code: 'purchasing:error.invoice_not_a_draft', status: 409 });
      // The receipt is invoiced: it cannot be reversed any more.
      const version = (await database.read.get(receipt, receiptId))?.version ?? 0;
      const kept = await refusal(reverseReceipt(uow, system, { receiptId, version, reason: '错了' }));
      expect(kept.code).to.equal('purchasing:error.cannot_reverse');
      await expectBooksRight(database);

      await reverseInvoice(uow, system, {
        invoiceId: id,
        version: await invoiceVersion(database, id),
        reason: '开错了',
      });
      expect(await openFen(database)).to.eql({ accrued: 743_805, payable: 0 });
      expect(await accountFen(database, 'input_tax')).to.equal(0);
      const lines = await database.read.find(receiptLine, { receiptId });
      expect(lines.map(({ clearedPieces, clearedFen }) => [clearedPieces, clearedFen])).to.eql([
        [0, 0],
        [0, 0],
      ]);
      await expectBooksRight(database);
      // The right one has the same number and may be entered.
      const again = await draftInvoice(uow, sample, lineIds, { totalFen });
      await postInvoiceNow(database, uow, again.id);
      expect((await openFen(database))['payable']).to.equal(totalFen);
    });

    it('is refused twice with the same number, by whoever comes second', async () => {
      const { database, uow, sample } = await begin();
      const { id } = await draftInvoice(uow, sample, [], { totalFen: 100, invoiceNumber: ' fp-0 01' });
      const twice = await refusal(draftInvoice(uow, sample, [], { totalFen: 100, invoiceNumber: 'FP-001' }));
      expect(twice.fields[0]).to.deep.include({ path: 'invoiceNumber', code: 'purchasing:error.invoice_twice' });
      const at = (storeId: number) => draftInvoice(uow, sample, [], { totalFen: 1, invoiceNumber: 'X9', storeId });
      const race = await Promise.allSettled([at(sample.storeId), at(sample.otherStoreId)]);
      expect(race.map(({ status }) => status).sort()).to.eql(['fulfilled', 'rejected']);
      await deleteInvoice(uow, system, { invoiceId: id, version: 1 });
      await draftInvoice(uow, sample, [], { totalFen: 100, invoiceNumber: 'FP-001' });
      const wrong = await refusal(
        createInvoice(uow, system, {
          supplierId: sample.supplierId,
          storeId: sample.storeId,
          invoiceNumber: ' ',
          invoicedOn: '2026-11-23',
          dueOn: '2026-11-01',
          totalFen: null,
          deductible: true,
          note: null,
        }),
      );
      expect(wrong.fields.map(({ path }) => path)).to.eql(['invoiceNumber', 'invoicedOn', 'dueOn', 'total']);
      expect(await database.read.find(supplierInvoice, { activeKey: `${sample.supplierId}/FP-001` })).to.have.length(1);
    });

    it('beyond the tolerance needs approval; the difference goes to what is held and, named, to what was sold', async () => {
      const { database, uow, sample } = await begin();
      const { id: receiptId } = await receiveSample(uow, sample, imeisOf(3));
      await sell(uow, sample, imeiOf(2));
      // 113.00 more for three handsets, 22.60 less for ten chargers.
      const totalFen = 3 * PHONE + 11_300 + 56_500 - 2_260;
      const { id } = await draftInvoice(uow, sample, await linesOfReceipt(database, receiptId), { totalFen });
      const [phones, chargers] = await database.read.find(supplierInvoiceLine, { invoiceId: id });
      await changeInvoiceLines(uow, system, {
        invoiceId: id,
        lines: [
          { id: phones!.id, version: phones!.version, amountFen: 3 * PHONE + 11_300 },
          { id: chargers!.id, version: chargers!.version, amountFen: 56_500 - 2_260 },
        ],
      });
      // 1 % of the handsets passes, 4 % of the chargers does not.
      expect(await database.read.get(supplierInvoice, id)).to.include({ beyondLines: 1 });
      expect((await refusal(postInvoiceNow(database, uow, id))).code).to.equal('purchasing:error.invoice_beyond');
      const decide = async () => ({ invoiceId: id, version: await invoiceVersion(database, id) });
      await submitInvoice(uow, system, await decide());
      const buyer = actorWith({ 'purchasing.invoice.edit': 'all', 'inventory.cost.view': 'all' });
      expect((await refusal(approveInvoice(uow, buyer, await decide()))).status).to.equal(403);
      await approveInvoice(uow, system, await decide());
      const before = await accountFen(database, 'inventory');
      // Cost of sales and its adjustments stand on one account.
      const costBefore = await accountFen(database, 'cost_adjustment');
      await postInvoiceNow(database, uow, id);
      const moreNet = 1_050_710 - 1_040_708;
      const posted = await database.read.get(supplierInvoice, id);
      expect(posted!.accruedFen! + posted!.heldFen! + posted!.adjustedFen!).to.equal(posted!.grossFen - posted!.taxFen);
      const [first, second, third] = await costs(database);
      expect(first! + second! + third! - 1_040_708).to.be.within(moreNet - 3_335, moreNet);
      expect(second).to.equal(PHONE_NET);
      expect((await accountFen(database, 'inventory')) - before).to.equal(posted!.heldFen);
      expect((await accountFen(database, 'cost_adjustment')) - costBefore).to.equal(posted!.adjustedFen);
      const shares = await database.read.find(supplierInvoiceShare, { invoiceId: id });
      const [sold] = shares.filter(({ salePostingId }) => salePostingId !== null);
      const saleOf = await database.read.one<{ id: number }>(
        sql`SELECT id FROM posting WHERE document_type = 'sales.sale'`,
      );
      expect(sold).to.include({ held: false, pieces: 1, salePostingId: saleOf?.id });
      expect(shares.find(({ deviceId }) => deviceId === null)).to.include({
        held: true,
        pieces: 10,
        amountFen: -2_000,
      });
      const life = await deviceLife(database.read, (await findByNumbers(database.read, [imeiOf(1)]))[0]!.deviceId);
      expect(life?.events.at(-1)).to.include({ event: 'invoiced', documentType: 'purchasing.invoice' });
      await expectBooksRight(database);

      // A device whose cost it changed was sold since: first that sale would have to be reversed.
      await sell(uow, sample, imeiOf(1));
      const blocked = await refusal(reverseInvoice(uow, system, { ...(await decide()), reason: '开错了' }));
      expect(blocked).to.include({ code: 'ledger:error.has_dependents', status: 409 });
      await expectBooksRight(database);
    });

    it('in parts, after a return at another price, and for what only an amount is left of', async () => {
      const { database, uow, sample } = await begin();
      const { id: receiptId } = await receiveSample(uow, sample, imeisOf(1));
      const [, chargers] = await linesOfReceipt(database, receiptId);
      // 4 of 10 are invoiced, 2 go back for 5.00 each less, the other 4 follow with what the return left.
      const part = await draftInvoice(uow, sample, [chargers!], { totalFen: 22_600, invoiceNumber: 'A1' });
      const [line] = await database.read.find(supplierInvoiceLine, { invoiceId: part.id });
      const many = await refusal(
        changeInvoiceLines(uow, system, { invoiceId: part.id, lines: [{ id: line!.id, version: 1, quantity: 11 }] }),
      );
      expect(many.fields[0]).to.deep.include({ code: 'purchasing:error.invoice_most', details: { most: 10 } });
      // As a form sends it: only the pieces were changed, and the amount and its tax follow.
      const typed = { id: line!.id, version: 1, quantity: 4, amountFen: line!.amountFen, taxFen: line!.taxFen };
      await changeInvoiceLines(uow, system, { invoiceId: part.id, lines: [typed] });
      expect((await database.read.find(supplierInvoiceLine, { invoiceId: part.id }))[0]).to.include({
        quantity: 4,
        amountFen: 22_600,
        taxFen: 2_600,
      });
      await postInvoiceNow(database, uow, part.id);
      expect((await openFen(database))['accrued']).to.equal(PHONE_NET + 30_000);
      const back = await draftReturn(uow, sample, []);
      const goods = { skuId: sample.chargerSkuId, bucket: 'sellable' as const, batchCode: null };
      await addReturnLine(uow, system, { ...goods, returnId: back.id, quantity: 2, unitPriceFen: 5_085 });
      await postReturnNow(database, uow, back.id);
      const adjusted = await accountFen(database, 'cost_adjustment');
      const rest = await draftInvoice(uow, sample, [chargers!], { totalFen: 22_600, invoiceNumber: 'A2' });
      await postInvoiceNow(database, uow, rest.id);
      // What the return left accrued is nobody's: the goods cost what they did.
      expect(await database.read.get(supplierInvoice, rest.id)).to.include({
        accruedFen: 21_000,
        heldFen: 0,
        adjustedFen: -1_000,
      });
      expect(await accountFen(database, 'cost_adjustment')).to.equal(adjusted - 1_000);
      expect((await openFen(database))['accrued']).to.equal(PHONE_NET);
      await expectBooksRight(database);

      const [handset] = await linesOfReceipt(database, receiptId);
      const sent = await draftReturn(uow, sample, imeisOf(1));
      const [returned] = await database.read.all<{ id: number }>(
        sql`SELECT id FROM purchase_return_line WHERE return_id = ${sent.id}`,
      );
      await uow.run(system, (unit) =>
        unit.execute(
          sql`UPDATE purchase_return_line SET amount_fen = 380000, tax_fen = 43717 WHERE id = ${returned!.id}`,
        ),
      );
      await postReturnNow(database, uow, sent.id);
      expect((await openFen(database))['accrued']).to.equal(PHONE_NET - 336_283);
      const left = await draftInvoice(uow, sample, [handset!], { totalFen: 12_001, invoiceNumber: 'A3' });
      expect((await database.read.find(supplierInvoiceLine, { invoiceId: left.id }))[0]).to.include({
        quantity: 0,
        amountFen: 12_001,
      });
      await postInvoiceNow(database, uow, left.id);
      expect(await openFen(database)).to.include({ accrued: 0 });
      await expectBooksRight(database);
    });

    it('with freight: an expense, or part of what the goods cost; a plain invoice has its tax in the cost', async () => {
      const { database, uow, sample } = await begin();
      const { id: receiptId } = await receiveSample(uow, sample, imeisOf(1));
      const totalFen = PHONE + 56_500 + 10_900 + 2_000;
      const { id } = await draftInvoice(uow, sample, await linesOfReceipt(database, receiptId), {
        totalFen: totalFen - 1,
      });
      await addOtherLine(uow, system, {
        invoiceId: id,
        kind: 'landed',
        text: '运费',
        amountFen: 10_900,
        taxRateBp: 900,
      });
      await addOtherLine(uow, system, {
        invoiceId: id,
        kind: 'selling_expense',
        text: '搬运',
        amountFen: 2_000,
        taxRateBp: 0,
      });
      const empty = await refusal(
        addOtherLine(uow, system, { invoiceId: id, kind: 'landed', text: '', amountFen: null, taxRateBp: 0 }),
      );
      expect(empty.fields.map(({ path }) => path)).to.eql(['text', 'amount']);
      const off = await refusal(postInvoiceNow(database, uow, id));
      expect(off).to.include({ code: 'purchasing:error.invoice_total' });
      await uow.run(system, (unit) => unit.update(supplierInvoice, id, { totalFen }));
      await postInvoiceNow(database, uow, id);
      expect(await accountFen(database, 'selling_expense')).to.equal(2_000);
      const [handset] = await costs(database);
      // 100.00 net, by what the goods cost: 3,469.03 and 500.00.
      expect(handset).to.equal(PHONE_NET + 8_740);
      expect(await database.read.get(supplierInvoice, id)).to.include({ heldFen: 10_000, adjustedFen: 0 });
      await expectBooksRight(database);

      const { id: next } = await receiveSample(uow, sample, imeisOf(1, 5));
      const plain = await draftInvoice(uow, sample, [(await linesOfReceipt(database, next))[0]!], {
        totalFen: PHONE,
        invoiceNumber: 'P1',
        deductible: false,
      });
      await postInvoiceNow(database, uow, plain.id);
      expect((await costs(database)).at(-1)).to.equal(PHONE);
      await expectBooksRight(database);
    });

    it('of goods that came free: billed for nothing, kept from a reversal of their receipt', async () => {
      const { database, uow, sample } = await begin();
      const { id: receiptId } = await receiveGoods(uow, system, {
        supplierId: sample.supplierId,
        storeId: sample.storeId,
        locationId: sample.locationId,
        businessDate: '2026-11-20',
        deliveryNote: null,
        withInvoice: false,
        note: null,
        lines: [
          { skuId: sample.chargerSkuId, quantity: 5, unitPriceFen: 0 },
          { skuId: sample.chargerSkuId, quantity: 1, unitPriceFen: 5_650 },
        ],
      });
      const [free] = await linesOfReceipt(database, receiptId);
      const none = await draftInvoice(uow, sample, [free!], { totalFen: 0, invoiceNumber: 'F0' });
      expect((await refusal(postInvoiceNow(database, uow, none.id))).code).to.equal('purchasing:error.invoice_nothing');
      await deleteInvoice(uow, system, { invoiceId: none.id, version: await invoiceVersion(database, none.id) });
      const { id } = await draftInvoice(uow, sample, [free!], { totalFen: 1_130, invoiceNumber: 'F1' });
      await addOtherLine(uow, system, {
        invoiceId: id,
        kind: 'landed',
        text: '运费',
        amountFen: 1_130,
        taxRateBp: 1_300,
      });
      await postInvoiceNow(database, uow, id);
      expect(await database.read.get(supplierInvoice, id)).to.include({
        accruedFen: 0,
        heldFen: 1_000,
        adjustedFen: 0,
      });
      expect((await openFen(database))['accrued']).to.equal(5_000);
      const version = (await database.read.get(receipt, receiptId))?.version ?? 0;
      const kept = await refusal(reverseReceipt(uow, system, { receiptId, version, reason: '错了' }));
      expect(kept.status).to.equal(409);
      await expectBooksRight(database);
    });

    it('of the same receipt by two people at once: one wins, the other is told what is left', async () => {
      const { database, uow, sample } = await begin();
      const { id: receiptId } = await receiveSample(uow, sample, imeisOf(2));
      const lineIds = await linesOfReceipt(database, receiptId);
      const totalFen = 2 * PHONE + 56_500;
      const first = await draftInvoice(uow, sample, lineIds, { totalFen, invoiceNumber: 'B1' });
      const second = await draftInvoice(uow, sample, lineIds, { totalFen, invoiceNumber: 'B2' });
      const race = await Promise.allSettled([first, second].map(({ id }) => postInvoiceNow(database, uow, id)));
      expect(race.map(({ status }) => status).sort()).to.eql(['fulfilled', 'rejected']);
      const lost = race.find((one) => one.status === 'rejected')?.reason as Awaited<ReturnType<typeof refusal>>;
      expect(lost).to.include({ code: 'purchasing:error.invoice_short', status: 409 });
      expect(lost.fields.map(({ details }) => details?.['left'])).to.eql([0, 0]);
      expect(await openFen(database)).to.eql({ accrued: 0, payable: totalFen });
      await expectBooksRight(database);
    });

    it('and a sale of the device at the same moment: the books come to the same either way', async () => {
      const { database, uow, sample } = await begin();
      const { id: receiptId } = await receiveSample(uow, sample, imeisOf(2));
      const [phones] = await linesOfReceipt(database, receiptId);
      const totalFen = 2 * PHONE + 2_260;
      const { id } = await draftInvoice(uow, sample, [phones!], { totalFen });
      const [line] = await database.read.find(supplierInvoiceLine, { invoiceId: id });
      await changeInvoiceLines(uow, system, {
        invoiceId: id,
        lines: [{ id: line!.id, version: 1, amountFen: totalFen }],
      });
      await Promise.all([postInvoiceNow(database, uow, id), sell(uow, sample, imeiOf(1))]);
      // Cost of sales and its adjustments stand on one account.
      const cost = await accountFen(database, 'cost_of_sales');
      expect(cost).to.be.oneOf([PHONE_NET + 1_000, PHONE_NET - 1 + 1_000, PHONE_NET + 1_001]);
      expect((await accountFen(database, 'inventory')) + cost).to.equal(693_805 + 50_000 + 2_000);
      await expectBooksRight(database);
    });

    it('for goods of stores beyond the reader’s is refused', async () => {
      const { database, uow, sample } = await begin();
      const { id: receiptId } = await receiveSample(uow, sample, imeisOf(1));
      const rights = { 'purchasing.invoice.edit': [sample.otherStoreId], 'inventory.cost.view': [sample.otherStoreId] };
      const elsewhere = actorWith(rights);
      const { id } = await draftInvoice(uow, sample, [], {
        totalFen: 1,
        storeId: sample.otherStoreId,
        actor: elsewhere,
      });
      const lines = await linesOfReceipt(database, receiptId);
      expect((await refusal(takeReceived(uow, elsewhere, { invoiceId: id, receiptLineIds: lines }))).status).to.equal(
        403,
      );
      const blind = actorWith({ 'purchasing.invoice.edit': 'all' });
      expect((await refusal(takeReceived(uow, blind, { invoiceId: id, receiptLineIds: lines }))).status).to.equal(403);
      await takeReceived(uow, system, { invoiceId: id, receiptLineIds: lines });
      const twice = await refusal(takeReceived(uow, system, { invoiceId: id, receiptLineIds: lines }));
      expect(twice.code).to.equal('purchasing:error.invoice_taken');
    });
  });
});
