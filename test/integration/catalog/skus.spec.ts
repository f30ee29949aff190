import { expect } from 'chai';
import {
  addSkus,
  createBrand,
  createProduct,
  createSku,
  searchSkus,
  skusByCodes,
  skusByIds,
} from '../../../src/modules/catalog';
import { updateBrand } from '../../../src/modules/catalog/use-cases/save-brand';
import { systemActor } from '../../../src/platform/permissions';
import { actorWith } from '../../support/actors';
import { forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';
import { sampleCatalog } from '../../support/sample-catalog';

const system = systemActor('test');

describe('SKUs', () => {
  forEachDatabase((context) => {
    it('are found by id, code and barcode, however they are typed', async () => {
      const { database, uow } = await context.openUow();
      const sample = await sampleCatalog(uow);
      const cards = await skusByIds(database.read, [sample.phoneSkuIds[0], sample.chargerSkuId, 999_999]);
      expect([...cards.keys()]).to.have.members([sample.phoneSkuIds[0], sample.chargerSkuId]);
      expect(cards.get(sample.phoneSkuIds[0])).to.include({
        code: 'MI17-01',
        name: '小米 17 12+256G 白',
        tracking: 'serial',
        taxRateBp: 1300,
        active: true,
        brandName: '小米',
        warrantyMonths: 12,
      });
      const found = await skusByCodes(database.read, [' mi17-01 ', '６９３４１７７７０００１９', 'nothing']);
      expect([...found].map(([text, card]) => [text, card.id])).to.deep.equal([
        [' mi17-01 ', sample.phoneSkuIds[0]],
        ['６９３４１７７７０００１９', sample.chargerSkuId],
      ]);
    });

    it('are found by name, pinyin initials, model number, code and barcode', async () => {
      const { database, uow } = await context.openUow();
      const sample = await sampleCatalog(uow);
      const ids = async (text: string): Promise<number[]> =>
        (await searchSkus(database.read, text, 10)).map((card) => card.id);
      expect(await ids('小米 512')).to.deep.equal([sample.phoneSkuIds[1]]);
      expect(await ids('xm17')).to.have.members([...sample.phoneSkuIds]);
      expect(await ids('25113pn')).to.have.members([...sample.phoneSkuIds]);
      expect(await ids('CDQ')).to.deep.equal([sample.chargerSkuId]);
      expect(await ids('6934177700019')).to.deep.equal([sample.chargerSkuId]);
      expect(await ids('100%')).to.deep.equal([]);
      expect(await ids('_')).to.deep.equal([]);
      expect(await ids('   ')).to.deep.equal([]);
    });

    it('get codes of their own, and every combination of attributes only once', async () => {
      const { database, uow } = await context.openUow();
      const sample = await sampleCatalog(uow);
      const { id } = await createSku(uow, system, { productId: sample.phoneProductId, memory: '16+1T', colour: '白' });
      expect((await skusByIds(database.read, [id])).get(id)?.code).to.equal(`SP${String(id).padStart(6, '0')}`);
      const twice = await refusal(
        createSku(uow, system, { productId: sample.phoneProductId, memory: '16 + 1t', colour: '白' }),
      );
      expect(twice.fields[0]).to.include({ path: 'variant', code: 'catalog:error.variant_taken' });
      const code = await refusal(
        createSku(uow, system, { productId: sample.phoneProductId, code: 'cd67', colour: '红' }),
      );
      expect(code.fields[0]).to.include({ path: 'code', code: 'catalog:error.sku_code_taken' });
      const barcode = await refusal(
        createSku(uow, system, { productId: sample.phoneProductId, colour: '红', barcodes: ['6934177700019'] }),
      );
      expect(barcode.fields[0]).to.deep.include({
        path: 'barcodes',
        code: 'catalog:error.barcode_of',
        details: { value: '6934177700019', name: '67W 充电器' },
      });
    });

    it('of one call must differ from each other too, and nothing is written when one is wrong', async () => {
      const { database, uow } = await context.openUow();
      const { phoneProductId: productId } = await sampleCatalog(uow);
      const wrong = await refusal(
        uow.run(system, (unit) =>
          addSkus(unit, [
            { productId, colour: '红' },
            { productId, colour: '红 ' },
          ]),
        ),
      );
      expect(wrong.fields[0]?.path).to.equal('skus.1.variant');
      expect(await searchSkus(database.read, '红')).to.deep.equal([]);
    });

    it('come with their product, in one step that is done once', async () => {
      const { database, uow } = await context.openUow();
      const sample = await sampleCatalog(uow);
      const command = {
        brandId: sample.brandId,
        categoryId: sample.phoneCategoryId,
        name: 'REDMI K90',
        skus: [{ memory: '12+256G' }, { memory: '16+512G' }],
      };
      const first = await createProduct(uow, system, command, { operationKey: 'create-k90' });
      const again = await createProduct(uow, system, command, { operationKey: 'create-k90' });
      expect(again).to.deep.equal(first);
      expect(first.skuIds).to.have.length(2);
      expect((await refusal(createProduct(uow, system, { ...command, name: 'redmi  K90' }))).fields[0]).to.include({
        path: 'name',
        code: 'catalog:error.product_taken',
      });
      const words = await database.read.all<{ action: string }>({
        pieces: ["SELECT action FROM audit_log WHERE action = 'catalog.product.create'"],
      });
      expect(words).to.have.length(1);
    });

    it('follow the new name of their brand', async () => {
      const { database, uow } = await context.openUow();
      const sample = await sampleCatalog(uow);
      expect(await searchSkus(database.read, 'weilai')).to.deep.equal([]);
      await updateBrand(uow, system, { id: sample.brandId, version: 1, name: '未来', active: true });
      expect((await searchSkus(database.read, 'weilai')).length).to.equal(4);
      const stale = await refusal(
        updateBrand(uow, system, { id: sample.brandId, version: 1, name: '过去', active: true }),
      );
      expect(stale.status).to.equal(409);
    });

    it('are for who has the right', async () => {
      const { uow } = await context.openUow();
      const cashier = actorWith({ 'catalog.product.view': 'all' });
      expect((await refusal(() => createBrand(uow, cashier, { name: '苹果' }))).status).to.equal(403);
      expect(
        (await refusal(() => createProduct(uow, cashier, { brandId: 1, categoryId: 1, name: 'x' }))).status,
      ).to.equal(403);
    });
  });
});
