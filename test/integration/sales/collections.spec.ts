import { expect } from 'chai';
import { openItem, verifyLedger } from '../../../src/ledger';
import { customer } from '../../../src/modules/crm';
import { sale } from '../../../src/modules/sales';
import { consignmentChecks } from '../../../src/modules/sales/queries/consignment-checks';
import { receivablesOf } from '../../../src/modules/sales/queries/receivables';
import { unpaidSettlements } from '../../../src/modules/sales/queries/settlement-list';
import { collection } from '../../../src/modules/sales/store/collection.table';
import { settlementOfPartner } from '../../../src/modules/sales/store/settlement.table';
import {
  type CollectPayment,
  collectPayment,
  reverseCollection,
} from '../../../src/modules/sales/use-cases/collect-payment';
import { reverseSettlement } from '../../../src/modules/sales/use-cases/reverse-settlement';
import type { Database } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { actorWith } from '../../support/actors';
import { forEachDatabase } from '../../support/databases';
import { consignmentHands } from '../../support/partner-consignments';
import { refusal } from '../../support/refusal';
import { imeiOf, sampleShop, type SampleShop } from '../../support/sample-shop';

const actor = systemActor('周敏');

describe('money of customers', () => {
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    let shop: SampleShop;
    let customerId: number;
    beforeEach(async function () {
      this.timeout(120_000);
      ({ database, uow } = await context.openUow({ clock: () => Date.UTC(2026, 10, 22, 4) }));
      shop = await sampleShop(uow);
      const hands = consignmentHands(uow, shop, actor);
      const { id } = await hands.consign({ numbers: `${imeiOf(0)} 4299\n${imeiOf(1)} 4199` });
      await hands.settle(id, { numbers: imeiOf(0), dueOn: '2026-12-31' });
      await hands.settle(id, { numbers: imeiOf(1), dueOn: '2026-12-15' });
      customerId = (await database.read.find(customer, {}))[0]?.id ?? 0;
    });

    const open = () => receivablesOf(database.read, actor, customerId);
    const collect = (items: CollectPayment['items'], options?: { operationKey: string }) =>
      collectPayment(
        uow,
        actor,
        { customerId, storeId: shop.storeId, account: 'bank', items, reference: 'T1', note: '' },
        options,
      );
    const sound = async () => {
      expect(await verifyLedger(database.read)).to.have.property('ok', true);
      for (const { id, run } of consignmentChecks) expect((await run(database.read)).findings, id).to.deep.equal([]);
    };

    it('settles what they owe, in parts, what is due first first; taken back it is open again', async () => {
      const [first, second] = await open();
      expect([first?.openFen, first?.dueOn, second?.openFen]).to.deep.equal([419_900, '2026-12-15', 429_900]);
      const items = [
        { openItemId: first?.id ?? 0, amountFen: 419_900 },
        { openItemId: second?.id ?? 0, amountFen: 100_000 },
      ];
      const done = await collect(items, { operationKey: 'collect-operation-1' });
      expect(await collect(items, { operationKey: 'collect-operation-1' }), 'sent twice').to.deep.equal(done);
      expect(done).to.include({ number: 'SK261122-NJ01-0001', amountFen: 519_900 });
      expect((await open()).map(({ openFen }) => openFen)).to.deep.equal([329_900]);
      expect(await unpaidSettlements(database.read, actor, null, '2027-01-01')).to.include({ openFen: 329_900 });
      await sound();
      const [settled] = await database.read.find(settlementOfPartner, {});
      const undo = { id: settled?.id ?? 0, version: settled?.version ?? 0, reason: 'x' };
      expect((await refusal(reverseSettlement(uow, actor, undo))).code, 'paid').to.equal('ledger:error.has_dependents');
      const command = { id: done.id, version: 1, reason: '记错客户' };
      await reverseCollection(uow, actor, command);
      expect((await open()).map(({ openFen }) => openFen)).to.deep.equal([419_900, 429_900]);
      expect(await database.read.get(collection, done.id)).to.include({
        state: 'reversed',
        reversalReason: '记错客户',
      });
      expect((await refusal(reverseCollection(uow, actor, command))).status).to.equal(409);
      await sound();
    });

    it('is refused beyond what is open, for others’ items and where one may not collect', async () => {
      const [first] = await open();
      const id = first?.id ?? 0;
      const over = await refusal(collect([{ openItemId: id, amountFen: 419_901 }]));
      expect([over.status, over.fields[0]?.path, over.fields[0]?.code]).to.deep.equal([
        409,
        `items.i${id}`,
        'sales:error.collection_over',
      ]);
      expect((await refusal(collect([]))).code).to.equal('sales:error.collection_nothing');
      const items = [{ openItemId: id, amountFen: 100 }];
      const command = { customerId, storeId: shop.storeId, account: 'bank', items, reference: '', note: '' };
      const stranger = await refusal(collectPayment(uow, actor, { ...command, customerId: customerId + 1 }));
      expect(stranger.status).to.equal(404);
      const elsewhere = actorWith({ 'sales.receivable.collect': [shop.otherStoreId] });
      expect((await refusal(collectPayment(uow, elsewhere, command))).code).to.equal('errors:forbidden');
      const there = await refusal(collectPayment(uow, elsewhere, { ...command, storeId: shop.otherStoreId }));
      expect(there.status, 'an item of a store without the right').to.equal(404);
      expect(await receivablesOf(database.read, elsewhere, customerId)).to.deep.equal([]);
      expect((await refusal(collectPayment(uow, actor, { ...command, account: 'stock' }))).fields[0]?.path).to.equal(
        'account',
      );
      expect((await database.read.find(sale, {})).length).to.equal(2);
    });

    it('for one item entered by two people at once settles it once', async () => {
      const [first] = await open();
      const items = [{ openItemId: first?.id ?? 0, amountFen: 419_900 }];
      const results = await Promise.allSettled([collect(items), collect(items)]);
      expect(results.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      expect((await database.read.get(openItem, first?.id ?? 0))?.settledFen).to.equal(419_900);
      await sound();
    });
  });
});
