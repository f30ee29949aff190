import { expect } from 'chai';
import { businessDate } from '../../../src/kernel';
import { device, verifyLedger } from '../../../src/ledger';
import { consignmentChecks } from '../../../src/modules/inventory/queries/consignment-checks';
import { addSupplier } from '../../../src/modules/purchasing';
import { removeConsigned } from '../../../src/modules/purchasing/use-cases/consignment-devices';
import { deleteConsignment } from '../../../src/modules/purchasing/use-cases/consignment-receipt';
import { postConsignment } from '../../../src/modules/purchasing/use-cases/post-consignment';
import { reverseConsignment } from '../../../src/modules/purchasing/use-cases/reverse-consignment';
import { consignment } from '../../../src/modules/purchasing/store/consignment.table';
import { returnSale, reverseSale, saleLine, type SaleCommand, postSale } from '../../../src/modules/sales';
import { consignedDevice, withAgreedCosts } from '../../../src/modules/inventory';
import { scanCodes } from '../../../src/modules/sales/queries/scan-codes';
import type { Database } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { testKeys } from '../../support/auth';
import { actorWith } from '../../support/actors';
import { AGREED_FEN, AGREED_NET_FEN, consignmentHands } from '../../support/consignments';
import { forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';
import { imeiOf, sampleShop, type SampleShop } from '../../support/sample-shop';
import { transferHands } from '../../support/transfers';

const actor = systemActor('周敏');

describe('goods on consignment', () => {
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    let shop: SampleShop;
    let supplierId: number;
    let hands: ReturnType<typeof consignmentHands>;
    beforeEach(async function () {
      this.timeout(120_000);
      ({ database, uow } = await context.openUow({ clock: () => Date.UTC(2026, 10, 22, 4) }));
      shop = await sampleShop(uow);
      supplierId = await uow.run(actor, (unit) =>
        addSupplier(unit, testKeys, { name: '深圳华盛通讯', paymentDays: 30 }),
      );
      hands = consignmentHands(uow, shop);
    });

    const sound = async () => {
      expect(await verifyLedger(database.read)).to.have.property('ok', true);
      expect(await consignmentChecks.run(database.read)).to.deep.equal({ count: 0, findings: [] });
    };
    const sale = async (index: number, more: Partial<SaleCommand> = {}): Promise<SaleCommand> => ({
      registerId: shop.registerId,
      lines: [{ skuId: shop.phoneSkuIds[0], deviceId: (await hands.deviceOf(index)).id, quantity: 1, discountFen: 0 }],
      tenders: [{ kind: 'cash', amountFen: 449_900 }],
      ...more,
    });
    const sell = async (index: number, more: Partial<SaleCommand> = {}) =>
      postSale(uow, actor, await sale(index, more));
    const takeBack = async (saleId: number) => {
      const [line] = await database.read.find(saleLine, { saleId });
      return returnSale(uow, actor, {
        originalSaleId: saleId,
        registerId: shop.registerId,
        lines: [{ lineId: line?.id ?? 0, quantity: 1 }],
        bucket: 'sellable',
        refunds: [{ kind: 'cash', amountFen: null }],
      });
    };

    it('come in without value or debt, and go out again by reversal while nothing was sold', async () => {
      const inventory = await hands.balance('inventory');
      const { id, number } = await hands.receive(supplierId, [60, 61]);
      expect(number).to.equal('DX261122-NJ01-0001');
      expect(await hands.deviceOf(60)).to.include({
        state: 'in_stock',
        bucket: 'sellable',
        ownership: 'consigned',
        costFen: 0,
        supplierId,
      });
      expect(await hands.balance('inventory')).to.equal(inventory);
      expect(await hands.owed(supplierId, 'accrued')).to.equal(0);
      expect(await database.read.get(consignment, id)).to.include({ state: 'posted', devices: 2, grossFen: 678_000 });
      await sound();
      const stale = await hands.seen(id);
      await reverseConsignment(uow, actor, { ...stale, reason: '送错门店' });
      expect(await hands.deviceOf(60)).to.include({ state: 'void' });
      expect(await hands.rowOf(60)).to.include({ state: 'reversed' });
      expect((await refusal(reverseConsignment(uow, actor, { ...stale, reason: '再来' }))).status).to.equal(409);
      await sound();
      // Its numbers are free: the right receipt may bring them.
      await hands.receive(supplierId, [60]);
      await sound();
    });

    it('cost what was agreed once sold, owed to the supplier; the customer brings one back and it is the supplier’s again', async () => {
      const { id } = await hands.receive(supplierId, [60, 61]);
      const inventory = await hands.balance('inventory');
      const cost = await hands.balance('cost_of_sales');
      const sold = await sell(60);
      expect(await hands.deviceOf(60)).to.include({ state: 'sold', ownership: 'customer', costFen: AGREED_NET_FEN });
      expect(await hands.balance('cost_of_sales')).to.equal(cost + AGREED_NET_FEN);
      expect(await hands.balance('inventory'), 'nothing of ours left the stock').to.equal(inventory);
      expect(await hands.owed(supplierId, 'accrued')).to.equal(AGREED_NET_FEN);
      expect((await database.read.find(saleLine, { saleId: sold.saleId }))[0]).to.include({ costFen: AGREED_NET_FEN });
      expect(await hands.rowOf(60)).to.include({ state: 'sold', sourceId: sold.saleId, sourceNumber: sold.saleNumber });
      await sound();
      expect(
        (await refusal(reverseConsignment(uow, actor, { ...(await hands.seen(id)), reason: '错' }))).code,
      ).to.equal('ledger:error.has_dependents');
      const back = await takeBack(sold.saleId);
      expect(await hands.deviceOf(60)).to.include({ state: 'in_stock', ownership: 'consigned', costFen: 0 });
      expect(await hands.owed(supplierId, 'accrued')).to.equal(0);
      expect(await hands.balance('cost_of_sales')).to.equal(cost);
      expect(await hands.rowOf(60)).to.include({ state: 'here' });
      await sound();
      // The return was a mistake: it is sold and owed again, until it really comes back and is sold once more.
      await reverseSale(uow, actor, { saleId: back.saleId, reason: '退错了' });
      expect(await hands.rowOf(60)).to.include({ state: 'sold', sourceId: sold.saleId });
      expect(await hands.owed(supplierId, 'accrued')).to.equal(AGREED_NET_FEN);
      await sound();
      await takeBack(sold.saleId);
      const again = await sell(60);
      expect(await hands.rowOf(60)).to.include({ state: 'sold', sourceId: again.saleId });
      await reverseSale(uow, actor, { saleId: again.saleId, reason: '开错单' });
      expect(await hands.rowOf(60)).to.include({ state: 'here' });
      expect(await hands.owed(supplierId, 'accrued')).to.equal(0);
      await sound();
    });

    it('keep two of one sale apart when one of them comes back', async () => {
      await hands.receive(supplierId, [60, 61]);
      const [first, second] = [await sale(60), await sale(61)];
      const both = {
        ...first,
        lines: [...first.lines, ...second.lines],
        tenders: [{ kind: 'cash', amountFen: 899_800 }],
      };
      const { saleId } = await postSale(uow, actor, both as SaleCommand);
      expect(await hands.owed(supplierId, 'accrued')).to.equal(2 * AGREED_NET_FEN);
      await takeBack(saleId);
      expect(await hands.owed(supplierId, 'accrued')).to.equal(AGREED_NET_FEN);
      expect([(await hands.rowOf(60))?.state, (await hands.rowOf(61))?.state]).to.have.members(['here', 'sold']);
      await sound();
    });

    it('are looked at by the till with the agreed price as their cost: floors made of costs count from it', async () => {
      await hands.receive(supplierId, [60]);
      const consigned = await hands.deviceOf(60);
      const [own] = await database.read.find(device, { id: shop.devices[0]?.id ?? 0 });
      if (!own) throw new Error('no device of our own');
      const [first, second] = await withAgreedCosts(database.read, [consigned, own]);
      expect(first).to.deep.include({ costFen: AGREED_NET_FEN });
      expect(first?.consigned).to.include({ supplierId, netFen: AGREED_NET_FEN });
      expect(second).to.include({ costFen: 390_000 }).and.not.have.property('consigned');
      const place = { storeId: shop.storeId, today: businessDate('2026-11-22'), now: Date.UTC(2026, 10, 22, 4) };
      const [answer] = await scanCodes(database.read, { ...place, channelId: null, levelId: null, seesCost: true }, [
        imeiOf(60),
      ]);
      expect(answer).to.have.nested.property('line.priceFen', 449_900);
    });

    it('are checked line by line before they are added, and left out or thrown away while it is a draft', async () => {
      const { id } = await hands.draft(supplierId);
      const wrong = await refusal(hands.add(id, [imeiOf(0), imeiOf(60), imeiOf(60), '867421063138400'].join('\n')));
      expect(wrong.fields.map(({ code }) => code)).to.have.members([
        'purchasing:error.consigned_number',
        'purchasing:error.consigned_twice',
        'purchasing:error.number_in_books',
      ]);
      const plain = await refusal(hands.add(id, imeiOf(60), { skuId: shop.chargerSkuId, priceFen: 0 }));
      expect(plain.fields.map(({ path }) => path)).to.have.members(['price', 'sku']);
      await hands.add(id, [imeiOf(60), imeiOf(61)].join('\n'));
      const row = await hands.rowOf(60);
      await removeConsigned(uow, actor, { ...(await hands.seen(id)), rows: [row?.id ?? 0] });
      expect(await database.read.get(consignment, id)).to.include({ devices: 1, grossFen: AGREED_FEN });
      const seen = await hands.seen(id);
      const others = { ...seen, version: seen.version - 1 };
      expect((await refusal(postConsignment(uow, actor, others))).status).to.equal(409);
      const withoutCost = actorWith({ 'purchasing.consignment.edit': [shop.storeId] });
      expect((await refusal(postConsignment(uow, withoutCost, seen))).code).to.equal('errors:forbidden');
      await deleteConsignment(uow, actor, seen);
      expect(await hands.rowOf(61)).to.equal(undefined);
    });

    it('go to another store by transfer, are sold there and owed by it, and come back to the store that takes them', async () => {
      await hands.receive(supplierId, [60, 61]);
      const carry = transferHands(uow);
      const transferId = await carry.sent(shop.locationId, shop.otherLocationId, [imeiOf(60)]);
      await sound();
      await carry.scan(transferId, imeiOf(60));
      await carry.receive(transferId);
      expect(await hands.deviceOf(60)).to.include({ storeId: shop.otherStoreId, ownership: 'consigned', costFen: 0 });
      await sound();
      const { saleId } = await sell(60, { registerId: null, storeId: shop.otherStoreId });
      expect(await hands.rowOf(60)).to.include({ state: 'sold', storeId: shop.otherStoreId });
      await sound();
      await takeBack(saleId);
      expect(await hands.deviceOf(60)).to.include({ storeId: shop.storeId, ownership: 'consigned', state: 'in_stock' });
      expect(await hands.owed(supplierId, 'accrued')).to.equal(0);
      await sound();
    });

    it('are found to differ when agreement and books say another thing', async () => {
      await hands.receive(supplierId, [60, 61]);
      await sell(61);
      const [here, sold] = [(await hands.rowOf(60))?.id ?? 0, (await hands.rowOf(61))?.id ?? 0];
      await uow.run(actor, (unit) => unit.update(consignedDevice, here, { state: 'returned' }));
      await uow.run(actor, (unit) => unit.update(consignedDevice, sold, { taxFen: 0 }));
      const { count, findings } = await consignmentChecks.run(database.read);
      expect(count).to.equal(2);
      expect(findings.join(' ')).to.include('not in both').and.include('accrued for them differ');
    });

    it('are sold by one of two tills', async () => {
      await hands.receive(supplierId, [60]);
      const tills = await Promise.allSettled([sell(60), sell(60, { registerId: shop.secondRegisterId })]);
      expect(tills.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      expect(await hands.owed(supplierId, 'accrued')).to.equal(AGREED_NET_FEN);
      await sound();
    });
  });
});
