import { expect } from 'chai';
import { openItem } from '../../../src/ledger';
import { placeOrder } from '../../../src/modules/purchasing';
import { creditUse } from '../../../src/modules/purchasing/queries/credit-use';
import { contactsOf } from '../../../src/modules/purchasing/queries/supplier-contacts';
import { purchaseOrder } from '../../../src/modules/purchasing/store/order.table';
import { supplier, supplierContact } from '../../../src/modules/purchasing/store/supplier.table';
import { removeContact, saveContact } from '../../../src/modules/purchasing/use-cases/save-supplier-contact';
import { changeSupplier, type SupplierCommand } from '../../../src/modules/purchasing/use-cases/save-supplier';
import { systemActor } from '../../../src/platform/permissions';
import { actorWith } from '../../support/actors';
import { testKeys } from '../../support/auth';
import { forEachDatabase } from '../../support/databases';
import { imeisOf, samplePurchasing } from '../../support/purchasing';
import { refusal } from '../../support/refusal';
import { receiveSample } from '../../support/returns';

const system = systemActor('test');
const clock = () => Date.parse('2026-11-22T04:00:00Z');

describe('terms of suppliers', function () {
  this.timeout(60_000);
  forEachDatabase((context) => {
    it('give payables their day, orders their arrival, and tell when an order takes more credit than there is', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const change = async (command: Partial<SupplierCommand>) => {
        const row = await database.read.get(supplier, sample.supplierId);
        const { version = 0 } = row ?? {};
        await changeSupplier(uow, system, testKeys, {
          id: sample.supplierId,
          version,
          name: '深圳华盛通讯',
          ...command,
        });
      };
      expect((await refusal(change({ leadDays: 366 }))).fields[0]?.path).to.equal('leadDays');
      expect((await refusal(change({ creditLimitFen: -1 }))).fields[0]?.path).to.equal('creditLimit');
      await change({ paymentTerms: 'month_end', paymentDays: 10, leadDays: 5, creditLimitFen: 1_000_000 });
      await receiveSample(uow, sample, imeisOf(1), { withInvoice: true });
      const items = await database.read.find(openItem, {});
      expect(items.map(({ dueOn, amountFen }) => [dueOn, amountFen])).to.eql([['2026-12-10', 448_500]]);

      const order = (quantity: number, submit: boolean, expectedOn: string | null = null) =>
        placeOrder(uow, system, {
          supplierId: sample.supplierId,
          storeId: sample.storeId,
          orderedOn: '2026-11-22',
          expectedOn,
          note: null,
          submit,
          lines: [
            { skuId: sample.chargerSkuId, storeId: sample.storeId, quantity, unitPriceFen: 5_000, expectedOn: null },
          ],
        });
      const first = await order(50, true);
      expect(await database.read.get(purchaseOrder, first.id)).to.include({
        expectedOn: '2026-11-27',
        state: 'approved',
      });
      expect(await creditUse(database.read, first.id)).to.eql({ limitFen: 1_000_000, usedFen: 448_500 + 250_000 });
      const second = await order(100, false, '2026-12-01');
      expect(await database.read.get(purchaseOrder, second.id)).to.include({ expectedOn: '2026-12-01' });
      expect(await creditUse(database.read, second.id)).to.eql({ limitFen: 1_000_000, usedFen: 448_500 + 750_000 });
      await change({});
      expect(await creditUse(database.read, second.id)).to.equal(null);
    });

    it('have people beside the first, encrypted, changed and forgotten', async () => {
      const { database, uow } = await context.openUow({ clock });
      const { supplierId } = await samplePurchasing(uow);
      const contact = { supplierId, duty: '对账', name: '李会计', phone: '１３９ 0000 1111', note: null };
      const wrong = await refusal(saveContact(uow, system, testKeys, { ...contact, name: '', phone: '无' }));
      expect(wrong.fields.map(({ path }) => path).sort()).to.eql(['name', 'phone']);
      const { id } = await saveContact(uow, system, testKeys, contact);
      const rows = await database.read.find(supplierContact, {});
      expect(JSON.stringify(rows)).to.not.match(/李会计|1390000/);
      const [made] = await contactsOf(database.read, testKeys, supplierId);
      expect(made).to.include({ name: '李会计', phone: '139 0000 1111', duty: '对账', version: 1 });
      await saveContact(uow, system, testKeys, { ...contact, contactId: id, version: 1, name: '王会计', phone: null });
      const late = saveContact(uow, system, testKeys, { ...contact, contactId: id, version: 1 });
      expect((await refusal(late)).status).to.equal(409);
      const elsewhere = removeContact(uow, system, { supplierId: supplierId + 1, contactId: id, version: 2 });
      expect((await refusal(elsewhere)).status).to.equal(404);
      expect(() => removeContact(uow, actorWith({}), { supplierId, contactId: id, version: 2 })).to.throw();
      expect((await contactsOf(database.read, testKeys, supplierId))[0]).to.include({ name: '王会计', phone: null });
      await removeContact(uow, system, { supplierId, contactId: id, version: 2 });
      expect(await contactsOf(database.read, testKeys, supplierId)).to.eql([]);
    });
  });
});
