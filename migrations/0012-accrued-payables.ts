import { change, migration } from '../src/platform/database/portable';

/** Goods received without an invoice are owed to somebody: their account agrees with open items, party by party. */
export default migration('0012-accrued-payables', [
  change('2202.02 agrees with the accrued open items', async (runner) => {
    await runner.query(`UPDATE account SET book = 'accrued' WHERE code = '2202.02'`);
  }),
]);
