import { expect } from 'chai';
import { ACCOUNT_ROLES, accountRole, ledgerTables } from '../../../src/ledger';
import { forEachDatabase } from '../../support/databases';

describe('the ledger’s tables', () => {
  forEachDatabase((context) => {
    it('are migrated as they are defined', async () => {
      const database = await context.open({ tables: ledgerTables });
      const { upQueries } = await database.dataSource.driver.createSchemaBuilder().log();
      const names = new Set(ledgerTables.map((table) => table.name));
      const own = upQueries
        .map((query) => query.query)
        .filter((query) => [...names].some((name) => query.toLowerCase().includes(name)));
      expect(own).to.deep.equal([]);
    });

    it('give every role of the documents an account of its book', async () => {
      const database = await context.open();
      const roles = (await database.read.find(accountRole, {})).map((row) => row.role);
      expect(roles).to.have.members([...ACCOUNT_ROLES]);
    });
  });
});
