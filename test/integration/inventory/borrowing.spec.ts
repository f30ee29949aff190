import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { parseScanLine } from '../../../src/kernel';
import { device, findByNumbers, verifyLedger } from '../../../src/ledger';
import { changeReasons } from '../../../src/modules/inventory/queries/change-reasons';
import { lateLoans } from '../../../src/modules/inventory/queries/loan-list';
import { loan, loanDevice } from '../../../src/modules/inventory/store/loan.table';
import { type BorrowDevices, borrowDevices } from '../../../src/modules/inventory/use-cases/borrow-devices';
import { scanIntoChange } from '../../../src/modules/inventory/use-cases/change-lines';
import { createChange } from '../../../src/modules/inventory/use-cases/create-change';
import { giveBackDevices } from '../../../src/modules/inventory/use-cases/give-back-devices';
import { reverseLoan } from '../../../src/modules/inventory/use-cases/lend-devices';
import { addSupplier, receiveGoods } from '../../../src/modules/purchasing';
import { postSale } from '../../../src/modules/sales';
import type { Database } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { testKeys } from '../../support/auth';
import { actorWith } from '../../support/actors';
import { forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';
import { imeiOf, sampleShop, type SampleShop } from '../../support/sample-shop';
import { transferHands } from '../../support/transfers';

const actor = systemActor('周敏');

describe('borrowed devices', () => {
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    let shop: SampleShop;
    beforeEach(async function () {
      this.timeout(120_000);
      ({ database, uow } = await context.openUow({ clock: () => Date.UTC(2026, 10, 22, 4) }));
      shop = await sampleShop(uow);
    });

    const borrow = (more: Partial<BorrowDevices> = {}, options?: { operationKey: string }) =>
      borrowDevices(
        uow,
        actor,
        {
          locationId: shop.locationId,
          borrower: '江宁加盟店',
          purpose: 'display',
          dueOn: '2026-11-25',
          note: '',
          sku: 'MI17-01',
          numbers: [imeiOf(70), imeiOf(71)].join('\n'),
          ...more,
        },
        options,
      );
    const seen = async (id: number) => ({ id, version: (await database.read.get(loan, id))?.version ?? 0 });
    const rowsOf = async (id: number) =>
      (await database.read.find(loanDevice, { loanId: id })).sort((a, b) => a.seq - b.seq);
    const deviceOf = async (index: number) => {
      const [found] = (await findByNumbers(database.read, [imeiOf(index)])).filter(({ active }) => active);
      return found ? database.read.get(device, found.deviceId) : undefined;
    };
    const giveBack = async (id: number, places: readonly number[]) => {
      const rows = await rowsOf(id);
      const picked = places.map((place) => rows[place]?.id ?? 0);
      return giveBackDevices(uow, actor, { ...(await seen(id)), rows: picked, bucket: '', note: '' });
    };
    const sound = async () => expect(await verifyLedger(database.read)).to.have.property('ok', true);

    it('come without value, cannot be sold or released for sale, are asked for when late, and go back in parts', async () => {
      const { id, number } = await borrow({}, { operationKey: 'borrow-operation-1' });
      expect(await borrow({}, { operationKey: 'borrow-operation-1' }), 'sent twice').to.include({ id, number });
      expect(number).to.equal('JR261122-NJ01-0001');
      expect(await deviceOf(70)).to.include({ state: 'in_stock', bucket: 'demo', ownership: 'borrowed', costFen: 0 });
      await sound();
      const sale = postSale(uow, actor, {
        registerId: shop.registerId,
        lines: [{ skuId: shop.phoneSkuIds[0], deviceId: (await deviceOf(70))?.id ?? 0, quantity: 1, discountFen: 0 }],
        tenders: [{ kind: 'cash', amountFen: 449_900 }],
      });
      expect((await refusal(sale)).fields[0]?.code).to.equal('sales:error.device.not_own');
      const reason = (await changeReasons(database.read)).find(({ effect }) => effect === 'sellable');
      const change = await createChange(uow, actor, { locationId: shop.locationId, reasonId: reason?.id ?? 0 });
      const scan = { key: randomUUID(), text: imeiOf(70), ...parseScanLine(imeiOf(70)) };
      const [answer] = await scanIntoChange(uow, actor, { id: change.id, scans: [scan] });
      expect(answer?.reason.code).to.equal('inventory:change.scan.not_ours');
      const late = (today: string, direction: 'in' | 'out') =>
        lateLoans(database.read, actor, null, { today, direction });
      expect(await late('2026-11-26', 'in')).to.deep.equal({ loans: 1, devices: 2, since: '2026-11-25' });
      expect(await late('2026-11-26', 'out')).to.include({ loans: 0 });
      expect(await giveBack(id, [0])).to.include({ number: `${number}/1`, devices: 1, open: 1 });
      expect(await deviceOf(70)).to.include({ state: 'returned_to_supplier', bucket: null, ownership: 'borrowed' });
      await giveBack(id, [1]);
      expect(await database.read.get(loan, id)).to.include({ state: 'back', stillOut: 0 });
      await sound();
      // The other one is bought: received from a supplier, it is ours at its price.
      const supplierId = await uow.run(actor, (unit) => addSupplier(unit, testKeys, { name: '江宁加盟店' }));
      await receiveGoods(uow, actor, {
        supplierId,
        storeId: shop.storeId,
        locationId: shop.locationId,
        businessDate: '2026-11-22',
        deliveryNote: null,
        withInvoice: false,
        note: null,
        lines: [{ skuId: shop.phoneSkuIds[0], quantity: 1, unitPriceFen: 339_000, devices: [imeiOf(71)] }],
      });
      expect(await deviceOf(71)).to.include({ ownership: 'own', bucket: 'sellable', costFen: 300_000 });
      // It may come again, as the same device.
      const before = (await deviceOf(70))?.id;
      await borrow({ numbers: imeiOf(70) });
      expect(await deviceOf(70)).to.include({ id: before, state: 'in_stock', ownership: 'borrowed' });
      await sound();
    });

    it('name every line that cannot come, and stay where a transfer has picked them', async () => {
      const numbers = [imeiOf(0), imeiOf(70), imeiOf(70), '867421063138400'].join('\n');
      const refused = await refusal(borrow({ numbers, sku: '小米', borrower: ' ', dueOn: '2026-11-21' }));
      expect(refused.fields.map(({ path, code }) => `${path} ${code.split('.')[1]}`)).to.have.members([
        'sku loan_sku',
        'numbers loan_number',
        'numbers loan_twice',
        'numbers loan_known',
        'borrower required',
        'dueOn loan_due',
      ]);
      const { id } = await borrow();
      const hands = transferHands(uow);
      const { id: transferId } = await hands.draft(shop.locationId, shop.otherLocationId);
      await hands.paste(transferId, [imeiOf(70)]);
      expect((await refusal(giveBack(id, [0, 1]))).fields.map(({ code }) => code)).to.deep.equal([
        'inventory:error.loan_in_transfer',
      ]);
      const elsewhere = actorWith({ 'inventory.loan.lend': [shop.otherStoreId] });
      const command = { locationId: shop.locationId, borrower: 'x', purpose: 'other', dueOn: '2026-11-25', note: '' };
      const asked = borrowDevices(uow, elsewhere, { ...command, sku: 'MI17-01', numbers: imeiOf(72) });
      expect((await refusal(asked)).code).to.equal('errors:forbidden');
    });

    it('are reversed while nothing happened to them', async () => {
      const { id } = await borrow();
      const stale = await seen(id);
      await reverseLoan(uow, actor, stale);
      expect(await deviceOf(70), 'its number is free again').to.equal(undefined);
      expect(await database.read.get(loan, id)).to.include({ state: 'reversed', stillOut: 0 });
      expect((await refusal(reverseLoan(uow, actor, stale))).status).to.equal(409);
      const again = await borrow();
      await giveBack(again.id, [0]);
      expect((await refusal(reverseLoan(uow, actor, await seen(again.id)))).code).to.equal('inventory:error.loan_over');
      await sound();
    });

    it('come once when two people enter them', async () => {
      const both = await Promise.allSettled([borrow({ numbers: imeiOf(70) }), borrow({ numbers: imeiOf(70) })]);
      expect(both.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      await sound();
    });
  });
});
