import { expect } from 'chai';
import { device, deviceLife, devicesFor, placeOf, post, verifyLedger } from '../../../src/ledger';
import {
  addSupplier,
  createReceipt,
  postReceipt,
  readScan,
  receipt,
  reverseReceipt,
} from '../../../src/modules/purchasing';
import { addReceiptLines } from '../../../src/modules/purchasing/use-cases/add-receipt-lines';
import { scanIntoReceipt } from '../../../src/modules/purchasing/use-cases/scan-into-receipt';
import { postSale, returnSale, saleLine } from '../../../src/modules/sales';
import type { Database } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { forEachDatabase } from '../../support/databases';
import { document } from '../../support/ledger-documents';
import { refusal } from '../../support/refusal';
import { imeiOf, sampleShop, type SampleShop } from '../../support/sample-shop';
import { testKeys } from '../../support/auth';

const actor = systemActor('王芳');
const clock = () => Date.parse('2026-11-22T04:00:00Z');

describe('a device that a supplier brings again', () => {
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    let shop: SampleShop;
    let supplierId: number;
    beforeEach(async function () {
      this.timeout(120_000);
      ({ database, uow } = await context.openUow({ clock }));
      shop = await sampleShop(uow);
      supplierId = await uow.run(actor, (unit) => addSupplier(unit, testKeys, { name: '同行调剂', paymentDays: 0 }));
    });

    const sell = (deviceId: number, skuId = shop.phoneSkuIds[0]) =>
      postSale(uow, actor, {
        registerId: shop.registerId,
        lines: [{ skuId, deviceId, quantity: 1, discountFen: 0 }],
        tenders: [{ kind: 'cash', amountFen: 500_000 }],
      });

    /** A draft with the numbers scanned into it, at 4000.00 with tax. */
    async function drafted(text: string, override: boolean) {
      const { storeId, locationId, phoneSkuIds } = shop;
      const { id } = await createReceipt(uow, actor, {
        supplierId,
        storeId,
        locationId,
        businessDate: '2026-11-22',
        deliveryNote: null,
        withInvoice: false,
        note: null,
      });
      const lines = [{ skuId: phoneSkuIds[1], quantity: null, unitPriceFen: 400_000 }];
      const { lineIds } = await addReceiptLines(uow, actor, { receiptId: id, lines });
      const scan = readScan('one', text, lineIds[0] ?? null, override);
      const { verdicts } = await scanIntoReceipt(uow, actor, { receiptId: id, scans: [scan] });
      return { id, verdict: verdicts[0] };
    }

    const versionOf = async (id: number) => (await database.read.get(receipt, id))?.version ?? 0;
    const posting = async (id: number) => postReceipt(uow, actor, { receiptId: id, version: await versionOf(id) });

    async function expectSound(): Promise<void> {
      const { checks } = await verifyLedger(database.read);
      expect(checks.filter((check) => !check.ok)).to.eql([]);
    }

    it('a sold one, looked at: the same row goes on with a new cost, and the old sale takes it back no more', async () => {
      const { id: deviceId, imei, costFen } = shop.devices[0]!;
      const first = await sell(deviceId);
      const unchecked = await drafted(imei, false);
      expect(unchecked.verdict).to.deep.include({ outcome: 'wrong', overridable: true });
      const { id, verdict } = await drafted(`${imei} ${imeiOf(77)}`, true);
      expect(verdict).to.include({ outcome: 'right' });
      await posting(id);

      const again = await database.read.get(device, deviceId);
      expect(again).to.include({
        state: 'in_stock',
        bucket: 'sellable',
        skuId: shop.phoneSkuIds[1],
        costFen: 353_982,
        supplierId,
      });
      const life = await deviceLife(database.read, deviceId);
      expect(life?.events.map(({ event }) => event)).to.eql(['opening', 'sold', 'received']);
      expect(life?.identifiers.map(({ value }) => value)).to.eql([imei, imeiOf(77)]);
      await expectSound();

      const second = await sell(deviceId, shop.phoneSkuIds[1]);
      const [line] = await database.read.find(saleLine, { saleId: first.saleId });
      const back = {
        registerId: shop.registerId,
        bucket: 'sellable' as const,
        refunds: [{ kind: 'cash' as const, amountFen: null }],
      };
      const tooLate = await refusal(
        returnSale(uow, actor, { ...back, originalSaleId: first.saleId, lines: [{ lineId: line!.id, quantity: 1 }] }),
      );
      expect(tooLate.code).to.equal('sales:error.device_moved_on');
      const [newer] = await database.read.find(saleLine, { saleId: second.saleId });
      await returnSale(uow, actor, {
        ...back,
        originalSaleId: second.saleId,
        lines: [{ lineId: newer!.id, quantity: 1 }],
      });
      expect(await database.read.get(device, deviceId)).to.include({ state: 'in_stock', costFen: 353_982 });
      expect(costFen).to.equal(390_000);
      await expectSound();
    });

    it('one that went back to its supplier comes without more ado, and the reversal sends it there again', async () => {
      const { id: deviceId, imei } = shop.devices[1]!;
      const { storeId } = shop;
      await uow.run(actor, async (unit) => {
        const row = (await devicesFor(unit, [deviceId])).get(deviceId)!;
        const to = { ...placeOf(row), state: 'returned_to_supplier' as const, locationId: null, bucket: null };
        await post(unit, {
          document: { ...document('purchasing.purchase_return'), storeId },
          devices: [{ kind: 'move', deviceId, from: placeOf(row), to, event: 'returned_to_supplier' }],
          stock: [],
          journal: [
            { account: 'cost_adjustment', debitFen: row.costFen, storeId },
            { account: 'inventory', creditFen: row.costFen, storeId },
          ],
          openItems: [],
        });
      });
      const before = await database.read.get(device, deviceId);
      const { id, verdict } = await drafted(imei, false);
      expect(verdict).to.deep.include({ outcome: 'right' });
      expect(verdict?.reason?.code).to.equal('purchasing:scan.right_again');
      await posting(id);
      expect(await database.read.get(device, deviceId)).to.include({ state: 'in_stock', costFen: 353_982 });
      await expectSound();

      await reverseReceipt(uow, actor, { receiptId: id, version: await versionOf(id), reason: '不是这台' });
      const { lastSeq: _seq, version: _version, ...after } = (await database.read.get(device, deviceId))!;
      const { lastSeq: _seqBefore, version: _versionBefore, ...was } = before!;
      expect(after).to.eql(was);
      await expectSound();
    });

    it('is refused at posting when it came into stock another way meanwhile', async () => {
      const { id: deviceId, imei } = shop.devices[2]!;
      const { saleId } = await sell(deviceId);
      const { id } = await drafted(imei, true);
      const [line] = await database.read.find(saleLine, { saleId });
      await returnSale(uow, actor, {
        originalSaleId: saleId,
        registerId: shop.registerId,
        lines: [{ lineId: line!.id, quantity: 1 }],
        bucket: 'sellable',
        refunds: [{ kind: 'cash', amountFen: null }],
      });
      const error = await refusal(posting(id));
      expect(error.code).to.equal('purchasing:error.numbers_in_books');
      expect(error.fields[0]?.details).to.deep.include({ number: imei, deviceId });
      await expectSound();
    });
  });
});
