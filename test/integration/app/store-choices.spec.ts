import { expect } from 'chai';
import { keepStoreChoices } from '../../../src/app/store-choices';
import { addStore, createStore } from '../../../src/modules/organization';
import { sql } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import { forEachDatabase } from '../../support/databases';

const actor = systemActor('test');

describe('stores of the top bar', () => {
  forEachDatabase((context) => {
    it('are kept; a change by this server shows at once, one by another process soon', async () => {
      let now = 1_000_000;
      const { uow, database } = await context.openUow();
      await uow.run(actor, (unit) => addStore(unit, { code: 'NJ01', name: '新街口店', kind: 'store' }));
      const choices = keepStoreChoices(database, () => now);
      const names = async () => (await choices()).map(({ name }) => name);
      expect(await names()).to.eql(['新街口店']);

      await createStore(uow, actor, { code: 'NJ02', name: '夫子庙店', kind: 'store' });
      expect(await names()).to.eql(['新街口店', '夫子庙店']);
      await uow.run(actor, (unit) => unit.execute(sql`UPDATE store SET name = ${'新店'} WHERE code = ${'NJ01'}`));
      expect(await names()).to.eql(['新店', '夫子庙店']);

      // As another process would: nothing is noted here.
      await database.dataSource.query("UPDATE store SET name = 'elsewhere' WHERE code = 'NJ02'");
      expect(await names()).to.eql(['新店', '夫子庙店']);
      now += 3000;
      expect(await names()).to.eql(['新店', 'elsewhere']);
    });
  });
});
