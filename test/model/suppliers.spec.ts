import { expect } from 'chai';
import { addDays, businessDate, fromInstant, isDomainError } from '../../src/kernel';
import { verifyLedger } from '../../src/ledger';
import { supplierStatement } from '../../src/modules/finance/queries/statement';
import { transferChecks } from '../../src/modules/inventory/queries/transfer-checks';
import { uninvoicedBySupplier, uninvoicedTotals } from '../../src/modules/purchasing/queries/uninvoiced';
import { inventoryAccounts, stockSums } from '../../src/modules/reporting/queries/stock-sums';
import { type Database, sql } from '../../src/platform/database';
import { systemActor } from '../../src/platform/permissions';
import { forEachDatabase } from '../support/databases';
import { random } from '../support/random';
import { supplierDays } from '../support/supplier-days';

// Longer by environment: ERP_TEST_SUPPLIER_STEPS=600 ERP_TEST_SEED=17 npm test -- model/suppliers
const STEPS = Number(process.env['ERP_TEST_SUPPLIER_STEPS'] ?? 0);
const SEED = Number(process.env['ERP_TEST_SEED'] ?? Math.floor(Math.random() * 1_000_000));
const FIRST = businessDate('2026-10-20');
const reader = systemActor('test');
const stock = { scope: 'all' as const, storeId: null, text: '', brandId: null, categoryIds: null };

/** Pages that show the same money say the same: statement, its ages, what waits for an invoice, and the open items. */
async function expectPagesAgree(database: Database, supplierId: number, to: string, at: string): Promise<void> {
  const { read } = database;
  const today = businessDate(to);
  const items = await read.all<{ direction: string; openFen: number | string }>(
    sql`SELECT direction, SUM(amount_fen - settled_fen) AS open_fen FROM open_item
      WHERE party_type = 'supplier' AND party_id = ${supplierId} GROUP BY direction`,
  );
  const open = (direction: string): number => Number(items.find((row) => row.direction === direction)?.openFen ?? 0);
  const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, one) => total + one, 0);
  const period = { supplierId, from: FIRST, to: today, storeId: null };
  const statement = await supplierStatement(read, reader, period, 5_000);
  expect(statement.closing, at).to.eql({
    payableFen: open('payable'),
    accruedFen: open('accrued'),
    receivableFen: open('receivable'),
  });
  expect(statement.rows.at(-1)?.balanceFen ?? 0, at).to.equal(statement.closingFen);
  expect(sum(Object.values(statement.ageing)), at).to.equal(open('payable'));
  const waiting = await uninvoicedTotals(read, reader, { filters: {} }, null, today);
  expect(sum([...waiting.values()].map(({ fen }) => fen)), at).to.equal(open('accrued'));
  const suppliers = await uninvoicedBySupplier(read, reader, null, today);
  expect(sum(suppliers.flatMap(({ byAge }) => Object.values(byAge))), at).to.equal(open('accrued'));
}

describe('weeks with a supplier, in any order', function () {
  this.timeout(120_000);
  forEachDatabase((context) => {
    it('leave books that hold and pages that agree, whatever was done and undone', async () => {
      const steps = STEPS || (context.kind === 'sqlite' ? 120 : 40);
      let now = Date.parse(`${FIRST}T04:00:00Z`);
      const today = (): string => fromInstant(now, 'Asia/Shanghai');
      const { database, uow } = await context.openUow({ clock: () => now });
      const r = random(SEED);
      const { supplierId, deeds } = await supplierDays(uow, r, today);
      const names = Object.keys(deeds);
      let done = 0;
      for (let step = 0; step < steps; step++) {
        now += r.between(1, 400) * 60_000;
        const name = step % 5 === 0 ? 'receive' : (r.pick(names) ?? 'receive');
        const at = `seed ${SEED}, step ${step}: ${name}`;
        try {
          if ((await deeds[name]?.()) === undefined) continue;
        } catch (error) {
          if (isDomainError(error)) continue;
          throw new Error(at, { cause: error });
        }
        done += 1;
        const { checks } = await verifyLedger(database.read, [transferChecks]);
        expect(
          checks.filter(({ ok }) => !ok),
          at,
        ).to.eql([]);
        await expectPagesAgree(database, supplierId, today(), at);
      }
      expect(done, `seed ${SEED}`).to.be.greaterThan(steps / 4);
      for (let day = FIRST; day <= today(); day = addDays(day, 3)) {
        const accounts = await inventoryAccounts(database.read, { ...stock, on: day });
        for (const { storeId, valueFen } of await stockSums(database.read, { ...stock, on: day }, { by: ['store'] }))
          expect(valueFen, `seed ${SEED}, ${day}`).to.equal(accounts.get(storeId ?? 0) ?? 0);
      }
    });
  });
});
