import { expect } from 'chai';
import { placeOrder } from '../../../src/modules/purchasing';
import { orderView } from '../../../src/modules/purchasing/queries/order-page';
import { purchaseOrderLine } from '../../../src/modules/purchasing/store/order.table';
import { supplierPrice } from '../../../src/modules/purchasing/store/supplier-price.table';
import { supplierPriceImporter } from '../../../src/modules/purchasing/use-cases/import-supplier-prices';
import { addSupplierPrice, changeSupplierPrice } from '../../../src/modules/purchasing/use-cases/save-supplier-price';
import { COST_PERMISSION, systemActor } from '../../../src/platform/permissions';
import { actorWith } from '../../support/actors';
import { testKeys } from '../../support/auth';
import { forEachDatabase } from '../../support/databases';
import { samplePurchasing } from '../../support/purchasing';
import { refusal } from '../../support/refusal';

const system = systemActor('test');
const clock = () => Date.parse('2026-11-22T04:00:00Z');
const noProgress = () => Promise.resolve();
const options = { storeId: null, keys: testKeys, today: '2026-11-22', onProgress: noProgress };

describe('the price list of a supplier', function () {
  this.timeout(60_000);
  forEachDatabase((context) => {
    it('proposes the price of an order line by day and quantity, and shows what differs from it', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const { supplierId, chargerSkuId: skuId, storeId } = sample;
      const price = { supplierId, skuId, untilOn: null, minQuantity: 1, packSize: 10 };
      const { id } = await addSupplierPrice(uow, system, { ...price, fromOn: '2026-11-01', unitPriceFen: 6000 });
      await addSupplierPrice(uow, system, { ...price, fromOn: '2026-11-01', minQuantity: 50, unitPriceFen: 5500 });
      await addSupplierPrice(uow, system, { ...price, fromOn: '2026-12-01', unitPriceFen: 6500 });
      const twice = refusal(addSupplierPrice(uow, system, { ...price, fromOn: '2026-11-01', unitPriceFen: 1 }));
      expect((await twice).fields[0]).to.include({ path: 'fromOn', code: 'purchasing:error.price_taken' });
      const bad = { ...price, fromOn: '2026-11-05', untilOn: '2026-11-01', packSize: 0, unitPriceFen: 0 };
      expect((await refusal(addSupplierPrice(uow, system, bad))).fields.map(({ path }) => path)).to.have.members([
        'untilOn',
        'packSize',
        'unitPrice',
      ]);
      const { id: orderId } = await placeOrder(uow, system, {
        supplierId,
        storeId,
        orderedOn: '2026-11-20',
        expectedOn: null,
        note: null,
        submit: false,
        lines: [
          { skuId, storeId, quantity: 20 },
          { skuId, storeId, quantity: 55 },
          { skuId, storeId, quantity: 10, unitPriceFen: 6300 },
        ],
      });
      const lines = await database.read.find(purchaseOrderLine, { orderId });
      expect(lines.map(({ unitPriceFen }) => unitPriceFen)).to.eql([6000, 5500, 6300]);
      const view = await orderView(database.read, system, orderId, '2026-11-22');
      expect(view.lines.map(({ listFen, brokenPack }) => [listFen, brokenPack])).to.eql([
        [6000, null],
        [5500, 10],
        [6000, null],
      ]);
      const noCost = actorWith({ 'purchasing.order.view': [storeId] });
      const seen = await orderView(database.read, noCost, orderId, '2026-11-22');
      for (const line of seen.lines) expect(line).to.not.have.any.keys('listFen', 'unitPriceFen');
      const changed = { ...price, fromOn: '2026-11-01', untilOn: '2026-11-15', unitPriceFen: 6100 };
      await changeSupplierPrice(uow, system, { ...changed, priceId: id, version: 1 });
      expect(
        (await refusal(changeSupplierPrice(uow, system, { ...changed, priceId: id, version: 1 }))).status,
      ).to.equal(409);
      expect((await orderView(database.read, system, orderId, '2026-11-22')).lines[0]?.listFen).to.equal(null);
    });

    it('comes from a file, all or nothing, and takes new amounts where it has the price already', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const file = (...rows: Record<string, string>[]) => rows.map((values, index) => ({ line: index + 2, values }));
      const good = file(
        { supplier: ' 深圳华盛通讯 ', sku: 'cd67', unitPrice: '56.50', packSize: '10.0' },
        { supplier: '深圳华盛通讯', sku: 'CD67', unitPrice: '54', minQuantity: '50', fromOn: '2026-12-01' },
      );
      const plan = await supplierPriceImporter.plan(database.read, system, good, options);
      expect(plan.problems).to.eql([]);
      await uow.run(system, (unit) => plan.apply(unit, noProgress));
      const stored = await database.read.find(supplierPrice, { supplierId: sample.supplierId });
      expect(stored.map((row) => [row.fromOn, row.minQuantity, row.packSize, row.unitPriceFen])).to.eql([
        ['2026-11-22', 1, 10, 5650],
        ['2026-12-01', 50, 1, 5400],
      ]);
      const again = file({ supplier: '深圳华盛通讯', sku: 'CD67', unitPrice: '55.00', packSize: '12' });
      const second = await supplierPriceImporter.plan(database.read, system, again, options);
      expect(second.summary).to.eql({ 'purchasing:import.new_prices': 0, 'purchasing:import.changed_prices': 1 });
      await uow.run(system, (unit) => second.apply(unit, noProgress));
      expect((await database.read.get(supplierPrice, stored[0]?.id ?? 0))?.unitPriceFen).to.equal(5500);
      const wrong = file(
        { supplier: '没有的', sku: 'CD67', unitPrice: '1' },
        { supplier: '深圳华盛通讯', sku: 'nothing', unitPrice: '1' },
        { supplier: '深圳华盛通讯', sku: 'CD67', unitPrice: 'abc' },
        { supplier: '深圳华盛通讯', sku: 'CD67', unitPrice: '' },
        { supplier: '深圳华盛通讯', sku: 'CD67', unitPrice: '1', fromOn: '2026-12-01', untilOn: '2026-11-30' },
        { supplier: '深圳华盛通讯', sku: 'CD67', unitPrice: '1' },
        { supplier: '深圳华盛通讯', sku: 'CD67', unitPrice: '2' },
      );
      const { problems } = await supplierPriceImporter.plan(database.read, system, wrong, options);
      expect(problems.map(({ line, column }) => [line, column])).to.eql([
        [2, 'supplier'],
        [3, 'sku'],
        [4, 'unitPrice'],
        [5, 'unitPrice'],
        [6, 'untilOn'],
        [8, 'sku'],
      ]);
    });

    it('is kept from who may not see cost', async () => {
      const { database, uow } = await context.openUow({ clock });
      const { supplierId, chargerSkuId: skuId, storeId } = await samplePurchasing(uow);
      const price = { supplierId, skuId, fromOn: '2026-11-01', untilOn: null, minQuantity: 1, packSize: 1 };
      const blind = actorWith({ 'purchasing.price.edit': [storeId] });
      const add = (actor: typeof blind) => () => addSupplierPrice(uow, actor, { ...price, unitPriceFen: 100 });
      expect((await refusal(add(blind))).status).to.equal(403);
      const file = refusal(() => supplierPriceImporter.plan(database.read, blind, [], options));
      expect((await file).status).to.equal(403);
      await add(actorWith({ 'purchasing.price.edit': [storeId], [COST_PERMISSION]: [storeId] }))();
      expect(await database.read.find(supplierPrice, {})).to.have.length(1);
    });
  });
});
