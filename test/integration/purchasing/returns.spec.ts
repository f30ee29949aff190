import { expect } from 'chai';
import { device, deviceLife, devicesFor, findByNumbers, post, verifyLedger } from '../../../src/ledger';
import {
  addReturnLine,
  addSupplier,
  receiveExchange,
  receiptLine,
  readReturnPaste,
  receive,
  reverseReturn,
  scanIntoReturn,
} from '../../../src/modules/purchasing';
import { purchaseReturn, purchaseReturnLine } from '../../../src/modules/purchasing/store/return.table';
import { changeReturnLines } from '../../../src/modules/purchasing/use-cases/return-lines';
import { deleteReceipt } from '../../../src/modules/purchasing/use-cases/delete-receipt';
import { type Database, sql } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import { actorWith } from '../../support/actors';
import { testKeys } from '../../support/auth';
import { forEachDatabase } from '../../support/databases';
import { document, sale } from '../../support/ledger-documents';
import { imeiOf, imeisOf, samplePurchasing } from '../../support/purchasing';
import { refusal } from '../../support/refusal';
import { draftReturn, postReturnNow, receiveSample, returnVersion } from '../../support/returns';

const system = systemActor('test');
const clock = () => Date.parse('2026-11-22T04:00:00Z');

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

describe('a purchase return', function () {
  this.timeout(60_000);
  forEachDatabase((context) => {
    it('of invoiced goods lowers the payable at the agreed price, goods leave at their cost, and comes back reversed', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      await receiveSample(uow, sample, imeisOf(3), { withInvoice: true });
      const { id, answers } = await draftReturn(uow, sample, imeisOf(2));
      expect(answers.map(({ outcome }) => outcome)).to.eql(['right', 'right']);
      await addReturnLine(uow, system, {
        returnId: id,
        skuId: sample.chargerSkuId,
        quantity: 4,
        bucket: 'sellable',
        batchCode: null,
      });
      const [phones, chargers] = await database.read.find(purchaseReturnLine, { returnId: id });
      expect(phones).to.include({ quantity: 2, boughtFen: 392_000, unitPriceFen: 392_000, amountFen: 784_000 });
      expect(chargers).to.include({ quantity: 4, boughtFen: 5_650, amountFen: 22_600 });
      // The supplier takes the handsets back for less.
      await changeReturnLines(uow, system, {
        returnId: id,
        lines: [{ id: phones!.id, version: phones!.version, unitPriceFen: 390_000 }],
      });
      const stale = await refusal(
        changeReturnLines(uow, system, { returnId: id, lines: [{ id: phones!.id, version: 1, unitPriceFen: 1 }] }),
      );
      expect(stale.status).to.equal(409);
      const before = { inventory: await accountFen(database, 'inventory'), ...(await openFen(database)) };
      const version = await returnVersion(database, id);
      const both = await Promise.allSettled([postReturnNow(database, uow, id), postReturnNow(database, uow, id)]);
      expect(both.map(({ status }) => status).sort()).to.eql(['fulfilled', 'rejected']);

      // 780,000 for the handsets: net 690,265, tax 89,735; 22,600 for the chargers: net 20,000, tax 2,600.
      expect(await database.read.get(purchaseReturn, id)).to.include({
        state: 'posted',
        grossFen: 802_600,
        taxFen: 92_335,
        costFen: 2 * 346_903 + 20_000,
      });
      expect(await openFen(database)).to.eql({ payable: (before as Record<string, number>)['payable']! - 802_600 });
      expect(await accountFen(database, 'cost_adjustment')).to.equal(2 * 346_903 + 20_000 - 710_265);
      const life = await deviceLife(database.read, (await findByNumbers(database.read, imeisOf(1)))[0]!.deviceId);
      expect(life?.device).to.include({ state: 'returned_to_supplier', locationId: null, bucket: null });
      expect(life?.events.at(-1)).to.include({ event: 'returned_to_supplier', documentType: 'purchasing.return' });
      await expectBooksRight(database);

      const reason = '供应商拒收';
      await refusal(reverseReturn(uow, system, { returnId: id, version, reason }));
      await reverseReturn(uow, system, { returnId: id, version: await returnVersion(database, id), reason });
      expect(await openFen(database)).to.eql({ payable: (before as Record<string, number>)['payable'] });
      expect(await accountFen(database, 'inventory')).to.equal(before.inventory);
      expect(await accountFen(database, 'cost_adjustment')).to.equal(0);
      expect((await findByNumbers(database.read, imeisOf(1)))[0]).to.include({
        state: 'in_stock',
        locationId: sample.locationId,
      });
      await expectBooksRight(database);
    });

    it('of goods whose invoice has not come lowers what is accrued, never below nothing, without tax', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      await receiveSample(uow, sample, imeisOf(1));
      const { id } = await draftReturn(uow, sample, imeisOf(1));
      await addReturnLine(uow, system, {
        returnId: id,
        skuId: sample.chargerSkuId,
        quantity: 3,
        unitPriceFen: 5_650,
        bucket: 'sellable',
        batchCode: null,
      });
      const [phone] = await database.read.find(purchaseReturnLine, { returnId: id });
      // More than it was bought for: what is above the accrued amount the supplier owes.
      await changeReturnLines(uow, system, {
        returnId: id,
        lines: [{ id: phone!.id, version: phone!.version, unitPriceFen: 395_000 }],
      });
      await postReturnNow(database, uow, id);
      const net = 349_558;
      expect(await openFen(database)).to.eql({ accrued: 35_000, receivable: net - 346_903 });
      expect(await accountFen(database, 'input_tax')).to.equal(0);
      expect(await accountFen(database, 'cost_adjustment')).to.equal(346_903 - net);
      const lines = await database.read.find(receiptLine, { skuId: sample.chargerSkuId });
      expect(lines.map(({ clearedPieces, clearedFen }) => [clearedPieces, clearedFen])).to.eql([[3, 15_000]]);
      await expectBooksRight(database);

      await reverseReturn(uow, system, { returnId: id, version: await returnVersion(database, id), reason: '不退了' });
      expect(await openFen(database)).to.eql({ accrued: 346_903 + 50_000, receivable: 0 });
      const after = await database.read.find(receiptLine, { skuId: sample.chargerSkuId });
      expect(after.map(({ clearedPieces, clearedFen }) => [clearedPieces, clearedFen])).to.eql([[0, 0]]);
      await expectBooksRight(database);
    });

    it('goes to the supplier the goods came from, to another only with the right, which the audit log tells', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const otherId = await uow.run(system, (unit) =>
        addSupplier(unit, testKeys, { name: '广州联讯', category: null, paymentDays: 0 }),
      );
      await receiveSample(uow, sample, imeisOf(2), { withInvoice: true });
      const scopes = { 'purchasing.return.edit': 'all', 'purchasing.return.post': 'all' } as const;
      const buyer = actorWith(scopes);
      const refused = await draftReturn(uow, sample, imeisOf(1), { supplierId: otherId, actor: buyer });
      expect(refused.answers).to.have.length(1);
      expect(refused.answers[0]?.reason).to.deep.include({ code: 'purchasing:return.scan.foreign' });
      expect(refused.answers[0]?.reason.details).to.include({ supplier: '深圳华盛通讯' });
      const goods = { skuId: sample.chargerSkuId, quantity: 1, bucket: 'sellable' as const, batchCode: null };
      const notBought = await refusal(addReturnLine(uow, buyer, { ...goods, returnId: refused.id }));
      expect(notBought.fields[0]?.code).to.equal('purchasing:error.return_not_bought');

      const owner = actorWith({ ...scopes, 'purchasing.return.other-supplier': 'all', 'inventory.cost.view': 'all' });
      const { id, answers } = await draftReturn(uow, sample, imeisOf(1), { supplierId: otherId, actor: owner });
      expect(answers[0]).to.deep.include({ outcome: 'right' });
      expect(await database.read.get(purchaseReturn, id)).to.include({ foreignPieces: 1 });
      expect((await refusal(postReturnNow(database, uow, id, buyer))).status).to.equal(403);
      await postReturnNow(database, uow, id, owner);
      const [entry] = await database.read.all<{ detail: string }>(
        sql`SELECT detail FROM audit_log WHERE action = 'purchasing.return.post'`,
      );
      expect(JSON.parse(entry?.detail ?? '{}')).to.include({ foreign: 1, supplierId: otherId });
      // Nothing is owed to the other supplier: it owes the agreed amount.
      expect((await openFen(database))['receivable']).to.equal(392_000);
      await expectBooksRight(database);
    });

    it('takes no device twice, none that is elsewhere, and posts none that was sold meanwhile', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      await receiveSample(uow, sample, imeisOf(3));
      const first = await draftReturn(uow, sample, [imeiOf(1), imeiOf(1), imeiOf(9), '抬头', imeiOf(2)]);
      expect(first.answers.map(({ outcome, reason }) => `${outcome} ${reason.code.split('.').at(-1)}`)).to.eql([
        'right right',
        'double double',
        'wrong unknown',
        'right right',
      ]);
      const again = await scanIntoReturn(uow, system, { returnId: first.id, scans: readReturnPaste(imeiOf(2)) });
      expect(again.answers[0]?.reason).to.eql({
        code: 'purchasing:return.scan.double',
        details: { number: imeiOf(2), seq: 2 },
      });
      const second = await draftReturn(uow, sample, [imeiOf(2)]);
      expect(second.answers[0]?.reason.details).to.include({ draft: first.number });
      const elsewhere = await draftReturn(uow, sample, [imeiOf(3)], {
        storeId: sample.otherStoreId,
        locationId: sample.otherLocationId,
      });
      expect(elsewhere.answers[0]?.reason.code).to.equal('purchasing:return.scan.elsewhere');
      await uow.run(system, async (unit) => {
        const [found] = await findByNumbers(unit, [imeiOf(2)]);
        const rows = await devicesFor(unit, [found!.deviceId]);
        const shop = { storeId: sample.storeId, locationId: sample.locationId };
        await post(unit, sale([...rows.values()], 400_000, undefined, shop, document('sales.sale', shop)));
      });
      const gone = await refusal(postReturnNow(database, uow, first.id));
      expect(gone).to.include({ code: 'purchasing:error.return_devices_gone', status: 409 });
      expect(gone.fields.map(({ details }) => details)).to.eql([
        { number: imeiOf(2), state: 'sold', place: '新街口店' },
      ]);
      const short = await draftReturn(uow, sample, []);
      await addReturnLine(uow, system, {
        returnId: short.id,
        skuId: sample.chargerSkuId,
        quantity: 11,
        bucket: 'sellable',
        batchCode: null,
      });
      const tooMany = await refusal(postReturnNow(database, uow, short.id));
      expect(tooMany.fields[0]?.details).to.eql({ line: 1, available: 10, wanted: 11 });
      await expectBooksRight(database);
    });

    it('never clears more of a receipt than it owes, however many post at once', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      await receiveSample(uow, sample, imeisOf(1));
      const drafts: number[] = [];
      for (const quantity of [4, 3, 3]) {
        const { id } = await draftReturn(uow, sample, []);
        const goods = { skuId: sample.chargerSkuId, quantity, bucket: 'sellable' as const, batchCode: null };
        // Above what it was bought for: three of them together would take more than there is.
        await addReturnLine(uow, system, { ...goods, returnId: id, unitPriceFen: 11_300 });
        drafts.push(id);
      }
      await Promise.all(drafts.map((id) => postReturnNow(database, uow, id)));
      const [line] = await database.read.find(receiptLine, { skuId: sample.chargerSkuId });
      expect(line).to.include({ clearedPieces: 10, clearedFen: 50_000 });
      expect(await openFen(database)).to.eql({ accrued: 346_903, receivable: 50_000 });
      await expectBooksRight(database);
    });

    it('sets different goods off against the same payable at the same time', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      await receiveSample(uow, sample, imeisOf(1), { withInvoice: true });
      const phone = await draftReturn(uow, sample, imeisOf(1));
      const { id } = await draftReturn(uow, sample, []);
      const goods = { skuId: sample.chargerSkuId, quantity: 10, bucket: 'sellable' as const, batchCode: null };
      // Together more than is owed: the rest is a claim, whichever comes second.
      await addReturnLine(uow, system, { ...goods, returnId: id, unitPriceFen: 11_300 });
      await Promise.all([phone.id, id].map((one) => postReturnNow(database, uow, one)));
      expect(await openFen(database)).to.eql({ payable: 0, receivable: 56_500 });
      await expectBooksRight(database);
    });

    it('is replaced by the supplier: the receipt names it, and what is not replaced yet may be received later', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      await receiveSample(uow, sample, imeisOf(2));
      const { id } = await draftReturn(uow, sample, imeisOf(2), { exchange: true });
      await postReturnNow(database, uow, id);
      const [line] = await database.read.find(purchaseReturnLine, { returnId: id });
      // One comes at once, the other is expected by a draft.
      await uow.run(system, (unit) =>
        receive(unit, {
          supplierId: sample.supplierId,
          storeId: sample.storeId,
          locationId: sample.locationId,
          businessDate: '2026-11-22',
          deliveryNote: null,
          withInvoice: false,
          note: null,
          lines: [
            {
              skuId: sample.phoneSkuIds[0],
              quantity: 1,
              devices: [imeiOf(21)],
              replaces: { lineId: line!.id, unitPriceFen: 392_000 },
            },
          ],
        }),
      );
      const draft = await receiveExchange(uow, system, { returnId: id });
      expect(await database.read.find(receiptLine, { receiptId: draft.id })).to.have.length(1);
      const [expected] = await database.read.find(receiptLine, { receiptId: draft.id });
      expect(expected).to.include({ quantity: 1, returnLineId: line!.id, unitPriceFen: 392_000 });
      const nothing = await refusal(receiveExchange(uow, system, { returnId: id }));
      expect(nothing.code).to.equal('purchasing:error.return_nothing_open');
      await deleteReceipt(uow, system, { receiptId: draft.id, version: 2 });
      const replaced = await refusal(
        reverseReturn(uow, system, { returnId: id, version: await returnVersion(database, id), reason: '不换了' }),
      );
      expect(replaced.code).to.equal('purchasing:error.return_replaced');
      const rows = await database.read.find(device, { state: 'in_stock' });
      expect(rows).to.have.length(1);
      await expectBooksRight(database);
    });
  });
});
