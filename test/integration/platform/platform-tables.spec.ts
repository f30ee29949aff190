import { expect } from 'chai';
import { platformTables } from '../../../src/platform/tables';
import { forEachDatabase } from '../../support/databases';

describe('platform tables', () => {
  forEachDatabase((context) => {
    it('are defined as the migrations make them', async function () {
      this.timeout(120_000);
      const names = platformTables.map((table) => table.name);
      const database = await context.open({ tables: platformTables });
      const { upQueries } = await database.dataSource.driver.createSchemaBuilder().log();
      const ours = upQueries
        .map(({ query }) => query)
        .filter((query) => names.some((name) => query.toLowerCase().includes(name)));
      expect(ours).to.deep.equal([]);
    });
  });
});
