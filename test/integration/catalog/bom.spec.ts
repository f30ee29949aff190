import { expect } from 'chai';
import { componentsOf } from '../../../src/modules/catalog';
import { bomView } from '../../../src/modules/catalog/queries/bom';
import { saveBom } from '../../../src/modules/catalog/use-cases/save-bom';
import { systemActor } from '../../../src/platform/permissions';
import { actorWith } from '../../support/actors';
import { forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';
import { sampleCatalog } from '../../support/sample-catalog';

const system = systemActor('test');

describe('bills of materials', () => {
  forEachDatabase((context) => {
    it('are saved, changed and emptied; what cannot be is refused line by line', async () => {
      const { database, uow } = await context.openUow();
      const { phoneSkuIds, chargerSkuId, insuranceSkuId } = await sampleCatalog(uow);
      const [white, black] = phoneSkuIds;
      const save = (skuId: number, components: string, version = 0) =>
        saveBom(uow, system, { skuId, version, components });
      expect(await save(black, 'MI17-01\n6934177700019 2')).to.deep.equal({ components: 2 });
      expect((await componentsOf(database.read, [white, black])).get(black)).to.deep.equal([
        { skuId: white, quantity: 1 },
        { skuId: chargerSkuId, quantity: 2 },
      ]);
      expect((await bomView(database.read, white)).usedIn.map(({ card }) => card.code)).to.deep.equal(['MI17-02']);
      const problems = async (skuId: number, text: string) =>
        (await refusal(save(skuId, text))).fields.map(({ code }) => code.split('.')[1]);
      expect(await problems(white, 'NONE\nCD67 0\nMI17-01\nSPX\nCD67\nCD67')).to.deep.equal([
        'bom_unknown',
        'bom_quantity',
        'bom_itself',
        'bom_component_service',
        'bom_twice',
      ]);
      expect(await problems(insuranceSkuId, 'CD67')).to.deep.equal(['bom_service']);
      await save(chargerSkuId, 'MI17-01');
      const cycle = await refusal(save(white, 'MI17-02'));
      expect(cycle.fields[0]?.details?.['way']).to.equal(
        '小米 17 12+256G 白 → 小米 17 12+512G 黑 → 小米 17 12+256G 白',
      );
      expect((await refusal(save(black, 'CD67'))).status, 'somebody else saved').to.equal(409);
      await save(black, '', 1);
      expect((await componentsOf(database.read, [black])).size).to.equal(0);
      const clerk = actorWith({ 'catalog.product.view': 'all' });
      expect(
        (await refusal((async () => saveBom(uow, clerk, { skuId: white, version: 0, components: '' }))())).code,
      ).to.equal('errors:forbidden');
    });

    it('cannot be closed to a circle by two people at once', async () => {
      const { database, uow } = await context.openUow();
      const { phoneSkuIds } = await sampleCatalog(uow);
      const [white, black] = phoneSkuIds;
      const both = await Promise.allSettled([
        saveBom(uow, system, { skuId: white, version: 0, components: 'MI17-02' }),
        saveBom(uow, system, { skuId: black, version: 0, components: 'MI17-01' }),
      ]);
      expect(both.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      expect((await componentsOf(database.read, [white, black])).size).to.equal(1);
    });
  });
});
