import { expect } from 'chai';
import { device, stockBalance, verifyLedger } from '../../../src/ledger';
import { addProducts, addSkus } from '../../../src/modules/catalog';
import { saveBom } from '../../../src/modules/catalog/use-cases/save-bom';
import { stockBuild, stockBuildDevice, stockBuildLine } from '../../../src/modules/inventory/store/build.table';
import { addBuildLine, changeBuildLine, removeBuildLine } from '../../../src/modules/inventory/use-cases/build-lines';
import { cancelBuild, type CreateBuild, createBuild } from '../../../src/modules/inventory/use-cases/create-build';
import { postBuild, reverseBuild } from '../../../src/modules/inventory/use-cases/post-build';
import { setPrices } from '../../../src/modules/pricing';
import { addSupplier, receiveGoods } from '../../../src/modules/purchasing';
import { postSale } from '../../../src/modules/sales';
import type { Database } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { actorWith } from '../../support/actors';
import { testKeys } from '../../support/auth';
import { forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';
import { imeiOf, sampleShop, type SampleShop } from '../../support/sample-shop';

const actor = systemActor('周敏');

describe('goods put together and taken apart', () => {
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    let shop: SampleShop;
    let film: number;
    let box: number;
    let gift: number;
    beforeEach(async function () {
      this.timeout(120_000);
      ({ database, uow } = await context.openUow({ clock: () => Date.UTC(2026, 10, 22, 4) }));
      shop = await sampleShop(uow);
      const { brandId, accessoryCategoryId, phoneCategoryId } = shop;
      const supplierId = await uow.run(actor, async (unit) => {
        const [films = 0, boxes = 0, gifts = 0] = await addProducts(unit, [
          { brandId, categoryId: accessoryCategoryId, name: '水凝膜', tracking: 'batch' },
          { brandId, categoryId: accessoryCategoryId, name: '充电套装' },
          { brandId, categoryId: phoneCategoryId, name: '小米 17 礼盒' },
        ]);
        [film = 0, box = 0, gift = 0] = await addSkus(unit, [
          { productId: films, code: 'SNM' },
          { productId: boxes, code: 'BOX' },
          { productId: gifts, code: 'GIFT' },
        ]);
        await setPrices(unit, {
          items: [
            { skuId: film, priceFen: 3_900 },
            { skuId: gift, priceFen: 500_000 },
          ],
        });
        return addSupplier(unit, testKeys, { name: '配件批发', paymentDays: 0 });
      });
      const films = (batchCode: string, expiresOn: string, quantity: number, unitPriceFen: number) => ({
        skuId: film,
        quantity,
        unitPriceFen,
        batchCode,
        expiresOn,
      });
      await receiveGoods(uow, actor, {
        supplierId,
        storeId: shop.storeId,
        locationId: shop.locationId,
        businessDate: '2026-11-20',
        deliveryNote: null,
        withInvoice: false,
        note: null,
        lines: [films('B2', '2027-06-30', 5, 1_130), films('B1', '2027-01-31', 2, 2_260)],
      });
      await saveBom(uow, actor, { skuId: box, version: 0, components: 'CD67 2\nSNM 1' });
      await saveBom(uow, actor, { skuId: gift, version: 0, components: 'MI17-01\nCD67' });
    });

    const create = (more: Partial<CreateBuild> = {}, options?: { operationKey: string }) =>
      createBuild(
        uow,
        actor,
        {
          kind: 'assemble',
          locationId: shop.locationId,
          code: 'BOX',
          pieces: 3,
          bucket: '',
          note: '',
          numbers: '',
          ...more,
        },
        options,
      );
    const seen = async (id: number) => ({ id, version: (await database.read.get(stockBuild, id))?.version ?? 0 });
    const linesOf = async (id: number) =>
      (await database.read.find(stockBuildLine, { buildId: id })).sort((a, b) => a.lineNo - b.lineNo);
    const post = async (id: number, options?: { operationKey: string }) =>
      postBuild(uow, actor, await seen(id), options);
    const change = async (
      id: number,
      lineNo: number,
      more: { quantity?: number; numbers?: string; batch?: string; weightFen?: number },
    ) => {
      const line = (await linesOf(id)).find((one) => one.lineNo === lineNo);
      if (!line) throw new Error(`no line ${lineNo}`);
      await changeBuildLine(uow, actor, {
        ...(await seen(id)),
        lineId: line.id,
        quantity: line.quantity,
        numbers: '',
        batch: '',
        expiresOn: '',
        weightFen: null,
        ...more,
      });
    };
    const stockOf = async (skuId: number, bucket = 'sellable') => {
      const rows = (await database.read.find(stockBalance, { skuId })).filter((row) => row.bucket === bucket);
      return [rows.reduce((sum, row) => sum + row.quantity, 0), rows.reduce((sum, row) => sum + row.valueFen, 0)];
    };
    const problems = async (promise: Promise<unknown>) =>
      (await refusal(promise)).fields.map(({ code }) => code.split('.')[1]);
    const sound = async () => expect(await verifyLedger(database.read)).to.have.property('ok', true);

    it('takes components at their cost, first what expires first, and gives all of it to the product', async () => {
      const { id, number } = await create({}, { operationKey: 'build-operation-1' });
      expect(await create({}, { operationKey: 'build-operation-1' }), 'sent twice').to.deep.equal({ id, number });
      expect(number).to.equal('ZZ261122-NJ01-0001');
      const step = await seen(id);
      await postBuild(uow, actor, step, { operationKey: 'post-build-1' });
      await postBuild(uow, actor, step, { operationKey: 'post-build-1' });
      // 6 chargers of 10 worth 500.01; both films of B1 at 20.00 and one of B2 at 10.00.
      expect(await stockOf(shop.chargerSkuId)).to.deep.equal([4, 20_000]);
      expect(await stockOf(film)).to.deep.equal([4, 4_000]);
      expect(await stockOf(box)).to.deep.equal([3, 35_001]);
      expect((await linesOf(id)).map(({ valueFen }) => valueFen)).to.deep.equal([35_001, 30_001, 5_000]);
      expect(await database.read.get(stockBuild, id)).to.include({ state: 'posted', valueFen: 35_001 });
      expect((await refusal(post(id))).code).to.equal('inventory:error.build_state');
      await sound();
      await reverseBuild(uow, actor, await seen(id));
      expect(await stockOf(box)).to.deep.equal([0, 0]);
      expect(await stockOf(shop.chargerSkuId)).to.deep.equal([10, 50_001]);
      await sound();
    });

    it('names what is short and what is not said yet, and books nothing then', async () => {
      const { id } = await create({ pieces: 8 });
      expect(await problems(post(id))).to.deep.equal(['build_short', 'build_short']);
      await change(id, 1, { quantity: 2 });
      expect(
        (await linesOf(id)).map(({ quantity }) => quantity),
        'the bill follows',
      ).to.deep.equal([2, 4, 2]);
      await post(id);
      expect(await stockOf(box)).to.deep.equal([2, 24_000]);
      expect(await problems(create({ code: 'MI17-02' }))).to.deep.equal(['build_no_bill']);
      expect(await problems(create({ code: 'SPX' }))).to.deep.equal(['build_service']);
      expect(await problems(create({ numbers: imeiOf(0) }))).to.deep.equal(['build_not_serial']);
      expect(await problems(create({ pieces: 0, bucket: 'demo' }))).to.deep.equal(['build_pieces', 'invalid']);
      const clerk = actorWith({ 'inventory.build.edit': [shop.otherStoreId] });
      const step = { kind: 'assemble', locationId: shop.locationId, code: 'BOX', pieces: 1, bucket: '', note: '' };
      expect((await refusal(createBuild(uow, clerk, { ...step, numbers: '' }))).code).to.equal('errors:forbidden');
      await sound();
    });

    it('a handset that is boxed stays the same device, can be sold, and comes out of the box again', async () => {
      const { id } = await create({ code: 'GIFT', pieces: 2, numbers: `${imeiOf(0)}\n${imeiOf(4)}` });
      await change(id, 2, { numbers: imeiOf(0) });
      expect(await problems(post(id)), 'a handset is missing').to.deep.equal(['build_device_here', 'build_count']);
      await change(id, 2, { numbers: `${imeiOf(0)}\n${imeiOf(50)}` });
      expect(await problems(post(id))).to.deep.equal(['build_device_here', 'build_device_elsewhere']);
      await change(id, 2, { numbers: `${imeiOf(0)}\n${imeiOf(4)}` });
      await post(id);
      const [first, , , , last] = shop.devices;
      // Each its own cost and half of two chargers at 100.00.
      expect(await database.read.get(device, first?.id ?? 0)).to.include({ skuId: gift, costFen: 395_000 });
      expect(await database.read.get(device, last?.id ?? 0)).to.include({ skuId: gift, costFen: 395_004 });
      await sound();
      await postSale(uow, actor, {
        registerId: shop.registerId,
        lines: [{ skuId: gift, deviceId: last?.id ?? 0, quantity: 1, discountFen: 0 }],
        tenders: [{ kind: 'cash', amountFen: 500_000 }],
      });
      const apart = await create({ kind: 'take_apart', code: '', pieces: 1, numbers: imeiOf(0) });
      expect(apart.number).to.equal('CF261122-NJ01-0001');
      await change(apart.id, 2, { numbers: imeiOf(0) });
      await post(apart.id);
      // 3950.00 by list prices 4499.00 and 149.00.
      expect(await database.read.get(device, first?.id ?? 0)).to.include({
        skuId: shop.phoneSkuIds[0],
        state: 'in_stock',
        costFen: 382_338,
      });
      expect(await stockOf(shop.chargerSkuId)).to.deep.equal([9, 40_001 + 12_662]);
      await sound();
    });

    it('a handset is taken apart into parts by what they count; new numbers are new devices', async () => {
      const { id } = await create({
        kind: 'take_apart',
        code: 'MI17-01',
        pieces: 1,
        bucket: 'defective',
        numbers: imeiOf(1),
      });
      expect((await refusal(post(id))).fields[0]?.code).to.equal('inventory:error.build_no_parts');
      const add = async (code: string, quantity: number) =>
        addBuildLine(uow, actor, { ...(await seen(id)), code, quantity });
      await add('CD67', 1);
      await add('SNM', 2);
      await add('MI17-02', 1);
      await add('BOX', 1);
      expect(await problems(add('CD67', 1))).to.deep.equal(['build_twice']);
      expect(await problems(post(id))).to.deep.equal(['build_count']);
      await change(id, 4, { numbers: 'SCREEN77A', weightFen: 100_000 });
      expect(await problems(post(id))).to.deep.equal(['build_batch', 'build_weight']);
      await change(id, 3, { quantity: 2, batch: 'b9', weightFen: 0 });
      const [, , , , boxLine] = await linesOf(id);
      await removeBuildLine(uow, actor, { ...(await seen(id)), lineId: boxLine?.id ?? 0 });
      await post(id);
      // 3900.01 by 149.00 (its list price), nothing, and 1000.00.
      expect(await stockOf(shop.chargerSkuId, 'defective')).to.deep.equal([1, 50_575]);
      expect(await stockOf(film, 'defective')).to.deep.equal([2, 0]);
      expect(await stockOf(shop.phoneSkuIds[1], 'defective')).to.deep.equal([1, 339_426]);
      expect(await database.read.get(device, shop.devices[1]?.id ?? 0)).to.include({ state: 'issued', bucket: null });
      expect(
        (await database.read.find(stockBuildDevice, { buildId: id })).every(({ deviceId }) => deviceId !== null),
      ).to.equal(true);
      await sound();
      await reverseBuild(uow, actor, await seen(id));
      expect(await database.read.get(device, shop.devices[1]?.id ?? 0)).to.include({
        state: 'in_stock',
        costFen: 390_001,
      });
      await sound();
    });

    it('is not reversed once what came in is gone, and a draft may be cancelled', async () => {
      const { id } = await create({ pieces: 1 });
      await post(id);
      const apart = await create({ kind: 'take_apart', pieces: 1 });
      await change(apart.id, 3, { batch: 'B1' });
      await post(apart.id);
      expect(await stockOf(box)).to.deep.equal([0, 0]);
      expect((await refusal(reverseBuild(uow, actor, await seen(id)))).code).to.equal('ledger:error.reversal_stock');
      const draft = await create({ pieces: 1 });
      await cancelBuild(uow, actor, await seen(draft.id));
      expect((await refusal(post(draft.id))).code).to.equal('inventory:error.build_state');
      await sound();
    });

    it('by two people at once takes a component once', async () => {
      const numbers = imeiOf(0);
      const begin = async () => {
        const { id } = await create({ code: 'GIFT', pieces: 1, numbers });
        await change(id, 2, { numbers });
        return id;
      };
      const [one, two] = [await begin(), await begin()];
      const results = await Promise.allSettled([post(one), post(two)]);
      expect(results.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      await sound();
    });
  });
});
