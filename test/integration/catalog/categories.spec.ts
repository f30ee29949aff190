import { expect } from 'chai';
import { addBrand, addCategory, addProducts, addSkus, searchSkus } from '../../../src/modules/catalog';
import { listCategories } from '../../../src/modules/catalog/queries/categories';
import { productList, productListSpec } from '../../../src/modules/catalog/queries/product-list';
import { updateCategory } from '../../../src/modules/catalog/use-cases/save-category';
import type { Database } from '../../../src/platform/database';
import { readListQuery } from '../../../src/platform/lists';
import { systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';

const system = systemActor('test');

describe('categories and awkward searches', function () {
  this.timeout(120_000);
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    beforeEach(async () => {
      ({ database, uow } = await context.openUow());
    });
    const add = (name: string, parentId: number | null = null) =>
      uow.run(system, (unit) => addCategory(unit, { name, parentId, taxRateBp: 1300, tracking: 'plain' }));
    const move = async (id: number, parentId: number | null | undefined) => {
      const row = (await listCategories(database.read)).find((one) => one.id === id);
      const { name = '', taxRateBp = 0, tracking = 'plain', version = 0 } = row ?? {};
      const command = { id, name, taxRateBp, tracking, version, active: true };
      return updateCategory(uow, system, parentId === undefined ? command : { ...command, parentId });
    };
    const paths = async () => (await listCategories(database.read)).map(({ path, depth }) => [path, depth]);

    it('move with all that is below them, and never below themselves', async () => {
      const [parts, phones] = [await add('配件'), await add('手机')];
      const films = await add('贴膜', parts);
      const glass = await add('钢化膜', films);
      expect((await refusal(move(parts, glass))).fields[0]?.code).to.equal('catalog:error.category_cycle');
      expect((await refusal(move(parts, parts))).fields[0]?.code).to.equal('catalog:error.category_cycle');
      // 手机 / 配件 / 贴膜 / 钢化膜 would be four levels.
      expect((await refusal(move(parts, phones))).fields[0]?.code).to.equal('catalog:error.category_depth');
      await move(films, null);
      expect(await paths()).to.have.deep.members([
        ['配件', 1],
        ['手机', 1],
        ['贴膜', 1],
        ['贴膜 / 钢化膜', 2],
      ]);
      await move(films, phones);
      await move(films, undefined);
      expect(await paths()).to.have.deep.members([
        ['配件', 1],
        ['手机', 1],
        ['手机 / 贴膜', 2],
        ['手机 / 贴膜 / 钢化膜', 3],
      ]);
      await add('贴膜', parts);
      expect((await refusal(move(films, parts))).fields[0]?.code).to.equal('catalog:error.category_taken');
    });

    it('do not become a circle when two are moved below each other at once', async () => {
      const [a, b] = [await add('甲'), await add('乙')];
      const outcomes = await Promise.allSettled([move(a, b), move(b, a)]);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      expect(await listCategories(database.read)).to.have.length(2);
    });

    it('are searched by what people really type', async () => {
      const categoryId = await add('配件');
      const [percent, plain] = await uow.run(system, async (unit) => {
        const brandId = await addBrand(unit, { name: "O'Neill" });
        const products = await addProducts(unit, [
          { brandId, categoryId, name: '100%纯棉_手机袋 “大”号📱' },
          { brandId, categoryId, name: '100纯棉手机袋' },
        ]);
        return addSkus(unit, [
          { productId: products[0] ?? 0, code: 'BAG_1', barcodes: ['6934177700026'] },
          { productId: products[1] ?? 0, code: 'BAG-2' },
        ]);
      });
      const found = async (text: string) => (await searchSkus(database.read, text, 20)).map(({ id }) => id);
      expect(await found('100%')).to.eql([percent]);
      expect(await found('棉_手')).to.eql([percent]);
      expect(await found('ｂａｇ＿１')).to.eql([percent]);
      expect(await found('６９３４１７７７０００２６')).to.eql([percent]);
      expect(await found('📱')).to.eql([percent]);
      expect(await found('cmsjd')).to.have.members([percent, plain]);
      expect(await found("o'neill")).to.have.members([percent, plain]);
      for (const nothing of ['%', '_', '%%%', "' OR 1=1 --", '\\', '😀', '   ', '"'])
        expect((await found(nothing)).length, nothing).to.be.lessThan(2);
      const listed = async (q: string) =>
        (await productList(database.read, system, readListQuery(productListSpec, { q }))).map(({ name }) => name);
      expect(await listed('100%')).to.eql(['100%纯棉_手机袋 “大”号📱']);
      expect(await listed('BAG-2')).to.eql(['100纯棉手机袋']);
      expect(await listed("x' OR '1'='1")).to.eql([]);
    });
  });
});
