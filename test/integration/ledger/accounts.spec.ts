import { expect } from 'chai';
import {
  account,
  accountsOfRoles,
  closedPeriods,
  closePeriod,
  journalLine,
  listAccounts,
  mapRole,
  openPeriod,
  post,
  reverse,
  verifyLedger,
} from '../../../src/ledger';
import { systemActor } from '../../../src/platform/permissions';
import { forEachDatabase } from '../../support/databases';
import { document, imei, payment, receipt } from '../../support/ledger-documents';

const actor = systemActor('test');
const codeOf = async (work: Promise<unknown>): Promise<unknown> =>
  ((await work.catch((error: unknown) => error)) as { code?: string }).code;

describe('accounts and periods', () => {
  forEachDatabase((context) => {
    it('a role can be given another account of its book, from then on; a reversal stays on the old one', async () => {
      const { uow, database } = await context.openUow();
      const { read } = database;
      const chart = await listAccounts(read);
      expect(chart[0]).to.include({ code: '1001', kind: 'asset' });
      expect((await accountsOfRoles(read)).get('inventory')?.code).to.equal('1405');
      const before = receipt([{ number: imei(1), costFen: 100 }]);
      await uow.run(actor, (unit) => post(unit, before));

      await uow.run(actor, (unit) =>
        unit.insert(account, [
          {
            id: unit.takeIds(account),
            code: '1405.02',
            name: '库存商品—二手',
            nameEn: 'Used goods',
            kind: 'asset',
            book: 'inventory',
            active: true,
            version: 1,
          },
        ]),
      );
      await uow.run(actor, (unit) => mapRole(unit, 'inventory', '1405.02'));
      expect((await accountsOfRoles(read)).get('inventory')?.code).to.equal('1405.02');
      await uow.run(actor, (unit) => post(unit, receipt([{ number: imei(2), costFen: 50 }])));
      await uow.run(actor, (unit) => reverse(unit, before.document, { ...before.document, number: 'R1' }));

      const accounts = new Map((await listAccounts(read)).map((row) => [row.id, row.code]));
      const debits = (await read.find(journalLine, {})).filter((line) => line.debitFen !== 0);
      expect(debits.map((line) => [accounts.get(line.accountId), line.debitFen])).to.deep.equal([
        ['1405', 100],
        ['1405.02', 50],
        ['1405', -100],
      ]);
      expect((await verifyLedger(read)).ok).to.equal(true);
    });

    it('a role is not given an account of another book, nor one that does not exist', async () => {
      const { uow } = await context.openUow();
      expect(await codeOf(uow.run(actor, (unit) => mapRole(unit, 'inventory', '1001')))).to.equal(
        'ledger:error.account_book',
      );
      expect(await codeOf(uow.run(actor, (unit) => mapRole(unit, 'cash', '1405')))).to.equal(
        'ledger:error.account_book',
      );
      expect(await codeOf(uow.run(actor, (unit) => mapRole(unit, 'cash', '9999')))).to.equal('errors:not_found');
    });

    it('months are closed and opened once each', async () => {
      const { uow, database } = await context.openUow();
      await uow.run(actor, (unit) => closePeriod(unit, '2026-10'));
      expect((await closedPeriods(database.read)).map((one) => one.month)).to.deep.equal(['2026-10']);
      expect(await codeOf(uow.run(actor, (unit) => closePeriod(unit, '2026-10')))).to.equal(
        'ledger:error.period_closed',
      );
      await uow.run(actor, (unit) => openPeriod(unit, '2026-10'));
      expect(await codeOf(uow.run(actor, (unit) => openPeriod(unit, '2026-10')))).to.equal('ledger:error.period_open');
      expect(await codeOf(uow.run(actor, (unit) => closePeriod(unit, '2026-13')))).to.equal('errors:date.format');
    });

    it('a reversal is neither dated before its original nor put into a closed month', async () => {
      const { uow } = await context.openUow();
      const received = receipt([{ number: imei(1), costFen: 100 }]);
      await uow.run(actor, (unit) => post(unit, received));
      const target = { ...received.document, number: 'R1' };
      const early = uow.run(actor, (unit) =>
        reverse(unit, received.document, { ...target, businessDate: '2026-11-21' }),
      );
      expect(await codeOf(early)).to.equal('ledger:error.reversal_date');
      await uow.run(actor, (unit) => closePeriod(unit, '2026-11'));
      expect(await codeOf(uow.run(actor, (unit) => reverse(unit, received.document, target)))).to.equal(
        'ledger:error.period_closed',
      );
      await uow.run(actor, (unit) => reverse(unit, received.document, { ...target, businessDate: '2026-12-01' }));
      const unknown = document('sales.sale');
      expect(await codeOf(uow.run(actor, (unit) => reverse(unit, unknown, { ...unknown, number: 'R2' })))).to.equal(
        'ledger:error.not_posted',
      );
    });

    it('a posting to an open item that does not exist is a defect', async () => {
      const { uow } = await context.openUow();
      const error = await uow.run(actor, (unit) => post(unit, payment(99, 5))).catch((caught: unknown) => caught);
      expect(String(error)).to.include('open item 99');
    });
  });
});
